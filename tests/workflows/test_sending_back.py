"""退回指定环节: to a named earlier decision. What rests on it is decided again; what others decided stands."""

import pytest
from django.db import transaction

from core.errors import Refusal
from project.demo.people import Cast
from tests.workflows.conftest import Filed
from tests.workflows.made import at, lines_in, review_at, say
from workflows.claims import Claim, ClaimLine
from workflows.reviews import Review
from workflows.sending_back import targets
from workflows.states import ClaimState, LineStatus, ReviewOutcome, Step, Verb
from workflows.words import LineWord

pytestmark = pytest.mark.django_db
LUOYANG, XINGTIAN, TOWN = "350521104201", "350521104215", "350521104"
S = ClaimState


@pytest.fixture
def cast(ours: Filed) -> Cast:
    return ours[0]


@pytest.fixture
def claim(ours: Filed) -> Claim:
    return ours[2]


def decided(claim: Claim, step: Step, area: str = "") -> Review:
    found = Review.objects.filter(claim=claim, step=step, outcome=ReviewOutcome.PASSED).order_by("-pk")
    return (found.filter(area__code=area) if area else found)[0]


def open_steps(claim: Claim) -> list[tuple[str, str]]:
    rows = Review.objects.filter(claim=claim, outcome="").order_by("step", "area__code")
    return list(rows.values_list("step", "area__code"))


def back(cast: Cast, claim: Claim, step: Step, to: Review | None, area: str = "") -> Claim:
    chosen = to.pk if to else None
    return say(cast, review_at(claim, step, area), Verb.SEND_BACK, opinion="请重新核实。", back_to=chosen)


def test_the_head_of_the_section_sends_to_one_village_and_the_other_is_not_asked_again(
    cast: Cast, claim: Claim
) -> None:
    claim = at(cast, claim, S.SECTION)
    claim = back(cast, claim, Step.SECTION_REVIEW, decided(claim, Step.VILLAGE_RECORD, LUOYANG))
    assert (claim.state, open_steps(claim)) == (S.VILLAGE, [(Step.VILLAGE_RECORD, LUOYANG)])
    say(cast, review_at(claim, Step.VILLAGE_RECORD))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM))
    assert (claim.state, open_steps(claim)) == (S.TOWNSHIP, [(Step.TOWNSHIP_REVIEW, TOWN)])
    claim = at(cast, claim, S.SECTION)
    assert Review.objects.filter(claim=claim, step=Step.VILLAGE_CONFIRM, area__code=XINGTIAN).count() == 1
    assert Review.objects.filter(claim=claim, step=Step.BUREAU_REVIEW).count() == 2


def test_a_second_of_a_pair_can_be_named_alone(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, S.BUREAU)
    claim = back(cast, claim, Step.BUREAU_REVIEW, decided(claim, Step.TOWNSHIP_SIGN))
    assert (claim.state, open_steps(claim)) == (S.TOWNSHIP, [(Step.TOWNSHIP_SIGN, TOWN)])
    claim = say(cast, review_at(claim, Step.TOWNSHIP_SIGN))
    assert (claim.state, open_steps(claim)) == (S.BUREAU, [(Step.BUREAU_REVIEW, "")])


