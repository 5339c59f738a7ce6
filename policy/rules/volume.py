"""C14, C17: headcounts, bursts, amounts and caps."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from policy.assessment import Severity
from policy.facts import ClaimFacts
from policy.rules.registry import Inputs, cap_rule, claim_rule
from policy.terms import Terms


@claim_rule("C17", "no_lines", "名单为空", Severity.BLOCK, law="通知一（四）、一（六）：按人数补助")
def no_lines(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """名单为空，没有可以补助的人员，请先填写或上传名单。"""
    if not claim.lines:
        yield None, {}


@claim_rule("C14", "more_than_insured", "人数超过企业参保人数", Severity.REVIEW, law="系统默认（可调整）：C14")
def more_than_insured(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """{employer}申报{workers}人，超过该企业参保人数{insured}人，请核实用工规模。"""
    heads: dict[str, set[str]] = defaultdict(set)
    known = {line.employer.uscc: line.employer for line in claim.lines if line.employer.insured_headcount is not None}
    for line in claim.lines:
        heads[line.employer.uscc].add(line.person or line.ref)
    for uscc, employer in known.items():
        if len(heads[uscc]) > (employer.insured_headcount or 0):
            yield None, {"employer": employer.name, "workers": len(heads[uscc]), "insured": employer.insured_headcount}


@claim_rule("C14", "hired_in_a_burst", "同日集中入职", Severity.REVIEW, term="checks.burst_per_day")
def hired_in_a_burst(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """{employer}在{day}一天入职（调剂）{workers}人，请核实是否真实。"""
    limit = terms.checks.burst_per_day
    names = {line.employer.uscc: line.employer.name for line in claim.lines}
    days = Counter((line.employer.uscc, line.hire_date) for line in claim.lines if line.hire_date)
    for (uscc, day), workers in days.items():
        if limit and workers >= limit:
            yield None, {"employer": names[uscc], "day": day, "workers": workers}


@claim_rule(
    "C14",
    "round_headcount",
    "人数刚好过门槛",
    Severity.REVIEW,
    term="checks.above_tier_by",
    kinds=("individual", "platform"),
)
def round_headcount(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """申报{heads}人，刚好达到或略过{threshold}人的门槛，请抽查核实。"""
    heads, tiers = len(claim.lines), terms.ambassador.tiers
    own = (
        (tiers.bronze, tiers.silver, tiers.gold)
        if claim.kind == "individual"
        else (terms.eligibility.pool_min_persons,)
    )
    for threshold in own:
        if threshold and 0 <= heads - threshold <= terms.checks.above_tier_by:
            yield None, {"heads": heads, "threshold": threshold}


@cap_rule("C17", "cap_cut", "超出年度上限部分扣减", Severity.INFO, law="方案参数 caps_yuan（年度上限）")
def cap_cut(before: int, after: int, cap: int) -> Inputs | None:
    """年度上限{cap_yuan}元，本人次由{before_yuan}元扣减为{after_yuan}元。"""
    if not 0 < after < before:
        return None
    return {"cap_yuan": cap // 100, "before_yuan": before // 100, "after_yuan": after // 100}


@cap_rule("C17", "cap_used_up", "年度上限已用完", Severity.BLOCK, law="方案参数 caps_yuan（年度上限）")
def cap_used_up(before: int, after: int, cap: int) -> Inputs | None:
    """年度上限{cap_yuan}元已用完，本人次不再补助。"""
    return {"cap_yuan": cap // 100} if after <= 0 < before else None
