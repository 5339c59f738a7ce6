"""Which format a batch is made for, and what in it that format cannot carry: told before it is sealed, never replaced."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import Refusal
from core.timeline import record
from payments import access
from payments.access import BatchVerb
from payments.formats import Fault, Format, Head, Row, faults, format_named, load_formats, require_fit
from payments.instruction import head_of, rows_of
from payments.locking import batch_locked, live_items
from payments.models import Batch
from payments.transfers import plan


def formats_for(batch: Batch) -> list[Format]:
    """The formats a batch may be made for: of its channel, and after sealing of its grouping.

    Workbooks first: they carry every character, so the first is what a batch is made for unless told.
    """
    return [form for form in formats_of(batch.channel) if not batch.sha256 or form.rows == batch.rows]


def formats_of(channel: str) -> list[Format]:
    """The formats of 对公 or 对私, workbooks first."""
    found = [form for form in load_formats().values() if channel in form.channels]
    return sorted(found, key=lambda form: form.kind != "xlsx")


def fitting(batch: Batch, code: str) -> Format:
    """The format with this code, or the first one when none is named. Refuses `format_unknown`, `format_channel`, and
    `format_rows` once the transfers are made and the format groups them otherwise."""
    if not code:
        code = batch.format_code or next((form.code for form in formats_for(batch)), "")
    form = format_named(code)
    if batch.channel not in form.channels:
        raise Refusal(
            "format_channel",
            _("“%(format)s”不用于%(channel)s支付，请选择其他格式。")
            % {"format": form.label, "channel": batch.get_channel_display()},
        )
    if batch.sha256 and form.rows != batch.rows:
        raise Refusal(
            "format_rows",
            _("本批次按“%(rows)s”封存，“%(format)s”的分笔方式不同，请选择其他格式。")
            % {"rows": batch.get_rows_display(), "format": form.label},
        )
    return form


def choose_format(*, batch_id: int, by: Actor, format_code: str) -> Batch:
    """The maker has a drafted batch made for another format: how it is grouped changes with it."""
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.FORMAT)
        put_format(batch, format_code)
        batch.save(update_fields=["format_code", "rows"])
        record(batch.chain, "choose_format", by=by, data={"format": batch.format_code})
    return batch


def put_format(batch: Batch, code: str) -> None:
    """Set format and grouping on the batch; the caller saves it."""
    form = fitting(batch, code)
    batch.format_code, batch.rows = form.code, form.rows


def require_format(batch: Batch, head: Head, rows: Sequence[Row]) -> None:
    """Everything the batch's format asks of head and rows; refuses what `payments.formats.require_fit` does."""
    require_fit(fitting(batch, ""), head, rows)


def faults_of(batch: Batch) -> list[Fault]:
    """What the format cannot carry of a batch that is not sealed yet."""
    if not batch.format_code or batch.format_code not in load_formats():
        return []
    items = live_items(batch)
    rows = rows_of(plan(batch, items))
    return faults(format_named(batch.format_code), rows, head_of(batch, items, rows))
