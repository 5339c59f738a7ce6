"""A1–A6, C16, A35: the ambassador's title rests on counted heads; it owns no lines of its own."""

from collections.abc import Iterable
from datetime import date

from policy.assessment import Severity
from policy.facts import ClaimFacts, CountedLine
from policy.months import add_months
from policy.rules.registry import Inputs, claim_rule
from policy.terms import TIERS, Terms

TITLE = ("ambassador",)
TIER_LABELS = {"gold": "金牌", "silver": "银牌", "bronze": "铜牌"}
Found = Iterable[tuple[str | None, Inputs]]


def count_year(claim: ClaimFacts) -> int:
    """The calendar year that is counted: the claim's, otherwise that of its filing."""
    return claim.count_year or claim.filed_on.year


def counts(line: CountedLine, claim: ClaimFacts, terms: Terms) -> bool:
    """Whether an approved referral counts: hired by this employer (A6), inside the count window (A3)."""
    if claim.employer is None or line.employer_uscc != claim.employer.uscc:
        return False
    window = terms.ambassador.count_window
    if window == "calendar_year":
        return line.hire_date.year == count_year(claim)
    if window == "rolling_12m":
        return add_months(claim.filed_on, -12) < line.hire_date <= claim.filed_on
    return terms.valid_from <= line.hire_date <= (terms.valid_to or date.max)


def counted_heads(claim: ClaimFacts, terms: Terms) -> int:
    """Distinct persons among the approved referrals that count (A4)."""
    return len({line.person for line in claim.counted if line.approved and counts(line, claim, terms)})


def tier_of(heads: int, terms: Terms) -> str | None:
    """gold, silver, bronze, or None; 以上 includes the number itself (民法典 Art. 1259)."""
    return next((tier for tier in TIERS if heads >= getattr(terms.ambassador.tiers, tier)), None)


@claim_rule(
    "A6",
    "ambassador_employer_missing",
    "未选择所在企业",
    Severity.BLOCK,
    law="通知一（六）：老员工为企业带动新员工",
    kinds=TITLE,
)
def ambassador_employer_missing(claim: ClaimFacts, terms: Terms) -> Found:
    """没有选择所在企业，无法统计为该企业引进的人数。"""
    if claim.employer is None:
        yield None, {}


@claim_rule(
    "A6",
    "not_an_employee",
    "不是该企业在职员工",
    Severity.BLOCK,
    term="ambassador.must_be_employee_of_employer",
    kinds=TITLE,
)
def not_an_employee(claim: ClaimFacts, terms: Terms) -> Found:
    """申请人不是该企业在职员工，可以申报个人引进奖补，不能申报称号（A6）。"""
    wanted = terms.ambassador.must_be_employee_of_employer and claim.employer is not None
    if wanted and claim.employer.uscc not in claim.claimant.employed_at:  # type: ignore[union-attr]
        yield None, {"employer_uscc": claim.employer.uscc}  # type: ignore[union-attr]


@claim_rule(
    "A28",
    "ambassador_runs_employer",
    "申请人为该企业法定代表人或人事人员",
    Severity.REVIEW,
    law="系统默认（可调整）：A28",
    kinds=TITLE,
)
def ambassador_runs_employer(claim: ClaimFacts, terms: Terms) -> Found:
    """申请人是该企业的法定代表人或人事人员，请核实是否应授予称号（A28）。"""
    person = claim.claimant.person
    if claim.employer and (
        (person and person == claim.employer.legal_representative)
        or claim.employer.uscc in claim.claimant.employer_hr_of
    ):
        yield None, {"employer_uscc": claim.employer.uscc}


@claim_rule(
    "A35", "ambassador_blacklisted", "申请人失信或曾虚报", Severity.BLOCK, term="ambassador.exit_rules", kinds=TITLE
)
def ambassador_blacklisted(claim: ClaimFacts, terms: Terms) -> Found:
    """申请人列入失信名单或曾有虚假申报，不授予称号（A35）。"""
    if claim.claimant.blacklisted and {"credit_blacklist", "false_material"} & set(terms.ambassador.exit_rules):
        yield None, {}


@claim_rule(
    "C16",
    "counted_line_annulled",
    "计数人员未核准或已作废",
    Severity.INFO,
    term="ambassador.counted_status",
    kinds=TITLE,
)
def counted_line_annulled(claim: ClaimFacts, terms: Terms) -> Found:
    """有{lines}条引进记录未核准或已作废，未计入人数。"""
    lines = sum(not line.approved for line in claim.counted)
    if lines:
        yield None, {"lines": lines}


@claim_rule(
    "A3", "counted_line_outside", "计数人员不在统计范围", Severity.INFO, term="ambassador.count_window", kinds=TITLE
)
def counted_line_outside(claim: ClaimFacts, terms: Terms) -> Found:
    """有{lines}条引进记录不是该企业的，或入职不在统计期内，未计入人数。"""
    lines = sum(line.approved and not counts(line, claim, terms) for line in claim.counted)
    if lines:
        yield None, {"lines": lines}


@claim_rule("A5", "below_bronze", "人数不足铜牌", Severity.BLOCK, term="ambassador.tiers", kinds=TITLE)
def below_bronze(claim: ClaimFacts, terms: Terms) -> Found:
    """统计人数{heads}人，未达到铜牌{bronze}人，不授予称号。"""
    heads = counted_heads(claim, terms)
    if tier_of(heads, terms) is None:
        yield None, {"heads": heads, "bronze": terms.ambassador.tiers.bronze}


@claim_rule("A5", "tier_reached", "达到称号", Severity.INFO, term="ambassador.tiers", kinds=TITLE)
def tier_reached(claim: ClaimFacts, terms: Terms) -> Found:
    """统计人数{heads}人，达到{tier}（{threshold}人以上，含本数）。"""
    heads = counted_heads(claim, terms)
    if tier := tier_of(heads, terms):
        yield None, {"heads": heads, "tier": TIER_LABELS[tier], "threshold": getattr(terms.ambassador.tiers, tier)}


@claim_rule("C14", "just_above_tier", "人数刚好过称号门槛", Severity.REVIEW, term="checks.above_tier_by", kinds=TITLE)
def just_above_tier(claim: ClaimFacts, terms: Terms) -> Found:
    """统计人数{heads}人，刚好过{threshold}人的门槛，请抽查核实。"""
    heads = counted_heads(claim, terms)
    if tier := tier_of(heads, terms):
        threshold = getattr(terms.ambassador.tiers, tier)
        if heads - threshold <= terms.checks.above_tier_by:
            yield None, {"heads": heads, "threshold": threshold}
