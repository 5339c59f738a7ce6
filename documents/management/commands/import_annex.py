"""`manage.py import_annex FILE [--annex 1|2] [--village CODE] [--dry-run] --json`: the page's import, from the shell.

Exit 0 when the file could be read, 2 with one sentence when not.
"""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from core.errors import Refusal
from documents.annexes.report import Report
from documents.annexes.shell import import_file, village_by_code


class Command(BaseCommand):
    help = "Import an annex of the notice into the labour register, or only say what it would do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--annex", type=int, choices=[1, 2, 3], default=None)
        parser.add_argument("--village", default="", help="division code; from the file's title when left out")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, file: Path, annex: int | None, village: str, as_json: bool, **options: Any) -> None:
        try:
            home = village_by_code(village) if village else None
            report, _made = import_file(
                data=file.read_bytes(), name=file.name, annex=annex, village=home, dry=options["dry_run"]
            )
        except Refusal as refusal:
            self._leave(refusal.message)
        except OSError as error:
            self._leave(f"无法打开文件：{error.strerror}。")
        except DatabaseError:
            self._leave("数据库尚未建立，请先运行 bin/demo 或 manage.py migrate。")
        else:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _text(report))

    def _leave(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _text(report: Report) -> str:
    counts = report.counts
    head = "人数{people} 新增{new} 变更{changed} 未变{same} 名单中没有{vanished} 重复{duplicates} 错误{errors}".format(
        **counts
    )
    faults = [f"{fault.sheet} {fault.cell} {fault.message}" for fault in report.errors]
    repeats = [f"{repeat.sheet} {repeat.cell} {repeat.message}" for repeat in report.duplicates]
    return "\n".join([head, *faults, *repeats])
