"""Payment files: a sealed batch in a format, made in the background from the sealed bytes, once, and served unchanged."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.jobs import Job, Run, enqueue
from core.timeline import record
from documents.files import enter, put
from documents.models import StoredFile
from payments import access
from payments.access import BatchVerb
from payments.fitting import fitting
from payments.formats import faults, write_files
from payments.instruction import sealed_instruction
from payments.locking import RELATED, batch_locked
from payments.models import Batch, PaymentFile

TASK = "payments.files"
AT_ONCE = 500  # rows between two words of progress
SEALED = "sealed"  # in place of a format: the sealed instruction itself


def ask_file(*, batch_id: int, by: Actor, format_code: str) -> Job | None:
    """Have the file of a format made; None when it is there already. The same asked twice is one job."""
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.FILE)
        form = fitting(batch, format_code)
        if PaymentFile.objects.filter(batch=batch, format_code=form.code).exists():
            return None
        return enqueue_file(batch, form.code, by)


def enqueue_file(batch: Batch, format_code: str, by: Actor) -> Job:
    """The job, in the caller's transaction."""
    arguments = {"batch": batch.pk, "format": format_code}
    return enqueue(TASK, arguments=arguments, by=by, key=f"{batch.pk}:{format_code}")


def make_files(run: Run) -> dict[str, Any]:
    """The task: verify the seal, look through the rows, write, and enter file and row in one step; killed, it begins
    anew and makes the same bytes. Nothing is made twice."""
    batch = Batch.objects.select_related(*RELATED, "file").get(pk=run.arguments["batch"])
    code = run.arguments["format"]
    head, rows = sealed_instruction(batch)
    form = fitting(batch, code)
    for start in range(0, len(rows), AT_ONCE):
        run.tell(done=start, total=len(rows), saying=str(form.label))
        if faults(form, rows[start : start + AT_ONCE]):
            break  # writing refuses, and names them all
    laid = [(file, put(file.data)) for file in write_files(form, head, rows)]
    with run.step(done=len(rows), total=len(rows), saying=str(form.label)):
        Batch.objects.select_for_update().only("pk").get(pk=batch.pk)
        if not PaymentFile.objects.filter(batch=batch, format_code=code).exists():
            for part, (file, lying) in zip(PaymentFile.Part.values, laid, strict=False):
                PaymentFile.objects.create(
                    batch=batch,
                    format_code=code,
                    part=part,
                    file=enter(lying, name=file.name, content_type=file.content_type, by_id=run.asked_by_id),
                    sha256=file.sha256,
                    count=head.count,
                    total_fen=head.total_fen,
                    made_at=clock.now(),
                )
    return {"count": len(rows), "say": _("%(batch)s：共%(count)s笔") % {"batch": batch, "count": len(rows)}}


def download(*, batch_id: int, by: Actor, format_code: str, part: str = PaymentFile.Part.PAYMENT) -> StoredFile:
    """The file of a format as it was made, or the sealed instruction (`SEALED`); the download stands in the record.

    Refuses `file_not_made`, and `file_damaged` when it is not what was noted.
    """
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.DOWNLOAD)
        if format_code == SEALED and batch.file_id:
            file, digest = StoredFile.objects.get(pk=batch.file_id), batch.sha256
        else:
            made = made_file(batch, format_code, part)
            file, digest = made.file, made.sha256
        if file.sha256 != digest:
            raise Refusal("file_damaged", _("支付文件与封存时的校验值不符，请勿使用，并联系系统管理员核查。"))
        record(batch.chain, "download_batch", by=by, data={"format": format_code, "part": part, "sha256": digest})
    return file


def made_file(batch: Batch, format_code: str, part: str = PaymentFile.Part.PAYMENT) -> PaymentFile:
    """The row of a file that is made; refuses `file_not_made`."""
    found = PaymentFile.objects.filter(batch=batch, format_code=format_code, part=part).select_related("file").first()
    if found is None:
        raise WrongState("file_not_made", _("该格式的支付文件尚未生成，请先生成，完成后再办理。"))
    return found
