"""What became of a sealed batch, item by item, marked by hand: paid, or returned by the bank (退票)."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Actor
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from payments import access
from payments.access import ABOUT_STATE, BatchVerb
from payments.locking import batch_locked, note_claims, plain_words
from payments.models import Batch, BatchState, ItemOutcome, PaymentItem

RETURN_REASONS = {
    "holder": gettext_lazy("户名不符"),
    "account": gettext_lazy("账号错误"),
    "closed": gettext_lazy("账户已销户"),
    "frozen": gettext_lazy("账户冻结"),
    "other": gettext_lazy("其他原因"),
}
ANSWERS = (ItemOutcome.PAID, ItemOutcome.RETURNED)


def mark_items(
    *,
    batch_id: int,
    outcome: str,
    by: Actor,
    item_ids: Collection[int] = (),
    claim_ids: Collection[int] = (),
    all_pending: bool = False,
    reason: str = "",
) -> Batch:
    """Mark items, whole transfers (by claim) or all that is pending as `paid` or `returned` (a reason is needed).

    A returned item is no longer live: its line can go into a new batch. The batch closes with its last answer.
    Refuses `nothing_selected`, `item_unknown`, `already_marked` (nothing pending among them: nothing changes),
    `marked_otherwise` (one has the other answer: nothing changes), `outcome_unknown`, `reason_missing`.
    """
    if outcome not in ANSWERS:
        raise Refusal("outcome_unknown", _("请选择“已支付”或“退票”。"))
    answer = ItemOutcome(outcome)
    needed = _("登记退票必须写明原因。") if answer == ItemOutcome.RETURNED else ""
    words = plain_words(reason, code="reason_missing", needed=needed)[:120]
    with transaction.atomic():
        batch = batch_locked(batch_id)
        verdict = access.can(by, batch, BatchVerb.MARK)
        if not verdict and verdict.code != "batch_closed":  # a closed batch answers by its items, below
            raise (WrongState if verdict.code in ABOUT_STATE else NotAllowed)(verdict.code, verdict.reason)
        items = _pending(batch, set(item_ids), set(claim_ids), all_pending, answer)
        note_claims(str(answer), items, batch, by)
        _write(items, answer, words)
        data = {"items": len(items), "amount_fen": sum(item.amount_fen for item in items)}
        record(batch.chain, f"mark_{answer}", by=by, data=data | ({"reason": words} if words else {}))
        _close_when_answered(batch, by)
    return batch


def _pending(
    batch: Batch, item_ids: set[int], claim_ids: set[int], all_pending: bool, answer: ItemOutcome
) -> list[PaymentItem]:
    """The chosen items that wait for an answer; refuses when none does, or one was answered otherwise."""
    if not (item_ids or claim_ids or all_pending):
        raise Refusal("nothing_selected", _("请先选择要登记的支付项。"))
    items = list(
        PaymentItem.objects.filter(batch=batch)
        .exclude(live=False, outcome=ItemOutcome.PENDING)  # left the batch before it was sealed
        .select_related("claim", "line")
        .order_by("claim_id", "id")
    )
    chosen = [item for item in items if all_pending or item.pk in item_ids or item.claim_id in claim_ids]
    if item_ids - {item.pk for item in items} or claim_ids - {item.claim_id for item in items}:
        raise Refusal("item_unknown", _("所选的支付项不在本批次中，请刷新页面后重新选择。"))
    other = {ItemOutcome.PENDING, answer}
    if not all_pending and (contrary := next((item for item in chosen if item.outcome not in other), None)):
        raise WrongState(
            "marked_otherwise",
            _("%(claim)s %(line)s已于%(when)s登记为“%(answer)s”，不能改登，请核对银行回单。") % _told(contrary),
        )
    pending = [item for item in chosen if item.outcome == ItemOutcome.PENDING]
    if not pending:
        if not chosen or all_pending:
            raise WrongState("already_marked", _("本批次没有待登记的支付项，未作改动。"))
        raise WrongState(
            "already_marked",
            _("%(claim)s %(line)s已于%(when)s登记为“%(answer)s”，未作改动。") % _told(chosen[0]),
        )
    return pending


def _told(item: PaymentItem) -> dict[str, object]:
    when = item.answered_at.astimezone(clock.SHANGHAI) if item.answered_at else None
    return {
        "claim": item.claim,
        "line": item.line,
        "when": f"{when:%Y-%m-%d %H:%M}" if when else "",
        "answer": item.get_outcome_display(),
    }


def _write(items: Collection[PaymentItem], answer: ItemOutcome, words: str) -> None:
    for item in items:
        item.outcome, item.answered_at, item.reason = answer, clock.now(), words
        item.live = answer != ItemOutcome.RETURNED
    PaymentItem.objects.bulk_update(items, ["outcome", "answered_at", "reason", "live"], batch_size=500)


def _close_when_answered(batch: Batch, by: Actor) -> None:
    if PaymentItem.objects.filter(batch=batch, live=True, outcome=ItemOutcome.PENDING).exists():
        return
    batch.state = BatchState.CLOSED
    batch.save(update_fields=["state"])
    record(batch.chain, "close_batch", by=by)
