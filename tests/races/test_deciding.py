"""Officers who decide at the same moment: nothing is lost, nothing is done twice, nobody sees a fault."""

from functools import partial

import pytest

from accounts.models import Area
from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from project.demo.people import Cast
from project.demo.walking import officer_of, say_yes, walk
from tests.races.drafted import filed, people
from tests.races.together import DONE, at_once
from workflows.claims import Claim
from workflows.deciding import decide
from workflows.filing import withdraw
from workflows.recalling import recall
from workflows.reviews import Decision, Review
from workflows.states import ClaimState, ReviewOutcome, Step, Verb

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def eight_villages() -> list[Area]:
    """Three villages of two townships each, and two of a third."""
    villages = Area.objects.filter(kind=Area.Kind.VILLAGE)
    return [
        area
        for township, wanted in (("350521104", 3), ("350521105", 3), ("350521106", 2))
        for area in villages.filter(code__startswith=township)[:wanted]
    ]


def open_at(claim: Claim, step: Step) -> list[Review]:
    return list(Review.objects.filter(claim=claim, step=step, outcome="").select_related("area").order_by("pk"))


def test_eight_village_heads_confirm_at_once(cast: Cast, fund: FundSource) -> None:
    villages = eight_villages()
    workers = people(cast, 8 * ROUNDS, seed=1000, homes=[area.name for area in villages])
    for turn in range(ROUNDS):
        claim = filed(cast["agency"], workers[8 * turn : 8 * turn + 8])
        claim = walk(cast, claim, ClaimState.VILLAGE)
        for review in open_at(claim, Step.VILLAGE_RECORD):
            say_yes(cast, review)
        confirming = open_at(claim, Step.VILLAGE_CONFIRM)
        assert {review.area_id for review in confirming} == {area.pk for area in villages}

        answers = at_once([partial(say_yes, cast, review) for review in confirming])

        assert answers == [DONE] * 8
        claim.refresh_from_db()
        assert claim.state == ClaimState.TOWNSHIP
        reviews = open_at(claim, Step.TOWNSHIP_REVIEW)
        assert sorted(review.area.code for review in reviews) == ["350521104", "350521105", "350521106"]
        assert Decision.objects.filter(review__in=confirming).count() == 8
        events = Event.objects.filter(chain=claim.chain, verb=Verb.PASS, data__step=Step.VILLAGE_CONFIRM)
        assert sorted(event.data["review"] for event in events) == sorted(review.pk for review in confirming)
    assert list(breaks()) == []


def test_fifty_submissions_of_one_decision_decide_once(cast: Cast, fund: FundSource) -> None:
    claim = filed(cast["agency"], people(cast, 3, seed=50))
    (review,) = open_at(claim, Step.ACCEPTANCE)
    answers = at_once([partial(say_yes, cast, review)] * 10, times=5)
    assert sorted(answers) == ["already_decided"] * 49 + [DONE]
    assert Decision.objects.filter(claim=claim).count() == 1
    assert Event.objects.filter(chain=claim.chain, verb=Verb.ACCEPT).count() == 1
    assert list(breaks()) == []


def test_two_officers_say_opposite_things_of_one_review(cast: Cast, fund: FundSource) -> None:
    """Acceptance by one handler, refusal by the other: one stands, and the claim agrees with it."""
    workers = people(cast, 15, seed=200)
    for turn in range(5):
        claim = filed(cast["agency"], workers[3 * turn : 3 * turn + 3])
        (review,) = open_at(claim, Step.ACCEPTANCE)
        answers = at_once(
            [
                partial(decide, review_id=review.pk, by=cast["bureau"], verb=Verb.ACCEPT),
                partial(decide, review_id=review.pk, by=cast["bureau2"], verb=Verb.REFUSE, opinion="材料不实。"),
            ]
        )
        assert sorted(answers) == ["already_decided", DONE]
        claim.refresh_from_db()
        assert (claim.state == ClaimState.REFUSED) == (answers[1] == DONE)
        assert Decision.objects.filter(claim=claim).count() == 1


def test_approval_and_withdrawal_at_once(cast: Cast, fund: FundSource) -> None:
    """Either the money is reserved and the claim stands, or the claim is withdrawn and nothing is reserved."""
    workers = people(cast, 15, seed=300)
    for turn in range(5):
        before = FundSource.objects.get(pk=fund.pk).reserved_fen
        claim = walk(cast, filed(cast["agency"], workers[3 * turn : 3 * turn + 3]), ClaimState.LEADER)
        (review,) = open_at(claim, Step.LEADER_APPROVAL)
        answers = at_once(
            [
                partial(say_yes, cast, review, fund=fund),
                partial(withdraw, claim_id=claim.pk, by=cast["agency"], reason="不再申报"),
            ]
        )
        claim.refresh_from_db()
        reserved = FundSource.objects.get(pk=fund.pk).reserved_fen - before
        if answers[0] == DONE:
            assert (answers[1], claim.state, reserved) == ("too_late_to_withdraw", ClaimState.PAYABLE, 300_000)
        else:
            assert (answers, claim.state, reserved) == (["already_decided", DONE], ClaimState.WITHDRAWN, 0)
        assert not Review.objects.filter(claim=claim, outcome="").exists()


def test_two_approvals_never_promise_the_same_money(cast: Cast, fund: FundSource) -> None:
    """The fund has room for one of two claims; their approvals meet."""
    workers = people(cast, 6, seed=400)
    claims = [walk(cast, filed(cast["agency"], three), ClaimState.LEADER) for three in (workers[:3], workers[3:])]
    FundSource.objects.filter(pk=fund.pk).update(amount_fen=400_000)
    answers = at_once([partial(say_yes, cast, open_at(claim, Step.LEADER_APPROVAL)[0], fund=fund) for claim in claims])
    assert sorted(answers) == [DONE, "fund_short"]
    assert FundSource.objects.get(pk=fund.pk).reserved_fen == 300_000
    assert Claim.objects.filter(state=ClaimState.PAYABLE).count() == 1


def test_recall_meets_the_next_officer(cast: Cast, fund: FundSource) -> None:
    """A clerk takes his record back while the head confirms it: one of the two, and one open review afterwards."""
    workers = people(cast, 15, seed=500, homes=[eight_villages()[0].name])
    for turn in range(5):
        claim = filed(cast["agency"], workers[3 * turn : 3 * turn + 3])
        claim = walk(cast, claim, ClaimState.VILLAGE)
        (record,) = open_at(claim, Step.VILLAGE_RECORD)
        say_yes(cast, record)
        (confirm,) = open_at(claim, Step.VILLAGE_CONFIRM)
        answers = at_once(
            [partial(say_yes, cast, confirm), partial(recall, review_id=record.pk, by=officer_of(cast, record))]
        )
        claim.refresh_from_db()
        (still_open,) = Review.objects.filter(claim=claim, outcome="")
        confirm.refresh_from_db()
        if answers[0] == DONE:
            assert answers[1] == "recall_too_late"
            assert (claim.state, still_open.step) == (ClaimState.TOWNSHIP, Step.TOWNSHIP_REVIEW)
            assert confirm.outcome == ReviewOutcome.PASSED
        else:
            assert answers == ["already_decided", DONE]
            assert (claim.state, still_open.step) == (ClaimState.VILLAGE, Step.VILLAGE_RECORD)
            assert confirm.outcome == ReviewOutcome.SUPERSEDED
    assert list(breaks()) == []
