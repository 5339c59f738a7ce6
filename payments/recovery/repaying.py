"""What settles a case: money received by the treasury, a later payment of the same payee set off, a write-off.

Never more than is owed: asked under the case's lock, and refused by the database. The case closes with the last fen.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.money import yuan
from core.timeline import record
from funds.ledger import Share, offset_back, receive_back, write_off
from payments.controls import require_free
from payments.locking import plain_words
from payments.models import OffsetLine, RecoveryCase, Repayment
from payments.recovery import access
from payments.recovery.access import CaseVerb
from payments.recovery.booking import case_locked, note, shares, take_from_lines
from payments.recovery.deciding import next_due
from payments.recovery.rows import CaseState
from workflows.claims import Claim, ClaimLine
from workflows.payees import payee_of, shares_of
from workflows.states import ClaimState, LineStatus

K = Repayment.Kind
LONGEST_REFERENCE = 40


def receive(*, case_id: int, amount_fen: int, on: date, reference: str, by: Actor) -> RecoveryCase:
    """Book money that the treasury received (入库): whole or in part, under the number of its voucher.

    Refuses `more_than_owed` (with what is still owed), `receipt_known` (that voucher is booked), `reference_missing`,
    `day_wrong`, and whoever may not (`payments.recovery.access`).
    """
    number = reference.strip()
    if not 0 < len(number) <= LONGEST_REFERENCE:
        raise Refusal("reference_missing", _("请填写入库凭证号，不超过%(n)d个字符。") % {"n": LONGEST_REFERENCE})
    with transaction.atomic():
        case, _claims = case_locked(case_id)
        known = Repayment.objects.filter(kind=K.RECEIVED, reference=number).select_related("case").first()
        if known is not None:
            raise WrongState(
                "receipt_known",
                _("凭证%(reference)s已在%(case)s登记入库，不能重复登记。") % {"reference": number, "case": known.case},
            )
        access.require(by, case, CaseVerb.RECEIVE)
        if case.decided_at is None or not clock.local_date(case.decided_at) <= on <= clock.today():
            raise Refusal("day_wrong", _("入库日期须在追回决定之后，且不晚于今天。"))
        _require_owed(case, amount_fen)
        _settle(case, amount_fen, receive_back, by)
        _write(case, K.RECEIVED, amount_fen, by, on=on, reference=number)
    return case


def set_off(*, case_id: int, against_id: int, line_ids: Collection[UUID], by: Actor, reason: str) -> RecoveryCase:
    """Keep back payable lines of a later claim of the same payee, whole lines, for the debt; the leader's decision.

    They count as paid by that and no batch takes them. Refuses `offset_differs` (another payee), `nothing_selected`,
    `line_not_payable`, `line_objected`, `more_than_owed`, `reason_missing`, and whoever may not.
    """
    words = plain_words(reason, code="reason_missing", needed=_("请写明批准抵扣的理由。"))
    if not line_ids:
        raise Refusal("nothing_selected", _("请先选择用于抵扣的人员。"))
    with transaction.atomic():
        case, claims = case_locked(case_id, [against_id])
        access.require(by, case, CaseVerb.OFFSET)
        against = _against(case, claims.get(against_id))
        lines = list(payable_of([against.pk]).filter(pk__in=line_ids))
        if len(lines) != len(set(line_ids)):
            raise WrongState("line_not_payable", _("所选人员中有的已列入批次或已支付，不能抵扣，请刷新页面。"))
        require_free([against], lines)
        kept = shares_of(against, lines)
        amount = sum(share.amount_fen for share in kept)
        _require_owed(case, amount)
        _offset(case, kept, against, by)
        made = _write(case, K.OFFSET, amount, by, against=against, reason=words)
        OffsetLine.objects.bulk_create(
            OffsetLine(repayment=made, line=line, amount_fen=line.amount_fen) for line in lines
        )
    return case


def forgive(*, case_id: int, amount_fen: int, by: Actor, reason: str) -> RecoveryCase:
    """Give up a part or all of what is owed (核销): finance's approver, with the reason.

    Refuses `reason_missing`, `more_than_owed`, and whoever may not (`payments.recovery.access`).
    """
    words = plain_words(reason, code="reason_missing", needed=_("请写明核销的理由和依据。"))
    with transaction.atomic():
        case, _claims = case_locked(case_id)
        access.require(by, case, CaseVerb.WRITE_OFF)
        _require_owed(case, amount_fen)
        _settle(case, amount_fen, write_off, by, reason=words)
        _write(case, K.WRITTEN_OFF, amount_fen, by, reason=words)
    return case


def payable_of(claim_ids: Collection[int]) -> QuerySet[ClaimLine]:
    """Approved lines of these claims that are in no batch, not paid and not set off; in order."""
    lines = ClaimLine.objects.filter(claim__in=claim_ids, status=LineStatus.LIVE, amount_fen__gt=0)
    waiting = lines.filter(claim__state=ClaimState.PAYABLE, offset__isnull=True)
    return waiting.exclude(payment_items__live=True).order_by("claim_id", "seq")


def _require_owed(case: RecoveryCase, amount_fen: int) -> None:
    if not 0 < amount_fen <= case.owed_fen:
        raise Refusal(
            "more_than_owed",
            _("本案尚欠%(owed)s元，本次金额须大于零且不超过尚欠金额，请核对。") % {"owed": yuan(case.owed_fen)},
        )


def _settle(case: RecoveryCase, amount_fen: int, move: Callable[..., Any], by: Actor, **about: str) -> None:
    taken = take_from_lines(case, amount_fen, written_off=move is write_off)
    for fund_id, part in shares(case, taken).items():
        move(fund_id=fund_id, shares=part, case=case.number, by=by, **about)


def _against(case: RecoveryCase, claim: Claim | None) -> Claim:
    if claim is None or claim.pk == case.claim_id or payee_of(claim) != payee_of(case.claim):
        raise Refusal("offset_differs", _("只能用同一收款人的其他申报抵扣，请重新选择。"))
    return claim


def _offset(case: RecoveryCase, kept: list[Share], against: Claim, by: Actor) -> None:
    """The ledger's two sides, fund by fund of the debt: what is kept back is spread over them in order."""
    queue = list(kept)
    debts = shares(case, take_from_lines(case, sum(share.amount_fen for share in kept)))
    for fund_id, part in debts.items():
        mine = _taken(queue, sum(share.amount_fen for share in part))
        offset_back(
            fund_id=fund_id,
            shares=part,
            against_fund_id=against.fund_id or 0,
            against=mine,
            case=case.number,
            by=by,
        )


