"""The rules: numbered, dated, cited, pure. `RULES` in the order they are asked; reasons a line may be deducted for."""

from policy.assessment import Severity
from policy.rules import (
    ambassador,
    duplicates,
    employment,
    evidence,
    identity,
    lending,
    likeness,
    listed,
    parties,
    periods,
    volume,
)
from policy.rules.registry import RULES as _WRITTEN
from policy.rules.registry import Rule

_TOPICS = (
    identity, periods, duplicates, listed, employment, lending, parties, likeness, evidence, volume, ambassador,
)  # fmt: skip
_PLACE = {topic.__name__: place for place, topic in enumerate(_TOPICS)}

RULES: tuple[Rule, ...] = tuple(sorted(_WRITTEN, key=lambda rule: _PLACE[rule.check.__module__]))

OFFICER_REASONS: dict[str, str] = {
    "not_found_at_employer": "核实未到岗",
    "evidence_missing": "材料缺失，未按期补正",
    "material_false": "材料不实",
    "duplicate_claim": "重复申报",
    "other": "其他（须写明事实和依据）",
}
_TITLE_ONLY = ("ambassador",)
DEDUCTION_REASONS: dict[str, str] = OFFICER_REASONS | {
    rule.code: rule.label for rule in RULES if rule.severity != Severity.INFO and rule.kinds != _TITLE_ONLY
}
