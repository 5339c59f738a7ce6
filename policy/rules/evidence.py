"""A17: the evidence a claim kind must bring."""

from collections.abc import Iterable, Sequence

from policy.assessment import Severity
from policy.facts import ClaimFacts
from policy.parameters import EvidenceSet
from policy.rules.registry import ALL, Inputs, claim_rule
from policy.terms import Terms

EVIDENCE_LABELS: dict[str, str] = {
    "id_check": "身份证明",
    "business_licence": "营业执照",
    "hr_licence": "人力资源服务许可证",
    "contract": "劳动合同",
    "insurance_proof": "社保缴费证明",
    "payroll_proof": "工资发放证明",
    "lending_agreement": "用工调剂协议",
    "roster": "花名册（盖章件）",
    "referral_letter": "推荐函或企业确认函",
    "bank_proof": "银行账户证明",
    "commitment": "承诺书",
    "no_duplicate_statement": "未重复享受声明",
}


def evidence_set(kind: str, terms: Terms) -> EvidenceSet:
    """What a claim kind must bring and may be asked for."""
    return getattr(terms.evidence, kind)


@claim_rule(
    "A17", "evidence_required", "缺少必需材料", Severity.REVIEW, law="系统默认（可调整）：A17，参数 evidence", kinds=ALL
)
def evidence_required(claim: ClaimFacts, terms: Terms) -> Iterable[tuple[str | None, Inputs]]:
    """缺少{missing}，请补充，或由经办人员核对数据后说明。"""
    required = evidence_set(claim.kind, terms).required
    at_hand = claim.evidence.union(*(line.evidence for line in claim.lines))
    if nowhere := [kind for kind in required if kind not in at_hand]:
        yield None, _missing(nowhere)
    for line in claim.lines:
        mine = claim.evidence | line.evidence
        if lacking := [kind for kind in required if kind in at_hand and kind not in mine]:
            yield line.ref, _missing(lacking)


def _missing(kinds: Sequence[str]) -> Inputs:
    return {"missing": [EVIDENCE_LABELS.get(kind, kind) for kind in kinds], "kinds": list(kinds)}
