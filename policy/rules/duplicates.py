"""C02, C03, A13–A15: one worker is paid once."""

from collections.abc import Iterable

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts, OtherClaim
from policy.months import add_months
from policy.rules.registry import REFERRALS, WITH_LINES, Inputs, claim_rule, line_rule
from policy.terms import Terms

ONCE = "duplicates.one_payment_per_worker_per_policy"


def _rivals(line: LineFacts, claim: ClaimFacts, terms: Terms) -> list[OtherClaim]:
    """Other claims for what this line would be paid for: the same slot.

    A lent worker that has no slot yet is compared by the calendar year of the lending, whichever the platform (A15).
    """
    if not terms.duplicates.one_payment_per_worker_per_policy:
        return []
    if claim.kind in REFERRALS:
        slot = line.slot or f"referral:{terms.code}"
        return [other for other in line.others if other.kind in REFERRALS and other.slot == slot]
    pool = [other for other in line.others if other.kind == "platform"]
    if line.slot:
        return [other for other in pool if other.slot == line.slot]
    return [other for other in pool if line.hire_date and other.on.year == line.hire_date.year]


def _seen(others: list[OtherClaim]) -> Inputs | None:
    return (
        {"claims": sorted({other.number for other in others if other.number}), "count": len(others)} if others else None
    )


@claim_rule("C02", "twice_in_claim", "同一申请内重复", Severity.BLOCK, term=ONCE)
def twice_in_claim(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """该员工在本申请中重复填写，只保留第一条。"""
    seen: set[tuple[str, int | None]] = set()
    for line in claim.lines:
        if not line.person:
            continue
        year = line.hire_date.year if claim.kind == "platform" and line.hire_date else None
        if (line.person, year) in seen:
            yield line.ref, {}
        seen.add((line.person, year))


@line_rule("C02", "paid_already", "该员工已获奖补", Severity.BLOCK, term=ONCE)
def paid_already(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在本政策下已核准或已支付过奖补，同一员工只奖补一次（A13，就高从优不重复）。"""
    certain = bool(line.slot) or claim.kind in REFERRALS
    return _seen([o for o in _rivals(line, claim, terms) if certain and o.status != "open" and o.same_number])


@line_rule("C02", "paid_other_document", "疑似以另一证件获奖补", Severity.REVIEW, term=ONCE)
def paid_other_document(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """已核准或已支付的奖补中有姓名和出生日期相同的人员，请核对是否同一人（A13）。"""
    certain = bool(line.slot) or claim.kind in REFERRALS
    rivals = _rivals(line, claim, terms)
    return _seen([o for o in rivals if o.status != "open" and not (certain and o.same_number)])


@line_rule("C03", "open_elsewhere", "该员工在另一申请中待审", Severity.REVIEW, term="duplicates.priority_rule")
def open_elsewhere(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工还在另一份在办申请中，两份均暂缓，由民生保障局裁定归属（A13）。"""
    return _seen([other for other in _rivals(line, claim, terms) if other.status == "open"])


@line_rule(
    "A14", "pool_and_referral", "调剂与引进重叠", Severity.REVIEW,
    term="duplicates.pool_vs_referral_same_worker_months", kinds=WITH_LINES,
)  # fmt: skip
def pool_and_referral(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工{months}个月内在同一用工单位既有调剂又有引进奖补申请，请核实是否重复（A14）。"""
    months = terms.duplicates.pool_vs_referral_same_worker_months
    if line.hire_date is None or not months:
        return None
    units = {line.employer.uscc} | ({line.lender.uscc} if line.lender else set())
    near = [
        other
        for other in line.others
        if (other.kind == "platform") != (claim.kind == "platform")
        and (not other.employer_uscc or other.employer_uscc in units)
        and max(other.on, line.hire_date) < add_months(min(other.on, line.hire_date), months)
    ]
    return {**_seen(near), "months": months} if near else None  # type: ignore[dict-item]
