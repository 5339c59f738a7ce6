"""Second looks: who is drawn and drawn again, what a doubt holds up, and who may say what was found."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotAllowed, Refusal, WrongState
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from tests.workflows.made import at, review_at, say
from workflows import reverifying
from workflows.claims import Claim, ClaimLine
from workflows.reverifying import counts, record_second_look, second_looks
from workflows.samples import Reverification, Sample, draw
from workflows.states import ClaimState, Step, Verb
from workflows.words import LineWord

TOWN = "350521104"


@given(st.lists(st.uuids().map(str), unique=True, max_size=60), st.integers(0, 100), st.text(max_size=20))
def test_a_draw_is_a_share_rounded_up_and_the_same_again(population: list[str], pct: int, seed: str) -> None:
    drawn = draw(population, pct, seed)
    assert len(drawn) == -(-len(population) * pct // 100)
    assert drawn == draw(population, pct, seed) and set(drawn) <= set(population)
    assert set(draw(population[::-1], pct, seed)) == set(drawn)


@pytest.fixture
def claim(cast: Cast, fund: FundSource) -> Claim:
    """Ten people of one village, at their township; nothing about them is odd."""
    made = filed(cast, "agency", 10, seed=100, homes=["洛阳村"])
    Claim.objects.filter(pk=made.pk).update(risk=0)
    return at(cast, made, ClaimState.TOWNSHIP)


def found(cast: Cast, work: Reverification, outcome: str = "confirmed", *, by: str = "", **more: Any) -> Reverification:
    who = by or ("bureau" if work.area.kind == "zone" else f"handler:{TOWN}")
    return record_second_look(work_id=work.pk, by=cast[who], outcome=outcome, method="phone", **more)


def test_thirty_per_cent_at_the_township_ten_at_the_bureau(cast: Cast, claim: Claim) -> None:
    assert claim.reverifications.count() == 3
    claim = at(cast, claim, ClaimState.BUREAU)
    shares = {(sample.area.kind, sample.pct, len(sample.population)) for sample in claim.samples.all()}
    assert shares == {("township", 30, 10), ("zone", 10, 10)}
    assert claim.reverifications.count() == 4
    assert {work.due_on for work in claim.reverifications.all()} == {r.due_on for r in claim.reviews.filter(
        step__in=["township_review", "bureau_review"])}  # fmt: skip


def test_of_a_high_risk_claim_everybody_is_looked_at(cast: Cast, fund: FundSource) -> None:
    made = filed(cast, "agency", 4, seed=100, homes=["洛阳村"])
    Claim.objects.filter(pk=made.pk).update(risk=2)
    made = at(cast, made, ClaimState.TOWNSHIP)
    assert {work.why for work in made.reverifications.all()} == {"high_risk"} and made.reverifications.count() == 4


def test_a_township_sees_and_answers_its_own_once(cast: Cast, claim: Claim) -> None:
    work = claim.reverifications.first()
    assert second_looks(cast[f"handler:{TOWN}"], only="open").count() == 3
    assert counts(cast[f"lead:{TOWN}"]) == {"open": 3, "late": 0, "done": 0, "doubtful": 0}
    for who in ("handler:350521105", "clerk:350521104201", "agency"):
        assert not second_looks(cast[who]).exists()
    for who in ("handler:350521105", f"lead:{TOWN}", "bureau", "auditor"):
        with pytest.raises(NotAllowed):
            found(cast, work, by=who)
    found(cast, work)
    with pytest.raises(WrongState, match="已由"):
        found(cast, work)
    with pytest.raises(Refusal) as caught:
        found(cast, claim.reverifications.last(), "doubtful")
    assert caught.value.code == "note_missing"


def test_a_doubt_goes_to_the_bureau_and_holds_the_line(cast: Cast, claim: Claim) -> None:
    work = claim.reverifications.first()
    found(cast, work, "doubtful", note="电话无人接听，企业称未见其人。")
    claim = at(cast, claim, ClaimState.BUREAU)
    review = review_at(claim, Step.BUREAU_REVIEW)
    with pytest.raises(Refusal) as caught:
        say(cast, review, opinion="已核对。")
    assert caught.value.code == "reverification_doubtful"
    again = Reverification.objects.get(line=work.line, area__kind="zone")
    assert again.why == "doubtful"
    found(cast, again, "confirmed")
    assert say(cast, review, opinion="已到企业核实。").state == ClaimState.SECTION


def test_whom_a_township_doubts_the_bureau_looks_at_once(
    cast: Cast, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = claim.reverifications.first()
    found(cast, work, "doubtful", note="电话无人接听。")
    monkeypatch.setattr(reverifying, "draw", lambda population, pct, seed: population)
    claim = at(cast, claim, ClaimState.BUREAU)
    again = Reverification.objects.filter(claim=claim, area__kind="zone")
    assert (again.count(), again.get(line=work.line).why) == (10, "doubtful")


def test_what_stays_doubtful_is_deducted_by_the_ordinary_verb(cast: Cast, claim: Claim) -> None:
    work = claim.reverifications.first()
    found(cast, work, "doubtful", note="企业称未见其人。")
    claim = at(cast, claim, ClaimState.BUREAU)
    words = {work.line_id: LineWord(Verb.DEDUCT, "not_found_at_employer", "复核未到岗")}
    claim = say(cast, review_at(claim, Step.BUREAU_REVIEW), opinion="核减一人。", lines=words)
    assert claim.state == ClaimState.SECTION
    claim = at(cast, claim, ClaimState.PUBLICITY)
    assert ClaimLine.objects.get(pk=work.line_id).status == "deducted"


def test_an_auditor_draws_the_same_people_again(cast: Cast, claim: Claim) -> None:
    out = io.StringIO()
    call_command("redraw_sample", claim=claim.number, stdout=out)
    told = json.loads(out.getvalue())
    sample = Sample.objects.get(claim=claim)
    assert told["same"] and told["seed"] == sample.seed and len(told["drawn"]) == 3
    claim.reverifications.first().delete()
    with pytest.raises(SystemExit):
        call_command("redraw_sample", stdout=io.StringIO())
