"""The officials' example cases, and that each rule is shown by one."""

import json

import pytest

from policy.assess import assess
from policy.rules import RULES
from tests.policy.cases import CASES, Case
from tests.policy.examples import terms

LABEL = "qtz-2023-3/1"
# the second of a pair: shown on the last line, because the first one stays
ON_LAST_LINE = {"twice_in_claim"}


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_case(case: Case) -> None:
    result = assess(case.claim, terms(**case.terms), LABEL)
    line = result.lines[-1 if case.codes & ON_LAST_LINE else 0] if result.lines else None
    fired = {finding.code for finding in (*result.findings, *(line.findings if line else ()))}
    assert fired == case.codes
    assert (str(line.outcome) if line else "") == case.outcome
    assert result.total_fen == case.yuan * 100


def test_every_rule_is_shown_by_a_case() -> None:
    assert set().union(*(case.codes for case in CASES)) == {rule.code for rule in RULES}
    assert len(CASES) == len({case.what for case in CASES}) >= 100


@pytest.mark.parametrize("case", CASES, ids=[case.what for case in CASES])
def test_every_finding_can_be_stored_and_read_by_an_official(case: Case) -> None:
    result = assess(case.claim, terms(**case.terms), LABEL)
    assert json.loads(json.dumps(result.as_json()))["scheme"] == LABEL
    for finding in (*result.findings, *(found for line in result.lines for found in line.findings)):
        assert finding.article
        assert "{" not in finding.message
        assert finding.message[-1] in "。对位"


def test_a_blocked_claim_says_so_on_each_of_its_lines() -> None:
    nine = next(case for case in CASES if case.what == "九人调剂")
    result = assess(nine.claim, terms(), LABEL)
    assert [[(f.code, f.ref) for f in line.findings] for line in result.lines] == [
        [("few_persons", f"r{n}")] for n in range(9)
    ]
    assert result.headcount == 0


def test_rates_rest_on_the_notice() -> None:
    paid = {case.claim.kind: assess(case.claim, terms(), LABEL) for case in CASES}
    assert {kind: (result.rate_fen, result.rate_article) for kind, result in paid.items() if kind != "ambassador"} == {
        "agency": (100000, "泉台管办规〔2023〕3号一（六）"),
        "individual": (50000, "泉台管办规〔2023〕3号一（六）"),
        "platform": (50000, "泉台管办规〔2023〕3号一（四）"),
    }
