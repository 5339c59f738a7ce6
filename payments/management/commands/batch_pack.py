"""`manage.py batch_pack BATCH OUT.zip [--by USERNAME] [--json]`: all papers of a sealed batch, with an index and hashes.

The zip is whole or not there. With `--by` the officer's post decides whether he may, as on the page; the batch's record
says who took it out. Exit 2 with one sentence when it could not be made.
"""

import json
import sys
import tempfile
from hashlib import file_digest
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import Refusal
from payments import access
from payments.access import BatchVerb
from payments.batch_pack import note, write_pack
from payments.models import Batch
from payments.shell import signer


class Command(BaseCommand):
    help = "Write all papers of a batch into one zip with an index and the SHA-256 of each file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", help="the batch's number, e.g. BF-2025-007")
        parser.add_argument("out", type=Path)
        parser.add_argument("--by", default="", help="login of the officer who takes it out; the system by default")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, batch: str, out: Path, **options: Any) -> None:
        try:
            answer = _packed(batch.strip(), out, options["by"])
        except Refusal as refusal:
            self._leave(refusal.code, refusal.message, options["as_json"])
        except OSError as error:
            self._leave("file_unwritable", _("无法写入文件：%(why)s。") % {"why": error.strerror}, options["as_json"])
        except DatabaseError:
            sentence = _("数据库尚未建立或正忙，请先运行 manage.py migrate，或稍后再试。")
            self._leave("database", sentence, options["as_json"])
        said = _("%(batch)s：共%(count)s份，SHA-256 %(sha256)s") % answer
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["as_json"] else said)

    def _leave(self, code: str, sentence: str, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"refusal": {"code": code, "message": sentence}}, ensure_ascii=False))
        self.stderr.write(sentence)
        sys.exit(2)


def _packed(number: str, out: Path, username: str) -> dict[str, Any]:
    found = Batch.objects.select_related("file", "released_by", "sent_by", "made_by", "checked_by").filter(
        number=number
    )
    batch = found.first()
    if batch is None:
        raise Refusal("batch_unknown", _("没有批次号为%(number)s的批次，请核对。") % {"number": number})
    by = signer(username, access.ROLES[BatchVerb.DOWNLOAD])
    if isinstance(by, Actor):
        access.require(by, batch, BatchVerb.DOWNLOAD)
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as part:
        try:
            count = write_pack(batch, part)
            part.flush()
            part.seek(0)
            digest = file_digest(part, "sha256").hexdigest()
            note(batch.pk, by, digest, count)
            Path(part.name).rename(out)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return {"batch": batch.number, "count": count, "size": out.stat().st_size, "sha256": digest}
