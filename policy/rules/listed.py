"""C10: what the lists of other authorities say of a worker. Imported lists, keyed; in force on the day of judging."""

from datetime import date

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts, Listed
from policy.rules.periods import qualifying_date
from policy.rules.registry import Inputs, line_rule
from policy.terms import Terms

BLOCK, REVIEW = Severity.BLOCK, Severity.REVIEW
COMPARED = "系统默认（可调整）：C10；雅安2019、威海2021审计数据比对"


def _entry(line: LineFacts, claim: ClaimFacts, terms: Terms, kind: str) -> Listed | None:
    """The entry that touches the time from hiring to the day the stability condition was met (A30)."""
    if line.hire_date is None:
        return next((entry for entry in line.listed if entry.kind == kind), None)
    met = qualifying_date(line.hire_date, claim.kind, terms)
    for entry in line.listed:
        touches = (entry.since or date.min) < met and (entry.until or date.max) >= line.hire_date
        if entry.kind == kind and touches:
            return entry
    return None


def _inputs(line: LineFacts, claim: ClaimFacts, terms: Terms, kind: str) -> Inputs | None:
    entry = _entry(line, claim, terms, kind)
    return None if entry is None else {"list": kind, "since": entry.since, "until": entry.until}


@line_rule("C10", "worker_deceased", "已死亡人员", BLOCK, law=COMPARED, confidential=True)
def worker_deceased(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在死亡人员名单中，不予奖补；名单有误的，请由提供名单的部门更正后重新导入。"""
    return _inputs(line, claim, terms, "deceased")


@line_rule("C10", "worker_in_prison", "服刑人员", BLOCK, law=COMPARED, confidential=True)
def worker_in_prison(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工入职至符合条件期间在服刑人员名单中，不予奖补；名单有误的，请由提供名单的部门更正后重新导入。"""
    return _inputs(line, claim, terms, "in_prison")


@line_rule("C10", "worker_student", "在校学生", REVIEW, law=COMPARED, confidential=True)
def worker_student(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在在校学生名单中，请核实是否建立劳动关系（实习不属于就业）。"""
    return _inputs(line, claim, terms, "student")


@line_rule("C10", "worker_pensioner", "已领取养老金", REVIEW, law=COMPARED, confidential=True)
def worker_pensioner(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在领取养老金人员名单中，请核实是否建立劳动关系。"""
    return _inputs(line, claim, terms, "pensioner")


@line_rule("C10", "worker_public_payroll", "财政供养人员", REVIEW, law=COMPARED, confidential=True)
def worker_public_payroll(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在财政供养人员名单中，请核实是否在该企业就业。"""
    return _inputs(line, claim, terms, "public_payroll")


@line_rule("C10", "worker_drafted", "服役人员", REVIEW, law=COMPARED, confidential=True)
def worker_drafted(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工在服役人员名单中，请核实入伍时间和在岗情况。"""
    return _inputs(line, claim, terms, "drafted")


@line_rule(
    "C22",
    "worker_blacklisted",
    "员工失信",
    REVIEW,
    law="系统默认（可调整）：C22；国办发〔2020〕49号",
    confidential=True,
)
def worker_blacklisted(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工列入失信名单，请核实其本人和材料是否真实。"""
    return _inputs(line, claim, terms, "blacklist")