def _taken(queue: list[Share], wanted: int) -> list[Share]:
    """The first shares of the queue that make up the sum; one that is more is split."""
    taken = []
    while wanted:
        first = queue.pop(0)
        part = min(wanted, first.amount_fen)
        taken.append(Share(first.claim_id, first.line_id, first.payee, part, first.label))
        if part < first.amount_fen:
            rest = first.amount_fen - part
            queue.insert(0, Share(first.claim_id, first.line_id, first.payee, rest, first.label))
        wanted -= part
    return taken


def _write(
    case: RecoveryCase,
    kind: Repayment.Kind,
    amount_fen: int,
    by: Actor,
    *,
    on: date | None = None,
    reference: str = "",
    against: Claim | None = None,
    reason: str = "",
) -> Repayment:
    """The row, the case's balance and state, and the events."""
    made = Repayment.objects.create(
        case=case,
        kind=kind,
        amount_fen=amount_fen,
        on=on or clock.today(),
        reference=reference,
        against=against,
        reason=reason,
        by=by.user,
        post=by.post,
        at=clock.now(),
    )
    case.back_fen += amount_fen
    if not case.owed_fen:
        case.state, case.closed_at = CaseState.CLOSED, clock.now()
    else:
        case.next_due_on = next_due(case)
    case.save(update_fields=["back_fen", "state", "closed_at", "next_due_on"])
    note(case, f"recovery_{kind}", by, amount_fen=amount_fen, repayment=made.pk)
    if against is not None:
        _tell(against, case, amount_fen, by)
    if case.state == CaseState.CLOSED:
        note(case, "close_recovery", by)
    return made


def _tell(against: Claim, case: RecoveryCase, amount_fen: int, by: Actor) -> None:
    """The claim whose payment was kept back has it on its own chain too."""
    record(against.chain, "recovery_offset", by=by, data={"case": case.number, "amount_fen": amount_fen})
