"""`manage.py import_bank_result BATCH FILE [--format CODE] [--by USERNAME] --json`: the page's import, at once.

BATCH is a batch's number (BF-2025-007). Without `--by` the record says that the system did it; with it, the officer's
post decides whether he may, as on the page. Exit 0 when the file was taken in (also when it was imported before, which
changes nothing; `parked` counts the rows set aside), 2 with one sentence when nothing could be imported.
"""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from core.errors import Refusal
from payments.bank_results import import_result
from payments.models import Batch
from payments.result_access import IMPORTS
from payments.result_pages import json_of
from payments.shell import signer


class Command(BaseCommand):
    help = "Import a bank's answer file into a sent batch; the same file again changes nothing and says so."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", help="the batch's number, e.g. BF-2025-007")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="", help="code of the format; the one the batch was sent in by default")
        parser.add_argument("--by", default="", help="login of the finance officer who imports; the system by default")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, batch: str, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
            found = Batch.objects.filter(number=batch.strip()).first()
            if found is None:
                raise Refusal("batch_unknown", _("没有批次号为%(number)s的批次，请核对。") % {"number": batch})
            done = import_result(
                batch_id=found.pk,
                data=data,
                name=file.name,
                by=signer(options["by"], IMPORTS),
                format_code=options["format"],
            )
        except Refusal as refusal:
            self._leave(refusal.code, refusal.message, options["as_json"])
        except OSError as error:
            self._leave("file_unreadable", _("无法打开文件：%(why)s。") % {"why": error.strerror}, options["as_json"])
        except DatabaseError:
            sentence = _("数据库尚未建立或正忙，请先运行 manage.py migrate，或稍后再试。")
            self._leave("database", sentence, options["as_json"])
        answer = json_of(done)
        if options["as_json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            parked = [f"{row['place']}\t{row['reference']}\t{row['say']}" for row in answer["items"] if row["say"]]
            self.stdout.write("\n".join([done.sentence, *parked]))

    def _leave(self, code: str, sentence: str, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"refusal": {"code": code, "message": sentence}}, ensure_ascii=False))
        self.stderr.write(sentence)
        sys.exit(2)
