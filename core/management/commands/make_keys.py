"""Create the installation's key ring and other keys once: `manage.py make_keys`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.keys import MAKERS
from core.privacy import make_ring_file


class Command(BaseCommand):
    help = "Create the key ring for personal data and every other key of the installation, unless they are there."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_ring_file(Path(settings.KEYS_FILE))
        self.stdout.write(
            "Key ring made. Keep a copy in a safe: without it no personal data opens."
            if made
            else "A key ring is there already."
        )
        for make in MAKERS:
            self.stdout.write(make())
