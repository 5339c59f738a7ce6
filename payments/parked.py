"""Settling rows of bank answers that were set aside (挂起): by another finance officer, once, with his reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from payments import result_access
from payments.answering import answer_transfers
from payments.answers import ParkedFor, ResultRow, RowVerdict, Settlement
from payments.bank_results import answered, moment
from payments.locking import batch_locked, plain_words
from payments.models import WAITING, Transfer

BOOKABLE = frozenset({ParkedFor.TWICE})  # the only doubt was which of several rows is true


def settle_row(*, row_id: int, kind: str, reason: str, by: Actor) -> Settlement:
    """Settle a row that was set aside: `set_aside` (nothing of it is used) or `booked` (this row is the true one).

    Only a row of an item that stood several times in its file can be booked, with the sealed amount and while its
    transfer still waits: a differing amount needs a new answer from the bank, and what contradicts a booked result is
    never booked over it. Refuses `row_unknown`, `row_settled` (names who was first), `row_not_bookable`,
    `settlement_unknown`, `reason_missing`, and whoever may not.
    """
    if kind not in Settlement.Kind.values:
        raise Refusal("settlement_unknown", _("请选择不采用该行或按该行登记。"))
    words = plain_words(reason, code="reason_missing", needed=_("请写明处理原因，例如银行核实的结果。"))
    seen = ResultRow.objects.select_related("result_file").filter(pk=row_id, verdict=RowVerdict.PARKED).first()
    if seen is None:
        raise Refusal("row_unknown", _("找不到这条挂起的回单，请刷新页面。"))
    with transaction.atomic():
        batch = batch_locked(seen.result_file.batch_id)
        seen.result_file.batch = batch
        result_access.require_verdict(result_access.can_settle(by, seen.result_file))
        if earlier := Settlement.objects.filter(row=seen).first():
            raise WrongState(
                "row_settled",
                _("这条回单已由%(who)s于%(when)s处理（%(kind)s），未作改动。")
                % {"who": earlier.by_label, "when": moment(earlier.at), "kind": earlier.get_kind_display()},
            )
        settlement = Settlement.objects.create(
            row=seen, kind=kind, reason=words, by=by.user, by_label=by.label, at=clock.now()
        )
        data = {"result": seen.result_file_id, "row": seen.pk, "settlement": kind, "reason": words}
        record(batch.chain, "settle_result_row", by=by, data=data)
        if kind == Settlement.Kind.BOOKED:
            transfer = _bookable(seen)
            source = f"{seen.result_file.source}/row:{seen.pk}"
            answer_transfers(batch=batch, outcomes={transfer.pk: answered(seen)}, by=by, source=source)
    return settlement


def can_be_booked(row: ResultRow, outcome: str) -> bool:
    """Whether a row set aside can be taken as true, when its transfer (None: no transfer) stands at `outcome`."""
    return row.transfer_id is not None and row.parked_for in BOOKABLE and outcome in WAITING


def _bookable(row: ResultRow) -> Transfer:
    """The transfer of a row that may be booked; refuses `row_not_bookable`."""
    transfer = Transfer.objects.filter(pk=row.transfer_id).first()
    if transfer is None or not can_be_booked(row, transfer.outcome) or row.outcome == transfer.outcome:
        raise WrongState("row_not_bookable", _("这条回单不能按该行登记，请取得银行更正后的回单再导入。"))
    if row.amount_fen not in (None, transfer.amount_fen):
        raise WrongState("row_not_bookable", _("这条回单的金额与封存金额不一致，请取得银行更正后的回单再导入。"))
    return transfer
