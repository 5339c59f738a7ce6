"""Cut the fonts of the official papers to what papers need; quick when they were cut before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.fonts import cut


class Command(BaseCommand):
    help = "Cut the fonts of the official papers (settings.PAPER_FONTS) into a private fontconfig directory."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = cut()
        except OSError as error:
            raise CommandError(f"The fonts cannot be written: {error}") from error
        if done.made and options["verbosity"]:
            self.stdout.write(f"{done.faces} faces are ready in {done.folder}.")
        for family in done.missing:
            self.stderr.write(f"Font family {family} is not on this machine.")
