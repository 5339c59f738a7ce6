"""C06, C07, C11, A7–A10: contract, social insurance and origin of a referred worker."""

from collections.abc import Iterable

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.months import add_months, day_after
from policy.rules.periods import stable_months
from policy.rules.registry import REFERRALS, Inputs, claim_rule, line_rule
from policy.terms import Terms


@line_rule(
    "A9", "contract_missing", "没有劳动合同", Severity.BLOCK, term="eligibility.contract_min_months", kinds=REFERRALS
)
def contract_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有填写劳动合同起始日期，应签订{months}个月以上劳动合同，请补填。"""
    months = terms.eligibility.contract_min_months
    return {"months": months} if months and line.contract_from is None else None


@line_rule(
    "A9", "contract_short", "劳动合同期限不足", Severity.BLOCK, term="eligibility.contract_min_months", kinds=REFERRALS
)
def contract_short(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """劳动合同{contract_from}至{contract_to}，不足{months}个月，不予奖补。"""
    months = terms.eligibility.contract_min_months
    if line.contract_from is None or line.contract_to is None:
        return None
    if day_after(line.contract_to) >= add_months(line.contract_from, months):
        return None
    return {"contract_from": line.contract_from, "contract_to": line.contract_to, "months": months}


@line_rule(
    "A10",
    "insurance_missing",
    "未参加规定险种",
    Severity.BLOCK,
    term="eligibility.insurance_types_any_of",
    kinds=REFERRALS,
)
def insurance_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """未参加{wanted}中的任何一种保险，不予奖补。"""
    wanted = terms.eligibility.insurance_types_any_of
    if not wanted or line.insurance & set(wanted):
        return None
    return {"wanted": list(wanted), "insurance": sorted(map(str, line.insurance))}


@line_rule("A10", "insured_short", "参保月数不足", Severity.BLOCK, term="eligibility.stable_months", kinds=REFERRALS)
def insured_short(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """连续缴费{insured_months}个月，不足{months}个月，不予奖补。"""
    months = stable_months(claim.kind, terms)
    if not terms.eligibility.insurance_types_any_of or line.insured_months is None or line.insured_months >= months:
        return None
    return {"insured_months": line.insured_months, "months": months}


@line_rule(
    "A10", "insured_months_unknown", "参保月数待核", Severity.REVIEW, term="eligibility.stable_months", kinds=REFERRALS
)
def insured_months_unknown(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有填写连续缴费月数，请核对社保缴费证明，确认已满{months}个月。"""
    wanted = terms.eligibility.insurance_types_any_of
    if line.insured_months is not None or not line.insurance & set(wanted):
        return None
    return {"months": stable_months(claim.kind, terms)}


@line_rule(
    "C07",
    "insurance_start_apart",
    "参保与合同起始相差一个月以上",
    Severity.REVIEW,
    law="系统默认（可调整）：C07",
    kinds=REFERRALS,
)
def insurance_start_apart(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """参保自{insured_from}起，合同自{contract_from}起，相差超过一个月，请核实劳动关系。"""
    if line.insured_from is None or line.contract_from is None:
        return None
    first, last = sorted((line.insured_from, line.contract_from))
    if last <= add_months(first, 1):
        return None
    return {"insured_from": line.insured_from, "contract_from": line.contract_from}


@line_rule(
    "C07", "insured_then_stopped", "参保不久即停保", Severity.REVIEW, term="checks.insured_min_months", kinds=REFERRALS
)
def insured_then_stopped(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """社保数据显示该员工在该企业参保至{until}即停保，不足{months}个月，请核实是否仍在岗。"""
    months = terms.checks.insured_min_months
    here = [job for job in line.insured if job.employer_uscc == line.employer.uscc]
    last = max(here, key=lambda job: job.since, default=None)
    if last is None or last.until is None or day_after(last.until) >= add_months(last.since, months):
        return None
    return {"until": last.until, "months": months}


@claim_rule("C07", "mass_stop", "企业核准后集中停保", Severity.REVIEW, term="checks.mass_stop_heads", kinds=REFERRALS)
def mass_stop(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """{employer}此前核准的{approved}人中，有{stopped}人在核准后不久停保，请核实是否真实用工。"""
    limit, told = terms.checks.mass_stop_heads, set()
    for line in claim.lines:
        unit = line.employer
        if not limit or unit.stopped_after_approval < limit:
            continue
        inputs = {"employer": unit.name, "approved": unit.approved_before, "stopped": unit.stopped_after_approval}
        if unit.uscc not in told:
            told.add(unit.uscc)
            yield None, inputs
        yield line.ref, inputs


@line_rule(
    "C11",
    "rehired_in_group",
    "离开同一企业后又入职",
    Severity.REVIEW,
    term="checks.rehired_within_days",
    kinds=REFERRALS,
)
def rehired_in_group(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """社保数据显示该员工{until}才从同一企业或同一法定代表人的企业停保，相隔不足{days}天又入职，请核实是否属于新引进。"""
    days = terms.checks.rehired_within_days
    if line.hire_date is None or not days:
        return None
    left = [job.until for job in line.insured if job.same_group and job.until and job.until <= line.hire_date]
    last = max(left, default=None)
    return {"until": last, "days": days} if last and (line.hire_date - last).days < days else None


@line_rule(
    "C06", "insured_before", "入职前已在区内参保", Severity.REVIEW,
    term="eligibility.first_time_in_zone_lookback_months", kinds=REFERRALS,
)  # fmt: skip
def insured_before(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工入职前{months}个月内已在该企业或区内参保，请核实是否属于新引进（A8）。"""
    months = terms.eligibility.first_time_in_zone_lookback_months
    return {"months": months} if months and (line.insured_in_zone_before or _insured_within(line, months)) else None


def _insured_within(line: LineFacts, months: int) -> bool:
    """Whether the insurance records name a month of the look-back; the month of hiring itself is none of them."""
    if line.hire_date is None:
        return False
    begins, hired = add_months(line.hire_date, -months), line.hire_date.replace(day=1)
    return any(job.since < hired and (job.until is None or job.until >= begins) for job in line.insured)


@line_rule(
    "A7", "origin_not_eligible", "来源地不符", Severity.BLOCK, term="eligibility.worker_origin_rule", kinds=REFERRALS
)
def origin_not_eligible(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """本政策只奖补引进{wanted}，该员工不符合。"""
    rule = terms.eligibility.worker_origin_rule
    if rule == "outside_zone" and line.origin_in_zone:
        return {"wanted": "区外户籍员工"}
    return {"wanted": "农村户籍员工"} if rule == "rural_hukou" and line.rural_hukou is False else None


@line_rule(
    "A7", "origin_unknown", "来源地待核", Severity.REVIEW, term="eligibility.worker_origin_rule", kinds=REFERRALS
)
def origin_unknown(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有户籍信息，请核实该员工是否属于{wanted}。"""
    rule = terms.eligibility.worker_origin_rule
    if rule == "outside_zone" and line.origin_in_zone is None:
        return {"wanted": "区外户籍员工"}
    return {"wanted": "农村户籍员工"} if rule == "rural_hukou" and line.rural_hukou is None else None
