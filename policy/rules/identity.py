"""C01, A22: who the people and the units are."""

from collections.abc import Iterable
from datetime import date

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.months import age_on, statutory_pension_day
from policy.rules.registry import Inputs, claim_rule, line_rule
from policy.terms import Terms


@line_rule("C01", "id_invalid", "证件号码有误", Severity.BLOCK, law="GB 11643-1999；居民身份证法第三条")
def id_invalid(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """证件有误：{fault}"""
    return {"fault": line.id_fault} if line.id_fault else None


@line_rule("C01", "person_missing", "未填写证件号码", Severity.BLOCK, law="GB 11643-1999；居民身份证法第三条")
def person_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """没有证件号码，无法确认是哪一位员工，请补填。"""
    return {} if not line.person and not line.id_fault else None


@line_rule("C01", "employer_code_invalid", "用工企业信用代码有误", Severity.BLOCK, law="GB 32100-2015")
def employer_code_invalid(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工企业有误：{fault}"""
    return {"fault": line.employer.uscc_fault} if line.employer.uscc_fault else None


@line_rule(
    "C01", "lender_code_invalid", "调出企业信用代码有误", Severity.BLOCK, law="GB 32100-2015", kinds=("platform",)
)
def lender_code_invalid(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """调出企业有误：{fault}"""
    return {"fault": line.lender.uscc_fault} if line.lender and line.lender.uscc_fault else None


@claim_rule(
    "C01", "claimant_code_invalid", "申请单位信用代码有误", Severity.BLOCK, law="GB 32100-2015",
    kinds=("agency", "platform"),
)  # fmt: skip
def claimant_code_invalid(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """申请单位有误：{fault}"""
    if claim.claimant.uscc_fault:
        yield None, {"fault": claim.claimant.uscc_fault}


@line_rule("C01", "under_age", "未满最低工作年龄", Severity.BLOCK, term="eligibility.worker_min_age")
def under_age(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工入职时{age}周岁，未满{minimum}周岁，不得招用，不予奖补。"""
    if line.birth is None or line.hire_date is None:
        return None
    age, minimum = age_on(line.birth, line.hire_date), terms.eligibility.worker_min_age
    return {"age": age, "minimum": minimum} if age < minimum else None


@line_rule("C01", "birth_unknown", "出生日期待核", Severity.REVIEW, term="eligibility.worker_min_age")
def birth_unknown(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """证件号码不含出生日期，请核对证件，确认员工入职时已满{minimum}周岁。"""
    known = line.birth or line.id_fault or not line.person
    return None if known else {"minimum": terms.eligibility.worker_min_age}


@line_rule("A22", "over_notice_age", "达到通知附件年龄上限", Severity.REVIEW, term="eligibility.notice_upper_age")
def over_notice_age(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工入职时{age}周岁，已到{limit}周岁，请核实是否已领取养老金、是否建立劳动关系。"""
    limit = getattr(terms.eligibility.notice_upper_age, line.sex, None) if line.sex else None
    if terms.eligibility.worker_upper_age_rule != "notice_60_55" or not (line.birth and line.hire_date and limit):
        return None
    age = age_on(line.birth, line.hire_date)
    return {"age": age, "limit": limit} if age >= limit else None


@line_rule(
    "A24", "over_pension_age", "达到法定退休年龄", Severity.REVIEW, term="eligibility.worker_upper_age_rule",
    since=date(2025, 1, 1),
)  # fmt: skip
def over_pension_age(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工{pension_day}达到法定退休年龄（按渐进式延迟退休计算），入职在其后，请核实是否已领取养老金。"""
    if terms.eligibility.worker_upper_age_rule != "statutory_progressive" or not (line.birth and line.hire_date):
        return None
    day = statutory_pension_day(line.birth, line.sex)
    return {"pension_day": day, "hire_date": line.hire_date} if line.sex and line.hire_date >= day else None
