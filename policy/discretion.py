"""What a claimant may read of a finding: that something does not agree, not what another authority knows of a person.

A rule marked confidential (C10, C22 of workers) rests on lists of deaths, sentences, schools, payrolls; a claimant who
read which list it was could ask after anybody. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy.assessment import Assessment, Finding
from policy.rules import RULES

CONFIDENTIAL = frozenset(rule.code for rule in RULES if rule.confidential)
NEUTRAL = "该员工的情况与有关部门的数据不一致，请与民生保障局劳动保障科联系核实。"
WHOLE = {"code": "data_differ", "message": NEUTRAL, "article": "系统默认（可调整）：C10", "inputs": {}}


def discreet(finding: Finding) -> Finding:
    """The finding as its claimant may read it."""
    return replace(finding, **WHOLE) if finding.code in CONFIDENTIAL else finding  # type: ignore[arg-type]


def discreet_row(finding: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a stored finding (`Assessment.as_json`)."""
    return {**finding, **WHOLE} if finding.get("code") in CONFIDENTIAL else dict(finding)


def discreet_result(result: Mapping[str, Any]) -> dict[str, Any]:
    """A whole stored assessment as its claimant may read it."""
    lines = [{**line, "findings": list(map(discreet_row, line["findings"]))} for line in result.get("lines", [])]
    return {**result, "lines": lines, "findings": list(map(discreet_row, result.get("findings", [])))}


def for_claimant(assessment: Assessment) -> Assessment:
    """An assessment as its claimant may read it: outcomes and amounts as they are."""
    lines = tuple(replace(line, findings=tuple(map(discreet, line.findings))) for line in assessment.lines)
    return replace(assessment, lines=lines, findings=tuple(map(discreet, assessment.findings)))