def test_a_township_that_has_signed_stands_while_another_is_asked_again(cast: Cast, ours: Filed) -> None:
    from project.demo.filing import filed

    claim = at(cast, filed(cast, "agency", 4, seed=700, homes=["洛阳村", "张坂村"]), S.BUREAU)
    other = Review.objects.exclude(area__code=TOWN).get(claim=claim, step=Step.TOWNSHIP_SIGN)
    claim = back(cast, claim, Step.BUREAU_REVIEW, decided(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    assert (claim.state, open_steps(claim)) == (S.TOWNSHIP, [(Step.TOWNSHIP_REVIEW, TOWN)])
    claim = at(cast, claim, S.BUREAU)
    assert Review.objects.filter(claim=claim, step=Step.TOWNSHIP_SIGN, area=other.area).get() == other


def test_a_township_sends_to_its_village_and_what_lies_open_beside_it_comes_again(cast: Cast, ours: Filed) -> None:
    from project.demo.filing import filed

    claim = at(cast, filed(cast, "agency", 4, seed=720, homes=["洛阳村", "张坂村"]), S.TOWNSHIP)
    for review in Review.objects.filter(claim=claim, step=Step.TOWNSHIP_REVIEW, outcome=""):
        say(cast, review)
    beside = Review.objects.exclude(area__code=TOWN).get(claim=claim, step=Step.TOWNSHIP_SIGN, outcome="")
    claim = back(cast, claim, Step.TOWNSHIP_SIGN, decided(claim, Step.VILLAGE_RECORD, LUOYANG), TOWN)
    assert (claim.state, open_steps(claim)) == (S.VILLAGE, [(Step.VILLAGE_RECORD, LUOYANG)])
    beside.refresh_from_db()
    assert beside.outcome == ReviewOutcome.SUPERSEDED
    say(cast, review_at(claim, Step.VILLAGE_RECORD))
    claim = say(cast, review_at(claim, Step.VILLAGE_CONFIRM))
    assert (Step.TOWNSHIP_REVIEW, TOWN) in open_steps(claim)
    assert (Step.TOWNSHIP_SIGN, beside.area.code) in open_steps(claim)  # its handler's review still stands
    assert at(cast, claim, S.BUREAU).state == S.BUREAU


def test_people_deducted_by_a_decision_that_falls_come_back(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, S.VILLAGE)
    (line, *_rest), (other, *_more) = lines_in(claim, LUOYANG), lines_in(claim, XINGTIAN)
    for area, one in ((LUOYANG, line), (XINGTIAN, other)):
        say(cast, review_at(claim, Step.VILLAGE_RECORD, area))
        word = {one.pk: LineWord(Verb.DEDUCT, "not_found_at_employer", "未在岗")}
        say(cast, review_at(claim, Step.VILLAGE_CONFIRM, area), lines=word)
    claim = at(cast, claim, S.BUREAU)
    back(cast, claim, Step.BUREAU_REVIEW, decided(claim, Step.VILLAGE_CONFIRM, LUOYANG))
    stands = {row.pk: row.status for row in ClaimLine.objects.filter(pk__in=[line.pk, other.pk])}
    assert stands == {line.pk: LineStatus.LIVE, other.pk: LineStatus.DEDUCTED}


def test_the_leader_names_any_step_and_the_claim_is_published_again(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, S.LEADER)
    named = targets(review_at(claim, Step.LEADER_APPROVAL), Review.objects.filter(claim=claim).select_related("area"))
    assert [review.step for review in named] == [
        "section_review", "bureau_review", "township_sign", "township_review",
        "village_confirm", "village_confirm", "village_record", "village_record",
    ]  # fmt: skip
    claim = back(cast, claim, Step.LEADER_APPROVAL, decided(claim, Step.BUREAU_REVIEW))
    assert (claim.state, open_steps(claim)) == (S.BUREAU, [(Step.BUREAU_REVIEW, "")])
    say(cast, review_at(claim, Step.BUREAU_REVIEW))
    claim = say(cast, review_at(claim, Step.SECTION_REVIEW))
    assert (claim.state, open_steps(claim)) == (S.PUBLICITY, [(Step.PUBLISH, "")])


def refused(code: str, cast: Cast, review: Review, **more: object) -> None:
    with transaction.atomic(), pytest.raises(Refusal) as caught:
        say(cast, review, Verb.SEND_BACK, **more)
    assert caught.value.code == code


def test_only_a_decision_that_was_taken_below_can_be_named(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, S.BUREAU)
    review, acceptance = review_at(claim, Step.BUREAU_REVIEW), decided(claim, Step.ACCEPTANCE)
    refused("opinion_missing", cast, review, back_to=decided(claim, Step.TOWNSHIP_SIGN).pk)
    refused("step_missing", cast, review, opinion="请核")
    for wrong in (acceptance.pk, review.pk, 10**9):
        refused("step_not_earlier", cast, review, opinion="请核", back_to=wrong)
