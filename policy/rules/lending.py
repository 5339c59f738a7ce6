"""A16, A17, C08, C11: workers lent from one enterprise to another through a transfer platform."""

from collections.abc import Sequence

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.months import add_months, day_after
from policy.rules.registry import Inputs, kept_rule, line_rule
from policy.terms import Terms

POOL = ("platform",)


@line_rule(
    "A16", "lender_missing", "未填写调出企业", Severity.BLOCK, term="eligibility.pool_min_enterprises", kinds=POOL
)
def lender_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有填写调出企业，无法确认是企业之间的调剂，请补填。"""
    return {} if line.lender is None or not line.lender.uscc else None


@line_rule(
    "A16", "lent_to_itself", "调出与调入为同一企业", Severity.BLOCK, term="eligibility.pool_min_enterprises", kinds=POOL
)
def lent_to_itself(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """调出企业与调入企业是同一家，不属于企业之间的调剂。"""
    same = line.lender is not None and bool(line.lender.uscc) and line.lender.uscc == line.employer.uscc
    return {"employer_uscc": line.employer.uscc} if same else None


@line_rule(
    "C11",
    "lent_within_group",
    "调出与调入企业同一法定代表人",
    Severity.REVIEW,
    law="系统默认（可调整）：C11",
    kinds=POOL,
)
def lent_within_group(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """调出企业与调入企业的法定代表人是同一人，请核实是否真实调剂。"""
    lender = line.lender.legal_representative if line.lender else None
    same = bool(lender) and lender == line.employer.legal_representative
    return {"employer_uscc": line.employer.uscc} if same else None


@line_rule(
    "A16", "lending_end_missing", "未填写调剂结束日期", Severity.BLOCK, term="eligibility.stable_months", kinds=POOL
)
def lending_end_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有填写调剂结束日期，无法确认调剂满{months}个月，请补填。"""
    return {"months": terms.eligibility.stable_months.pool} if line.lending_to is None else None


@line_rule("A16", "lending_short", "调剂期限不足", Severity.BLOCK, term="eligibility.stable_months", kinds=POOL)
def lending_short(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """调剂{lending_from}至{lending_to}，不足{months}个月，不予奖补。"""
    months = terms.eligibility.stable_months.pool
    if line.hire_date is None or line.lending_to is None:
        return None
    if day_after(line.lending_to) >= add_months(line.hire_date, months):
        return None
    return {"lending_from": line.hire_date, "lending_to": line.lending_to, "months": months}


@line_rule("A16", "payroll_short", "工资发放月数不足", Severity.BLOCK, term="eligibility.stable_months", kinds=POOL)
def payroll_short(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """调剂期间工资发放{payroll_months}个月，不足{months}个月，不予奖补。"""
    months = terms.eligibility.stable_months.pool
    if line.payroll_months is None or line.payroll_months >= months:
        return None
    return {"payroll_months": line.payroll_months, "months": months}


@line_rule("A16", "payroll_unknown", "工资发放待核", Severity.REVIEW, term="eligibility.stable_months", kinds=POOL)
def payroll_unknown(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有填写工资发放月数，请核对工资发放证明，确认已满{months}个月。"""
    return {"months": terms.eligibility.stable_months.pool} if line.payroll_months is None else None


@kept_rule("A16", "few_persons", "调剂人数不足", Severity.BLOCK, term="eligibility.pool_min_persons", kinds=POOL)
def few_persons(claim: ClaimFacts, kept: Sequence[LineFacts], terms: Terms) -> Inputs | None:
    """本次符合条件的调剂人员{persons}人，不足{minimum}人，不予补助（A16）。"""
    persons, minimum = len({line.person for line in kept if line.person}), terms.eligibility.pool_min_persons
    return {"persons": persons, "minimum": minimum} if persons < minimum else None


@kept_rule(
    "A16", "few_enterprises", "调入企业家数不足", Severity.BLOCK, term="eligibility.pool_min_enterprises", kinds=POOL
)
def few_enterprises(claim: ClaimFacts, kept: Sequence[LineFacts], terms: Terms) -> Inputs | None:
    """本次符合条件的调剂只涉及{enterprises}家调入企业，不足{minimum}家，不予补助（A16）。

    Counted are the enterprises that borrow (调入企业): every lending has a lender and a borrower, so counting both
    would make the condition of two enterprises empty.
    """
    enterprises, minimum = len({line.employer.uscc for line in kept}), terms.eligibility.pool_min_enterprises
    return {"enterprises": enterprises, "minimum": minimum} if enterprises < minimum else None
