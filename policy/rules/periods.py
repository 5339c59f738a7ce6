"""C04, C05, A19, A20: the policy's dates, stable employment, and when a claim may be filed."""

from datetime import date

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.months import add_days, add_months
from policy.rules.registry import REFERRALS, Inputs, line_rule
from policy.terms import Terms

LEADER = "bureau_leader"  # overrides the dates (brief C04); a role code of `accounts.roles`


def stable_months(kind: str, terms: Terms) -> int:
    """Months a worker of this claim kind must stay (referral) or be lent (platform)."""
    months = terms.eligibility.stable_months
    return {"agency": months.agency, "individual": months.individual, "platform": months.pool}.get(kind, 0)


def qualifying_date(hire_date: date, kind: str, terms: Terms) -> date:
    """The day the stability condition is met: the hire date plus the stable months."""
    return add_months(hire_date, stable_months(kind, terms))


def filing_deadline(hire_date: date, kind: str, terms: Terms) -> date:
    """The last day a line may be filed: the window after the qualifying date, or an earlier tail deadline (A19)."""
    window = add_days(qualifying_date(hire_date, kind, terms), terms.filing_window.max_days_after_qualifying)
    tail = terms.policy.tail_filing_deadline
    return min(window, tail) if tail else window


@line_rule("C04", "hire_date_missing", "未填写入职日期", Severity.BLOCK, term="policy.expiry_applies_to")
def hire_date_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有入职日期（调剂为开始日期），无法判断是否在政策有效期内，请补填。"""
    return {} if line.hire_date is None else None


@line_rule("C04", "before_policy", "入职早于政策施行", Severity.BLOCK, term="policy.valid_from", waived_by=LEADER)
def before_policy(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """入职（调剂开始）日期{hire_date}早于政策施行日{valid_from}，不予奖补（A20）。"""
    if line.hire_date is None or line.hire_date >= terms.valid_from:
        return None
    return {"hire_date": line.hire_date, "valid_from": terms.valid_from}


@line_rule("C04", "after_policy", "超出政策有效期", Severity.BLOCK, term="policy.valid_to", waived_by=LEADER)
def after_policy(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """{which}{day}晚于政策有效期{valid_to}，不予奖补（A19、A21）。"""
    if line.hire_date is None or terms.valid_to is None:
        return None
    which, day = {
        "hire_date": ("入职（调剂开始）日期", line.hire_date),
        "qualifying_date": ("符合条件日期", qualifying_date(line.hire_date, claim.kind, terms)),
        "filing_date": ("申报日期", claim.filed_on),
    }[terms.policy.expiry_applies_to]
    return {"which": which, "day": day, "valid_to": terms.valid_to} if day > terms.valid_to else None


@line_rule(
    "C04",
    "filed_late",
    "超过申报期限",
    Severity.BLOCK,
    term="filing_window.max_days_after_qualifying",
    waived_by=LEADER,
)
def filed_late(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """{qualified_on}起符合条件，应在{days}天内申报，截止{deadline}，现已逾期（A19）。"""
    if line.hire_date is None:
        return None
    days, qualified_on = (
        terms.filing_window.max_days_after_qualifying,
        qualifying_date(line.hire_date, claim.kind, terms),
    )
    deadline = add_days(qualified_on, days)
    late = claim.filed_on > deadline
    return {"qualified_on": qualified_on, "days": days, "deadline": deadline} if late else None


@line_rule(
    "C04", "tail_deadline_passed", "超过政策到期后的申报截止日", Severity.BLOCK, term="policy.tail_filing_deadline",
    waived_by=LEADER,
)  # fmt: skip
def tail_deadline_passed(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """政策到期后的申报截止日为{deadline}，现已截止，不再受理（A19）。"""
    deadline = terms.policy.tail_filing_deadline
    return {"deadline": deadline} if deadline and claim.filed_on > deadline else None


@line_rule("C04", "outside_filing_months", "不在受理月份", Severity.BLOCK, term="filing_window.mode", waived_by=LEADER)
def outside_filing_months(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """本政策只在{months}月受理申报，请在受理月份提交。"""
    window = terms.filing_window
    closed = window.mode == "months" and claim.filed_on.month not in window.months
    return {"months": list(window.months), "month": claim.filed_on.month} if closed else None


@line_rule("C05", "stable_not_reached", "未满稳定就业期限", Severity.BLOCK, term="eligibility.stable_months")
def stable_not_reached(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """到申报日未满{months}个月，{qualified_on}起才符合条件，请届时再申报。"""
    if line.hire_date is None:
        return None
    qualified_on = qualifying_date(line.hire_date, claim.kind, terms)
    if claim.filed_on >= qualified_on:
        return None
    return {"months": stable_months(claim.kind, terms), "qualified_on": qualified_on, "filed_on": claim.filed_on}


@line_rule(
    "C05", "left_job", "申报时已离职", Severity.BLOCK, term="eligibility.still_employed_at_filing", kinds=REFERRALS
)
def left_job(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工申报时已不在该企业工作，不予奖补。"""
    return {} if terms.eligibility.still_employed_at_filing and line.still_employed is False else None


@line_rule(
    "C05", "still_employed_unknown", "是否在岗待核", Severity.INFO, term="eligibility.still_employed_at_filing",
    kinds=REFERRALS,
)  # fmt: skip
def still_employed_unknown(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有说明员工是否仍在岗，由村（社区）或乡镇核实时确认。"""
    return {} if terms.eligibility.still_employed_at_filing and line.still_employed is None else None
