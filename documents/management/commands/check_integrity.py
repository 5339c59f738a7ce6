"""`manage.py check_integrity`: is everything that is kept still what was kept; exit 1 when something is not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import Refusal
from core.timeline import SYSTEM
from documents.integrity import check, remove_orphans


class Command(BaseCommand):
    help = "Re-hash every stored file, look for gaps in numbers, lost papers, orphans and breaks in the record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help='{"checked": n, "problems": [{"kind", "reference"}]}')
        parser.add_argument("--remove-orphans", action="store_true", help="delete the orphans that were found")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run, found = check()
            removed = remove_orphans(by=SYSTEM) if options["remove_orphans"] else 0
        except Refusal as refusal:  # the storage does not answer: not sound, as far as anybody knows
            self._tell(0, [{"kind": refusal.code, "reference": "storage"}], options["json"])
            sys.exit(1)
        problems = [{"kind": str(problem.kind), "reference": problem.reference} for problem in found]
        self._tell(run.checked, problems, options["json"])
        if removed and not options["json"]:
            self.stdout.write(f"Orphans removed: {removed}.")
        if problems:
            sys.exit(1)

    def _tell(self, checked: int, problems: list[dict[str, str]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"checked": checked, "problems": problems}, ensure_ascii=False))
            return
        self.stdout.write(f"Checked: {checked}. Problems: {len(problems)}.")
        for problem in problems:
            self.stdout.write(f"{problem['kind']}: {problem['reference']}")
