"""Exceptions to blocking rules: pleaded, decided once by the officer the rule names, shown on the line and the paper."""

from datetime import date

import pytest

from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from funds.models import FundSource
from project.demo.filing import draft
from project.demo.people import Cast
from tests.workflows.made import at, review_at, say
from workflows.check_exports import _rows
from workflows.claim_page import claim_page
from workflows.claims import Claim
from workflows.filing import file_claim
from workflows.papers import approval
from workflows.states import ClaimState, Step
from workflows.waivers import Waiver
from workflows.waiving import decide_waiver, waivers_for

LATE = date(2024, 3, 1)
PLEA = "去年因洪灾企业停产，材料延误。"


@pytest.fixture
def late(cast: Cast, fund: FundSource) -> Claim:
    """A claim filed past its window, with a plea; nobody has decided on it."""
    made = draft(cast, "agency", 2, seed=5, hired=LATE)
    return file_claim(claim_id=made.pk, by=cast["agency"], plea=PLEA)


def test_a_plea_lets_a_late_line_be_filed_and_is_worth_nothing_yet(cast: Cast, late: Claim) -> None:
    assert {(w.rule, w.code, w.role, w.plea) for w in late.waivers.all()} == {
        ("C04", "filed_late", "bureau_leader", PLEA)
    }
    assert late.amount_fen == 0 and {line.outcome for line in late.lines.all()} == {"refuse"}
    assert late.risk == 2


def test_no_plea_helps_against_another_block(cast: Cast, fund: FundSource) -> None:
    made = draft(cast, "agency", 2, seed=5, hired=date(2025, 10, 20))
    with pytest.raises(Refusal) as caught:
        file_claim(claim_id=made.pk, by=cast["agency"], plea=PLEA)
    assert caught.value.code == "lines_refused"


def test_the_bureau_cannot_pass_it_undecided_and_can_once_granted(cast: Cast, late: Claim) -> None:
    late = at(cast, late, ClaimState.BUREAU)
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(late, Step.BUREAU_REVIEW), opinion="已核对。")
    assert caught.value.code == "line_blocked"
    for waiver in late.waivers.all():
        with pytest.raises(NotAllowed):
            decide_waiver(waiver_id=waiver.pk, by=cast["section"], grant=True, reason="同意。")
        with pytest.raises(Refusal, match="理由"):
            decide_waiver(waiver_id=waiver.pk, by=cast["leader"], grant=True, reason=" ")
        decide_waiver(waiver_id=waiver.pk, by=cast["leader"], grant=True, reason="灾情属实。")
    assert late.amount_fen == 200_000
    with pytest.raises(WrongState, match="不能更改"):
        decide_waiver(waiver_id=waiver.pk, by=cast["leader"], grant=False, reason="改主意。")
    late = say(cast, review_at(late, Step.BUREAU_REVIEW), opinion="已核对。")
    assert late.state == ClaimState.SECTION
    said = [citation.message for citation in approval(late).citations]
    assert sum("灾情属实" in message for message in said) == 2
    assert Event.objects.filter(chain=late.chain, verb="waive").count() == 2
    view = claim_page(claim_id=late.pk, by=cast["section"]).lines.object_list[0]
    assert [waiver.reason for waiver in view.waivers] == ["灾情属实。"]
    assert any(f["code"] == "filed_late" and f["severity"] == "review" for f in view.findings)


def test_denied_it_stays_blocked_and_auditors_read_all(cast: Cast, late: Claim) -> None:
    waiver = late.waivers.first()
    decide_waiver(waiver_id=waiver.pk, by=cast["leader"], grant=False, reason="无证据。")
    assert late.amount_fen == 0
    assert waivers_for(cast["auditor"]).count() == 2 and not waivers_for(cast["agency"]).exists()
    rows = list(_rows(cast["auditor"], {"only": "decided"}))
    assert len(rows) == 1 and rows[0][0] == late.number and "无证据。" in rows[0]
    assert Waiver.objects.filter(outcome="").count() == 1


def test_a_marked_person_needs_a_word_from_whoever_looks_first(cast: Cast, late: Claim) -> None:
    late.lines.update(outcome="review")
    late = at(cast, late, ClaimState.BUREAU)
    with pytest.raises(Refusal) as caught:
        say(cast, review_at(late, Step.BUREAU_REVIEW))
    assert caught.value.code == "opinion_missing"
