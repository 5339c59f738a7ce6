"""The catalogue is whole: every check C01–C23 is a rule or a control, each control stands where it says."""

import importlib
import json
from pathlib import Path

import pytest

from policy.assess import assess
from policy.assessment import Severity
from policy.discretion import CONFIDENTIAL, NEUTRAL, discreet_row, for_claimant
from policy.facts import Listed
from policy.risk import HIGH, MEDIUM, NONE, risk_of
from policy.rules import RULES
from policy.rules.controls import CONTROLS, Control
from policy.terms import terms_from
from tests.policy.examples import agency, notice, scheme_dict, terms, worker

ROOT = Path(__file__).parents[2]
LATER = "C23"  # the labour register's monthly return


def test_every_number_of_the_brief_has_a_home() -> None:
    wanted = {f"C{n:02}" for n in range(1, 24)} - {LATER}
    assert {rule.number for rule in RULES} | {control.number for control in CONTROLS} >= wanted


@pytest.mark.parametrize("control", CONTROLS, ids=[control.number for control in CONTROLS])
def test_a_control_stands_where_it_says_and_is_tested(control: Control) -> None:
    module, name = control.home.split(":")
    assert callable(getattr(importlib.import_module(module), name))
    file, test = control.test.split("::")
    assert f"def {test}(" in (ROOT / file).read_text()


def test_only_blocking_rules_can_be_excepted_and_confidential_ones_name_no_list_to_claimants() -> None:
    assert {rule.number for rule in RULES if rule.waived_by} == {"C04"}
    assert all(rule.severity == Severity.BLOCK for rule in RULES if rule.waived_by)
    assert {rule.number for rule in RULES if rule.confidential} == {"C10", "C22"}
    result = assess(agency(worker(listed=(Listed(kind="deceased"),))), notice(), "x")
    told = for_claimant(result)
    assert told.lines[0].outcome == result.lines[0].outcome and told.lines[0].findings[0].message == NEUTRAL
    row = json.loads(json.dumps(result.as_json()))["lines"][0]["findings"][0]
    assert (
        row["code"] in CONFIDENTIAL
        and "死亡" not in str(discreet_row(row))
        and "deceased" not in str(discreet_row(row))
    )


def test_a_version_from_before_a_threshold_goes_by_its_default() -> None:
    older = scheme_dict()
    for name in ("insured_min_months", "high_risk_hits"):
        del older["checks"][name]
    read = terms_from(older)
    assert read.checks == notice().checks
    assert "按默认值" in read.article("checks.insured_min_months")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ({}, NONE),
        ({"still_employed": None}, NONE),
        ({"insured_months": None}, MEDIUM),
        ({"insured_months": None, "insured_in_zone_before": True}, HIGH),
        ({"same_files": 1}, HIGH),
        ({"still_employed": False}, HIGH),
    ],
)
def test_risk_follows_from_the_rules_that_fired(line: dict, level: int) -> None:
    assert risk_of(assess(agency(worker(**line)), notice(), "x"), notice()) == level


def test_the_number_of_marks_that_makes_high_is_a_parameter() -> None:
    three = terms(checks__high_risk_hits=3)
    claim = agency(worker(insured_months=None, insured_in_zone_before=True))
    assert risk_of(assess(claim, three, "x"), three) == MEDIUM
