"""`manage.py run_due`: do all scheduled work that is due and not done; safe to run twice at once."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from workflows.deadlines import run_due


class Command(BaseCommand):
    help = "Deem accepted what nobody answered, end publicity, issue missing papers, sign the day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(run_due()))
