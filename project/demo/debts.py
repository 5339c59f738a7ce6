"""Money asked back in November: a case in instalments of which one came in, one paid back whole, one kept back."""

from collections.abc import Iterator
from datetime import date

from core import clock
from payments.models import Outcome, PaymentItem, RecoveryCase
from payments.recovery.deciding import Part, decide_case
from payments.recovery.opening import open_case
from payments.recovery.repaying import payable_of, receive, set_off
from payments.recovery.rows import ARTICLES, Ground
from project.demo.people import Cast
from workflows.claims import Claim
from workflows.states import ClaimState, Kind

STOPPED = "社保系统显示该员工参保满两个月后停保，企业确认其已于10月离职。"
TOO_MUCH = "该员工应按用工调剂标准计算，多拨付200元，经核对确认。"
OPINION = "事实清楚，依据充分，同意追回。"


def debts(cast: Cast) -> Iterator[date]:
    """On the agency's claim that was paid in October, and on the ambassador's; decided by the section head."""
    yield date(2025, 11, 5)
    agency, person = _paid(Kind.AGENCY), _paid(Kind.INDIVIDUAL)
    two, one = agency[:2], agency[2:3]
    case = _open(cast, two, Ground.INSURANCE_STOPPED, STOPPED)
    back = _open(cast, person[:1], Ground.OVERPAID, TOO_MUCH, fen=200_00)
    kept = _open(cast, one, Ground.INSURANCE_STOPPED, STOPPED)
    yield date(2025, 11, 7)
    whole = case.amount_fen
    parts = [Part(date(2025, 11, 20), whole // 2), Part(date(2026, 1, 15), whole - whole // 2)]
    why = f"{OPINION}企业来函说明资金周转困难，准予分两期退回。"
    decide_case(case_id=case.pk, order=True, opinion=why, by=cast["section"], parts=parts)
    for other in (back, kept):
        decide_case(case_id=other.pk, order=True, opinion=OPINION, by=cast["section"])
    yield date(2025, 11, 17)
    _receive(cast, back, back.amount_fen, "国库入2025111701")
    yield date(2025, 11, 20)
    _receive(cast, case, whole // 2, "国库入2025112003")
    later = Claim.objects.filter(state=ClaimState.PAYABLE, claimant_org=kept.claim.claimant_org_id)
    line = payable_of(list(later.exclude(pk=kept.claim_id).values_list("pk", flat=True)))[0]
    set_off(
        case_id=kept.pk,
        against_id=line.claim_id,
        line_ids=[line.pk],
        reason="机构书面同意以后续应付奖补款抵扣。",
        by=cast["leader"],
    )


def _paid(kind: Kind) -> list[PaymentItem]:
    """What was paid first of this kind, of one claim."""
    settled = PaymentItem.objects.filter(outcome=Outcome.SETTLED, claim__kind=kind).order_by("pk")
    first = settled[0]
    return list(settled.filter(claim=first.claim_id).select_related("claim"))


def _open(cast: Cast, items: list[PaymentItem], ground: Ground, facts: str, fen: int = 0) -> RecoveryCase:
    return open_case(
        claim_id=items[0].claim_id,
        amounts={item.line_id: fen or item.amount_fen for item in items},
        ground=ground,
        facts=facts,
        article=str(ARTICLES[ground]),
        by=cast["bureau2"],
    )


def _receive(cast: Cast, case: RecoveryCase, fen: int, reference: str) -> None:
    receive(case_id=case.pk, amount_fen=fen, on=clock.today(), reference=reference, by=cast["maker"])
