"""`manage.py verify_trail`: walk every chain and report the first break; exit 1 when there is one."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core.models import Event
from core.timeline import breaks


class Command(BaseCommand):
    help = "Check that no event was altered, removed or cut off."

    def handle(self, *args: Any, **options: Any) -> None:
        first = next(breaks(), None)
        if first is None:
            self.stdout.write(f"Sound: {Event.objects.count()} events.")
            return
        chain, seq, what = first
        self.stderr.write(f"Broken at {chain} #{seq}: {what}.")
        sys.exit(1)
