"""C08, C09, C22, A6, A11, A12, A28: employers, claimants, and the ties between them."""

from collections.abc import Iterable

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.rules.registry import ALL, REFERRALS, Inputs, claim_rule, line_rule
from policy.terms import Terms

BLOCK, REVIEW = Severity.BLOCK, Severity.REVIEW


@line_rule("C09", "employer_outside_zone", "用工企业不在区内", BLOCK, term="eligibility.employer_must_be_in_zone")
def employer_outside_zone(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工（调入）企业不在区内注册或参保，不予奖补（A12）。"""
    wanted = terms.eligibility.employer_must_be_in_zone != "any"
    return {"employer_uscc": line.employer.uscc} if wanted and line.employer.in_zone is False else None


@line_rule("C09", "employer_not_registered", "用工企业待核", REVIEW, term="eligibility.employer_must_be_in_zone")
def employer_not_registered(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工（调入）企业不在本系统登记名册中，请核实是否在区内注册或参保（A12）。"""
    wanted = terms.eligibility.employer_must_be_in_zone != "any"
    return {"employer_uscc": line.employer.uscc} if wanted and line.employer.in_zone is None else None


@line_rule(
    "C09",
    "employer_is_dispatch",
    "用工企业为劳务派遣或人力资源企业",
    BLOCK,
    term="eligibility.exclude_dispatch_workers",
)
def employer_is_dispatch(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工（调入）企业是劳务派遣或人力资源企业，不属于奖补的用工企业（A12）。"""
    excluded = terms.eligibility.exclude_dispatch_workers and line.employer.is_dispatch
    return {"employer_uscc": line.employer.uscc} if excluded else None


@line_rule("C09", "employer_is_public", "用工单位为机关事业单位", BLOCK, term="eligibility.employer_must_be_in_zone")
def employer_is_public(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工（调入）单位是机关或事业单位，不属于“台商区企业”（A12）。"""
    return {"employer_uscc": line.employer.uscc} if line.employer.is_public_body else None


@line_rule(
    "C09", "dispatch_worker", "劳务派遣人员", BLOCK, term="eligibility.exclude_dispatch_workers", kinds=REFERRALS
)
def dispatch_worker(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工是劳务派遣人员，不予奖补（A12）。"""
    return {} if terms.eligibility.exclude_dispatch_workers and line.is_dispatch_worker else None


@line_rule(
    "C09", "licence_missing", "没有有效许可证", BLOCK, term="eligibility.agency_licence_valid_on", kinds=("agency",)
)
def licence_missing(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请机构没有登记人力资源服务许可证，不得从事职业中介，不予奖补。"""
    return {} if claim.claimant.licence_from is None else None


@line_rule(
    "C09", "licence_expired", "许可证不在有效期", BLOCK, term="eligibility.agency_licence_valid_on", kinds=("agency",)
)
def licence_expired(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """人力资源服务许可证有效期{licence_from}至{licence_to}，{day}引进时不在有效期内，不予奖补。"""
    day = line.hire_date if terms.eligibility.agency_licence_valid_on == "referral_date" else claim.filed_on
    valid_from, valid_to = claim.claimant.licence_from, claim.claimant.licence_to
    if day is None or valid_from is None:
        return None
    if valid_from <= day and (valid_to is None or day <= valid_to):
        return None
    return {"licence_from": valid_from, "licence_to": valid_to, "day": day}


@line_rule("C08", "self_employer", "申请人与用工企业为同一单位", BLOCK, term="eligibility.exclude_self_employer")
def self_employer(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请单位就是用工（调入、调出）企业，自己引进自己的员工不予奖补。"""
    units = {line.employer.uscc} | ({line.lender.uscc} if line.lender else set())
    same = bool(claim.claimant.uscc) and claim.claimant.uscc in units
    return {"claimant_uscc": claim.claimant.uscc} if terms.eligibility.exclude_self_employer and same else None


@line_rule(
    "C08", "same_representative", "申请单位与用工企业同一法定代表人", BLOCK, term="eligibility.exclude_self_employer"
)
def same_representative(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请单位与用工（调入）企业的法定代表人是同一人，不予奖补。"""
    mine, theirs = claim.claimant.legal_representative, line.employer.legal_representative
    same = terms.eligibility.exclude_self_employer and bool(mine) and mine == theirs
    return {"employer_uscc": line.employer.uscc} if same else None


@line_rule(
    "C08", "self_referral", "引进人与员工为同一人", BLOCK, term="eligibility.exclude_self_employer", kinds=REFERRALS
)
def self_referral(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工就是申请人本人，不能引进自己。"""
    return {} if line.person and line.person == claim.claimant.person else None


@line_rule(
    "A28",
    "claimant_runs_employer",
    "申请人为用工企业法定代表人或人事人员",
    REVIEW,
    law="系统默认（可调整）：A28",
    kinds=("individual",),
)
def claimant_runs_employer(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请人是该用工企业的法定代表人或人事人员，招工属于其本职，请核实是否应予奖补（A28）。"""
    person, uscc = claim.claimant.person, line.employer.uscc
    represents = bool(person) and person == line.employer.legal_representative
    return {"employer_uscc": uscc} if represents or uscc in claim.claimant.employer_hr_of else None


@claim_rule(
    "A28", "claimant_public_payroll", "申请人为财政供养人员", REVIEW, law="系统默认（可调整）：A28",
    kinds=("individual", "ambassador"),
)  # fmt: skip
def claimant_public_payroll(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """申请人是财政供养人员，请核实是否应予奖补（A28）。"""
    if claim.claimant.public_payroll:
        yield from _on_every_line(claim)


@claim_rule(
    "A11",
    "claimant_outside_zone",
    "申请人不在区内",
    BLOCK,
    term="eligibility.individual_claimant_scope",
    kinds=REFERRALS,
)
def claimant_outside_zone(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """通知支持“我区”的机构和个人：申请人不在区内注册、居住或参保，不予奖补。"""
    if _must_be_in_zone(claim, terms) and claim.claimant.in_zone is False and not _works_in_zone(claim):
        yield None, {"kind": claim.kind}


@claim_rule(
    "A11",
    "claimant_zone_unknown",
    "申请人是否在区内待核",
    REVIEW,
    term="eligibility.individual_claimant_scope",
    kinds=REFERRALS,
)
def claimant_zone_unknown(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """没有申请人在区内注册、居住或参保的记录，请核实是否属于“我区”机构或个人。"""
    if _must_be_in_zone(claim, terms) and claim.claimant.in_zone is None and not _works_in_zone(claim):
        yield from _on_every_line(claim)


@claim_rule("C22", "claimant_blacklisted", "申请人失信", REVIEW, law="系统默认（可调整）：C22；国办发〔2020〕49号")
def claimant_blacklisted(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """申请人列入失信名单，请核实后再决定。"""
    if claim.claimant.blacklisted:
        yield from _on_every_line(claim)


@claim_rule(
    "C22", "claimed_falsely_before", "申请人曾有虚假申报", REVIEW, law="系统默认（可调整）：C22；国办发〔2020〕49号",
    kinds=ALL,
)  # fmt: skip
def claimed_falsely_before(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """申请人以前的申报中有{people}人因材料不实被核减或作废，请逐人核实。"""
    if claim.claimant.false_before:
        for ref in (None, *(line.ref for line in claim.lines)):
            yield ref, {"people": claim.claimant.false_before}


@line_rule(
    "C22", "employer_blacklisted", "用工企业失信", REVIEW, law="系统默认（可调整）：C22；国办发〔2020〕49号"
)  # fmt: skip
def employer_blacklisted(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """用工（调入）企业列入失信名单，请核实是否真实用工。"""
    return {"employer_uscc": line.employer.uscc} if line.employer.blacklisted else None


def _on_every_line(claim: ClaimFacts) -> Iterable[tuple[str | None, Inputs]]:
    """A doubt about the claimant is a doubt about each of his lines: an officer must look before any is paid."""
    yield None, {}
    for line in claim.lines:
        yield line.ref, {}


def _must_be_in_zone(claim: ClaimFacts, terms: Terms) -> bool:
    return claim.kind == "agency" or terms.eligibility.individual_claimant_scope != "any"


def _works_in_zone(claim: ClaimFacts) -> bool:
    """An individual in service at a zone employer of this claim counts as one of the zone's (A11)."""
    return claim.kind == "individual" and any(
        line.employer.in_zone and line.employer.uscc in claim.claimant.employed_at for line in claim.lines
    )
