"""Sending: the moment from which the bank may act on a sealed batch. Afterwards only answers change anything."""

from django.db import transaction

from accounts.acting import Actor
from core import clock
from core.timeline import record
from payments import access
from payments.access import BatchVerb
from payments.files import made_file
from payments.fitting import fitting
from payments.instruction import sealed_instruction
from payments.locking import batch_locked
from payments.models import Batch, BatchState


def send_batch(*, batch_id: int, by: Actor, format_code: str) -> Batch:
    """Note that the file of a format was handed to the bank or the treasury (国库集中支付, 预算法 Art. 61).

    The file must be made, and the seal must hold. Refuses `format_unknown`, `format_rows`, `file_not_made`,
    `file_damaged`, `seal_broken`, and `batch_moved_on` telling who was first: a batch is sent once.
    """
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.SEND)
        form = fitting(batch, format_code)
        file = made_file(batch, form.code)
        sealed_instruction(batch)
        batch.state, batch.sent_by, batch.sent_at = BatchState.SENT, by.user, clock.now()
        batch.sent_format = form.code
        batch.save(update_fields=["state", "sent_by", "sent_at", "sent_format"])
        record(
            batch.chain, "send_batch", by=by, data={"format": form.code, "file": file.sha256, "sha256": batch.sha256}
        )
    return batch
