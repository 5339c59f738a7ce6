"""Sending: the moment from which the bank may act on a sealed batch. Afterwards only answers change anything."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.timeline import record
from payments import access
from payments.access import BatchVerb
from payments.locking import batch_locked
from payments.models import Batch, BatchState


def send_batch(*, batch_id: int, by: Actor, format_code: str) -> Batch:
    """Note that the file of a format was handed to the bank or the treasury (国库集中支付, 预算法 Art. 61).

    Refuses `format_unknown`, and `batch_moved_on` telling who was first: a batch is sent once.
    """
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.SEND)
        if not format_code.strip():
            raise Refusal("format_unknown", _("请选择已交付的付款文件格式。"))
        batch.state, batch.sent_by, batch.sent_at = BatchState.SENT, by.user, clock.now()
        batch.sent_format = format_code.strip()
        batch.save(update_fields=["state", "sent_by", "sent_at", "sent_format"])
        record(batch.chain, "send_batch", by=by, data={"format": batch.sent_format, "sha256": batch.sha256})
    return batch
