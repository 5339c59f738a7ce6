"""`manage.py run_due`: do all scheduled work that is due and not done; safe to run twice at once, or late.

Prints counts as JSON, and under `scheduled` the state of each scheduled job that was due. A part that breaks stops no
other; it is named under `failed`, and the exit code is 1.
"""

import json
import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand

from core.jobs import run_scheduled
from core.jobs.errors import in_words
from workflows.deadlines import PARTS

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Deem accepted what nobody answered, end publicity, issue missing papers, sign the day, run the schedule."

    def handle(self, *args: Any, **options: Any) -> None:
        counts: dict[str, Any] = {}
        failed: list[str] = []
        for name, part in PARTS.items():
            try:
                counts[name] = part()
            except Exception as error:
                log.error("run_due: %s: %s %s", name, *in_words(error))
                failed.append(name)
        counts["scheduled"] = run_scheduled()
        self.stdout.write(json.dumps(counts | ({"failed": failed} if failed else {})))
        if failed:
            sys.exit(1)
