"""`manage.py redraw_sample [--claim NUMBER]`: draw every sample again from its recorded seed; one JSON line each.

Ends with 1 when a sample does not come out as it was worked on.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.claims import Claim
from workflows.reverifying import redrawn


class Command(BaseCommand):
    help = "Draw the samples of second looks again from their seeds, for auditors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--claim", default="", help="only the samples of the claim with this number")

    def handle(self, *args: Any, claim: str = "", **options: Any) -> None:
        found = Claim.objects.filter(number=claim).first() if claim else None
        if claim and found is None:
            raise CommandError(f"no claim {claim}")
        told = redrawn(found)
        for sample in told:
            self.stdout.write(json.dumps(sample, ensure_ascii=False))
        if not all(sample["same"] for sample in told):
            sys.exit(1)
