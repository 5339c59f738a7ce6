"""C08, C12, C13: what people and units have in common that they should not: phones, accounts, addresses, files, numbers."""

from collections.abc import Iterable

from policy.assessment import Severity
from policy.facts import ClaimFacts, LineFacts
from policy.rules.registry import ALL, REFERRALS, Inputs, claim_rule, line_rule
from policy.terms import Terms

BLOCK, REVIEW = Severity.BLOCK, Severity.REVIEW


@line_rule("C08", "same_account", "申请人与用工企业同一账号", BLOCK, term="eligibility.exclude_self_employer")
def same_account(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请人的收款账号就是用工（调入）企业的账号，不予奖补。"""
    excluded = terms.eligibility.exclude_self_employer and ("account", line.employer.uscc) in claim.claimant.shares
    return {"employer_uscc": line.employer.uscc} if excluded else None


@line_rule("C08", "same_address", "申请单位与用工企业同一地址", REVIEW, term="eligibility.exclude_self_employer")
def same_address(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """申请单位与用工（调入）企业登记在同一地址，请核实是否为同一单位。"""
    shared = terms.eligibility.exclude_self_employer and ("address", line.employer.uscc) in claim.claimant.shares
    return {"employer_uscc": line.employer.uscc} if shared else None


@line_rule(
    "C08",
    "phone_of_claimant",
    "员工电话就是申请人电话",
    REVIEW,
    term="eligibility.exclude_self_employer",
    kinds=REFERRALS,
)
def phone_of_claimant(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """员工填写的电话就是申请人的电话，请另行联系员工本人核实。"""
    return {} if terms.eligibility.exclude_self_employer and line.phone_of_claimant else None


@claim_rule("C12", "phone_shared", "多人共用一个电话", REVIEW, term="checks.phone_shared_by")
def phone_shared(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """{workers}名员工填写同一个电话，请电话核实是否本人。"""
    for line in claim.lines:
        if line.phone_shared_by >= max(2, terms.checks.phone_shared_by):
            yield line.ref, {"workers": line.phone_shared_by}


@line_rule("C12", "phone_across_claimants", "不同申请人的员工共用电话", REVIEW, term="checks.phone_claimants")
def phone_across_claimants(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """该员工的电话还出现在另一名员工的申报中，涉及{claimants}家申请人，请电话核实是否本人。"""
    shared = line.phone_shared_by > 1 and line.phone_claimants >= max(2, terms.checks.phone_claimants)
    return {"claimants": line.phone_claimants} if shared else None


@claim_rule("C12", "account_shared", "多个申请人共用收款账号", REVIEW, term="checks.account_claimants", kinds=ALL)
def account_shared(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """该收款账号由{claimants}家申请人共用，请核对账户证明。"""
    if claim.claimant.account_shared_by >= max(2, terms.checks.account_claimants):
        yield None, {"claimants": claim.claimant.account_shared_by}


@claim_rule("C12", "address_shared", "多个申请单位登记同一地址", REVIEW, term="checks.address_claimants")
def address_shared(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """{claimants}家申请单位登记在同一地址，请核实是否实际经营。"""
    if claim.claimant.address_shared_by >= max(2, terms.checks.address_claimants):
        yield None, {"claimants": claim.claimant.address_shared_by}


@claim_rule(
    "C12",
    "account_holder_differs",
    "收款户名与申请人不符",
    BLOCK,
    law="《支付结算办法》；系统默认（可调整）：C12",
    kinds=ALL,
)
def account_holder_differs(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """收款账户户名与申请人名称不一致，请更换本人（本单位）的账户。"""
    holder = claim.claimant.account_holder
    if holder is not None and holder != claim.claimant.name:
        yield None, {}


@line_rule("C13", "id_numbers_close", "证件号码相连", REVIEW, term="checks.id_numbers_apart")
def id_numbers_close(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """名单中另有人员与该员工同一发证地、同一出生日期，证件顺序码只差{distance}，请核对证件原件。"""
    apart = terms.checks.id_numbers_apart
    close = line.id_distance is not None and 0 < line.id_distance <= apart
    return {"distance": line.id_distance} if close else None


@line_rule("C13", "same_file", "不同员工的材料是同一文件", REVIEW, law="系统默认（可调整）：C13；郑州2024伪造合同案")
def same_file(line: LineFacts, claim: ClaimFacts, terms: Terms) -> Inputs | None:
    """为该员工提交的材料与另外{people}人的材料是同一个文件，请核对原件。"""
    return {"people": line.same_files} if line.same_files > 0 else None
