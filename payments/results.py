"""What became of a sent batch, marked by hand: a transfer was paid, or the bank gave it back (退票)."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.errors import NotAllowed, Refusal, WrongState
from payments import access
from payments.access import ABOUT_STATE, BatchVerb
from payments.answering import Answer, answer_transfers, told
from payments.locking import batch_locked, plain_words
from payments.models import Batch, Outcome, ReturnReason, Transfer

ANSWERS = (Outcome.SETTLED, Outcome.RETURNED)
BY_HAND = "hand"


def mark_items(
    *,
    batch_id: int,
    outcome: str,
    by: Actor,
    transfer_ids: Collection[int] = (),
    claim_ids: Collection[int] = (),
    all_pending: bool = False,
    reason_code: str = "",
    reason: str = "",
) -> Batch:
    """Mark transfers, by their ids or by the claims in them, or all that is pending, as `settled` or `returned`.

    The bank pays or returns a transfer as a whole. A returned one needs a `ReturnReason` and frees its lines for a new
    batch. Refuses `nothing_selected`, `transfer_unknown`, `already_marked` (nothing waits among them: nothing changes),
    `marked_otherwise` (one has the other answer: nothing changes), `outcome_unknown`, `reason_missing`.
    """
    if outcome not in ANSWERS:
        raise Refusal("outcome_unknown", _("请选择“已支付”或“退票”。"))
    if outcome == Outcome.RETURNED and reason_code not in ReturnReason.values:
        raise Refusal("reason_missing", _("登记退票必须选择退票原因。"))
    words = plain_words(reason, code="reason_missing") if outcome == Outcome.RETURNED else ""
    answer = Answer(outcome, reason_code if outcome == Outcome.RETURNED else "", words)
    with transaction.atomic():
        batch = batch_locked(batch_id)
        verdict = access.can(by, batch, BatchVerb.MARK)
        if not verdict and verdict.code != "batch_closed":  # a closed batch answers by its transfers, below
            raise (WrongState if verdict.code in ABOUT_STATE else NotAllowed)(verdict.code, verdict.reason)
        chosen = _chosen(batch, set(transfer_ids), set(claim_ids), all_pending)
        if not answer_transfers(batch=batch, outcomes={one.pk: answer for one in chosen}, by=by, source=BY_HAND):
            raise _already(chosen)
    return batch


def _chosen(batch: Batch, transfer_ids: set[int], claim_ids: set[int], all_pending: bool) -> list[Transfer]:
    """The chosen transfers of the batch; with `all_pending` those the bank has not answered in any way."""
    if all_pending:
        return list(Transfer.objects.filter(batch=batch, outcome=Outcome.PENDING))
    if not (transfer_ids or claim_ids):
        raise Refusal("nothing_selected", _("请先选择要登记的支付项。"))
    found = Transfer.objects.filter(Q(pk__in=transfer_ids) | Q(items__claim__in=claim_ids), batch=batch).distinct()
    chosen = list(found)
    known = set(batch.items.filter(transfer__in=chosen).values_list("claim_id", flat=True))
    if transfer_ids - {one.pk for one in chosen} or claim_ids - known:
        raise Refusal("transfer_unknown", _("所选的支付项不在本批次中，请刷新页面后重新选择。"))
    return chosen


def _already(chosen: Collection[Transfer]) -> WrongState:
    first = next(iter(chosen), None)
    if first is None:
        return WrongState("already_marked", _("本批次没有待登记的支付项，未作改动。"))
    return WrongState("already_marked", _("%(transfer)s 已于%(when)s登记为“%(answer)s”，未作改动。") % told(first))
