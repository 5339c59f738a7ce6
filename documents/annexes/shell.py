"""An annex imported at once, in this process: for `manage.py import_annex`, the demo and measuring. The code of the pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.errors import Refusal
from core.jobs import Step
from documents.annexes.examining import examine, read_file
from documents.annexes.importing import UPLOADED, apply, keep_report, undo
from documents.annexes.report import Report
from documents.annexes.rows import AnnexImport, ImportState
from documents.files import enter, put


class Direct:
    """Steps without a job: each is a transaction."""

    def __init__(self) -> None:
        self.checkpoint: dict[str, Any] = {}

    @contextmanager
    def step(
        self, *, done: int | None = None, total: int | None = None, saying: str | None = None,
        checkpoint: Mapping[str, Any] | None = None,
    ) -> Iterator[Step]:  # fmt: skip
        with transaction.atomic():
            yield Step(done, total, saying, checkpoint)

    def tell(self, *, done: int | None = None, total: int | None = None, saying: str | None = None) -> None:
        """Nobody listens."""


def village_by_code(code: str) -> Area:
    """A village by its division code. Refuses `village_unknown`."""
    found = Area.objects.filter(kind=Area.Kind.VILLAGE, code=code).first()
    if found is None:
        raise Refusal("village_unknown", f"没有区划代码为{code}的村或社区，请核对。")
    return found


def import_file(
    *, data: bytes, name: str, annex: int | None = None, village: Area | None = None, dry: bool = False,
    by: Actor | None = None,
) -> tuple[Report, AnnexImport | None]:  # fmt: skip
    """Read, compare and (unless `dry`) take in a file. Refuses what the pages refuse; then nothing is kept."""
    on = clock.today()
    read, home = read_file(data, name, on=on, annex=annex, village=village)
    report = examine(read, home, on=on, by=by)
    if dry:
        return report, None
    laid, answer = put(data), put(report.as_bytes())
    user = by.user_id if by else None
    with transaction.atomic():
        file = enter(laid, name=name, content_type=UPLOADED, by_id=user)
        made = AnnexImport.objects.create(
            annex=read.annex, village=home, file=file, sha256=file.sha256, asked_by_id=user,
            asked_post=by.post_id if by else None, asked_at=clock.now(),
        )  # fmt: skip
        keep_report(made, report, home, answer, user)
        made.state = ImportState.APPLYING
        made.save(update_fields=["state"])
    apply(Direct(), made, read, home, on=on, by=by)
    return report, made


def undo_import(made: AnnexImport, by: Actor | None = None) -> int:
    """Take an import back at once; how many people stay."""
    AnnexImport.objects.filter(pk=made.pk).update(state=ImportState.UNDOING)
    made.state = ImportState.UNDOING
    return undo(Direct(), made, by=by)
