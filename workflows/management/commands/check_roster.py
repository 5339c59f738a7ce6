"""`manage.py check_roster FILE --kind agency|individual|platform [--on YYYY-MM-DD] --json`: the page's pre-check.

Exit 0 when the file could be read, 2 with one sentence when not.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from core import clock
from core.errors import Refusal
from core.money import yuan
from workflows.roster_check import RosterCheck, check_roster


class Command(BaseCommand):
    help = "Check a roster: each row's outcome, rules, amount and errors. Saves nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=["agency", "individual", "platform"])
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="the filing day; today when left out")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, file: Path, kind: str, on: date | None, as_json: bool, **options: Any) -> None:
        try:
            found = check_roster(file.read_bytes(), file.name, kind=kind, on=on or clock.today())
        except Refusal as refusal:
            self._leave(refusal.message)
        except OSError as error:
            self._leave(f"无法打开文件：{error.strerror}。")
        except DatabaseError:
            self._leave("数据库尚未建立，请先运行 bin/demo 或 manage.py migrate。")
        else:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False) if as_json else self._text(found))

    def _leave(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)

    @staticmethod
    def _text(found: RosterCheck) -> str:
        lines = [
            f"{row['row']}\t{row['outcome']}\t{' '.join(row['rules'])}\t{yuan(row['amount_fen'])}\t"
            + "；".join(f"{error['cell']} {error['message']}" for error in row["errors"])
            for row in found.rows
        ]
        return "\n".join([*lines, f"合计 {yuan(found.total_fen)} 元"])
