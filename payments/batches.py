"""The road of a payment batch: opened, drafted, checked, released (`payments.sealing`), sent, answered.

Each command is one transaction: the batch is locked, the actor's verdict asked, the batch changed, an event written
on its chain and on the chain of each claim concerned, and the fresh batch returned.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.numbering import take
from core.timeline import record
from documents.papers import withdraw
from funds.models import FundSource
from payments import access
from payments.access import BatchVerb
from payments.booking import leave_items
from payments.controls import (
    require_approved_amounts,
    require_budget,
    require_claim,
    require_free,
    require_line,
)
from payments.files import download
from payments.fitting import choose_format, put_format
from payments.locking import batch_locked, claims_locked, live_items, note_claims, plain_words
from payments.models import Batch, BatchState, Outcome, PaymentItem, Transfer
from payments.reissue import not_mended, require_whole, waiting_in
from payments.results import mark_items
from payments.sealing import ready, release_batch
from payments.sending import send_batch
from workflows.claims import Claim, ClaimLine
from workflows.holds import held_lines
from workflows.states import ClaimState, LineStatus

__all__ = [
    "cancel_batch", "check_batch", "choose_format", "download", "draft_batch", "mark_items", "open_batch", "release_batch",
    "return_batch", "send_batch",
]  # fmt: skip
LARGEST_BATCH = 5000  # lines


def open_batch(*, fund_id: int, channel: str, by: Actor, note: str = "") -> Batch:
    """Open an empty batch (拨付审批表) on a fund, 对公 or 对私; its number BF-2025-007 is gap-free.

    Refuses `open_not_yours`, `fund_unknown`, `channel_unknown`, `allocation_missing`, and `batch_waiting` when an
    empty batch with the same fund, channel and note waits already (a double click).
    """
    if not (verdict := access.can_open(by)):
        verdict.require()
    if channel not in Batch.Channel.values:
        raise Refusal("channel_unknown", _("请选择对公或对私。"))
    note = plain_words(note, code="note")
    with transaction.atomic():
        fund = FundSource.objects.select_for_update().filter(pk=fund_id).first()
        if fund is None:
            raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
        if not fund.allocation_no.strip():
            raise Refusal("allocation_missing", _("资金来源没有指标文号，不能拨付（预算法第十三条）。"))
        waiting = Batch.objects.filter(fund=fund, channel=channel, note=note, state=BatchState.OPENED).first()
        if waiting:
            raise WrongState(
                "batch_waiting",
                _("%(number)s 与本次填写的内容相同且尚未编制，请直接使用该批次，或在说明中注明区别。")
                % {"number": waiting},
            )
        year = clock.today().year
        batch = Batch.objects.create(
            number=f"BF-{year}-{take(f'batch:{year}'):03d}",
            fund=fund,
            channel=channel,
            note=note,
            opened_by=by.user,
            opened_at=clock.now(),
        )
        record(batch.chain, "open_batch", by=by, data={"number": batch.number, "fund": fund.pk, "channel": channel})
    return batch


def draft_batch(
    *,
    batch_id: int,
    by: Actor,
    line_ids: Collection[UUID] = (),
    claim_ids: Collection[int] = (),
    format_code: str = "",
) -> Batch:
    """Put lines (and all that is still payable of whole claims) into an opened batch; all or nothing.

    `format_code`: the payment format it is made for, the first that carries its channel unless told.

    Refuses by name of the line or claim: `nothing_selected`, `batch_too_large`, `line_unknown`, `line_in_batch` (names
    the batch that has it), what `payments.controls` refuses, and whoever may not draft it.
    """
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.DRAFT)
        put_format(batch, format_code)
        claims, lines = _chosen(set(line_ids), set(claim_ids))
        access.unconcerned(by, Claim.objects.filter(pk__in=claims)).require()
        for line in lines:
            require_line(line, claims[line.claim_id])
        accounts = {pk: require_claim(claim, batch) for pk, claim in claims.items()}
        require_free(claims.values(), lines)
        require_approved_amounts(claims.values())
        items = [
            PaymentItem(
                batch=batch,
                claim=claims[line.claim_id],
                line=line,
                account=accounts[line.claim_id],
                amount_fen=line.amount_fen,
                entered_on=clock.today(),
            )
            for line in lines
        ]
        _put(items)
        require_budget(batch)
        batch.state, batch.made_by, batch.made_at = BatchState.DRAFTED, by.user, clock.now()
        batch.save(update_fields=["state", "made_by", "made_at", "format_code", "rows"])
        total = sum(item.amount_fen for item in items)
        record(
            batch.chain, "draft_batch", by=by, data={"lines": len(items), "claims": len(claims), "amount_fen": total}
        )
        note_claims("batched", items, batch, by)
    return batch


def check_batch(*, batch_id: int, by: Actor, opinion: str = "") -> Batch:
    """The finance checker confirms a drafted batch after every control has been run again."""
    words = plain_words(opinion, code="opinion")
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, BatchVerb.CHECK)
        ready(batch, live_items(batch))
        batch.state, batch.checked_by, batch.checked_at = BatchState.CHECKED, by.user, clock.now()
        batch.save(update_fields=["state", "checked_by", "checked_at"])
        record(batch.chain, "check_batch", by=by, data={"opinion": words})
    return batch


def return_batch(*, batch_id: int, by: Actor, reason: str) -> Batch:
    """The checker or approver sends a batch back to be drafted anew; its lines are payable again."""
    return _undo(batch_id, by, reason, BatchVerb.RETURN, BatchState.OPENED, "return_batch")


def cancel_batch(*, batch_id: int, by: Actor, reason: str) -> Batch:
    """Cancel a batch before it is sent; its lines are payable again, its number is never used again.

    A sealed one is cancelled by the approver, which takes its 拨付审批表 out of force; its bytes and totals stay.
    """
    return _undo(batch_id, by, reason, BatchVerb.CANCEL, BatchState.CANCELLED, "cancel_batch")


def _undo(batch_id: int, by: Actor, reason: str, verb: BatchVerb, to: BatchState, event: str) -> Batch:
    words = plain_words(reason, code="reason_missing", needed=_("请写明原因。"))
    with transaction.atomic():
        batch = batch_locked(batch_id)
        access.require(by, batch, verb)
        items = live_items(batch)
        note_claims("unbatched", items, batch, by)
        PaymentItem.objects.filter(batch=batch, live=True).update(
            live=False, outcome=Outcome.WITHDRAWN, reason=words[:120]
        )
        if batch.state == BatchState.SEALED and batch.paper:
            Transfer.objects.filter(batch=batch).update(outcome=Outcome.WITHDRAWN)
            leave_items(batch, items, by, words)
            withdraw(batch.paper, reason=words, by_label=by.label)
        batch.state = to
        if to == BatchState.OPENED:
            batch.made_by = batch.made_at = batch.checked_by = batch.checked_at = None
        batch.save(update_fields=["state", "made_by", "made_at", "checked_by", "checked_at"])
        record(batch.chain, event, by=by, data={"reason": words, "lines": len(items)})
    return batch


def _chosen(line_ids: set[UUID], claim_ids: set[int]) -> tuple[dict[int, Claim], list[ClaimLine]]:
    """The locked claims and their chosen lines, read under the lock; refuses what is unknown or taken."""
    if not line_ids and not claim_ids:
        raise Refusal("nothing_selected", _("请先选择要拨付的申报或人员。"))
    if len(line_ids) > LARGEST_BATCH or len(claim_ids) > LARGEST_BATCH:
        raise _too_large()
    of_lines = set(ClaimLine.objects.filter(pk__in=line_ids).order_by().values_list("claim_id", flat=True).distinct())
    claims = claims_locked(of_lines | claim_ids)
    if claim_ids - claims.keys():
        raise Refusal("line_unknown", _("所选的申报有的已不存在，请刷新页面后重新选择。"))
    found = ClaimLine.objects.filter(claim__in=claims).annotate(set_off=F("offset"))
    lines: list[Any] = list(found.order_by("claim_id", "seq").defer("details", "phone"))
    taken = set(PaymentItem.objects.filter(claim__in=claims, live=True).order_by().values_list("line_id", flat=True))
    if line_ids - {line.pk for line in lines}:
        raise Refusal("line_unknown", _("所选的人员有的已不存在，请刷新页面后重新选择。"))
    if line_ids & taken:
        raise _in_batch(line_ids & taken)
    waiting = waiting_in(claims)
    for line_id in sorted(line_ids & waiting.keys()):
        raise not_mended(waiting[line_id][1])
    passed_over = taken | waiting.keys() | held_lines(claim_ids)
    whole = {line.pk for line in lines if line.claim_id in claim_ids and line.pk not in passed_over and _payable(line)}
    chosen = [line for line in lines if line.pk in line_ids | whole]
    if len(chosen) > LARGEST_BATCH:
        raise _too_large()
    _require_something(claims, claim_ids, chosen, taken, dict(waiting.values()))
    require_whole([line.pk for line in chosen])
    return claims, chosen


def _payable(line: Any) -> bool:  # a line with `set_off`
    return line.status == LineStatus.LIVE and line.amount_fen > 0 and line.set_off is None


def _require_something(
    claims: dict[int, Claim], claim_ids: set[int], chosen: list[ClaimLine], taken: set[UUID], returned: dict[int, str]
) -> None:
    """A claim chosen as a whole must have something left to pay. `returned`: claims that wait for an account."""
    for pk in sorted(claim_ids - {line.claim_id for line in chosen}):
        if pk in returned:
            raise not_mended(returned[pk])
        if claims[pk].state != ClaimState.PAYABLE or not taken:
            raise WrongState(
                "line_not_payable",
                _("%(claim)s 没有可拨付的人员（%(state)s），请刷新页面后重新选择。")
                % {"claim": claims[pk], "state": claims[pk].get_state_display()},
            )
        raise _in_batch(PaymentItem.objects.filter(claim=pk, live=True).values_list("line_id", flat=True))


def _put(items: list[PaymentItem]) -> None:
    """Insert the items; the database lets a line into one live item only, whoever came first."""
    try:
        with transaction.atomic():
            PaymentItem.objects.bulk_create(items, batch_size=500)
    except IntegrityError as error:
        if "payments_item_public" in str(error):
            raise Refusal("claim_held", _("所选申报中有的公示或异议尚未结束，不能拨付，请刷新页面。")) from error
        if "payments_item_set_off" in str(error):
            raise Refusal("line_set_off", _("所选人员中有的款项已用于抵扣追回款，不能再拨付，请刷新页面。")) from error
        raise _in_batch({item.line_id for item in items}) from error


def _in_batch(line_ids: Collection[UUID]) -> WrongState:
    found = PaymentItem.objects.filter(line__in=line_ids, live=True).select_related("batch", "claim", "line").first()
    if found is None:
        return WrongState("line_in_batch", _("所选人员中有的刚被列入其他批次，请刷新页面后重新选择。"))
    paid = _("并已支付") if found.outcome == Outcome.SETTLED else ""
    return WrongState(
        "line_in_batch",
        _("%(claim)s %(line)s已列入批次%(batch)s%(paid)s，不能重复拨付，请刷新页面后重新选择。")
        % {"claim": found.claim, "line": found.line, "batch": found.batch, "paid": paid},
    )


def _too_large() -> Refusal:
    return Refusal("batch_too_large", _("一个批次最多%(most)d人，请分批编制。") % {"most": LARGEST_BATCH})
