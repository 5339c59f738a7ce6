"""A decision meets what is done around the review at the same moment: one comes first, the other is told so."""

from functools import partial

import pytest

from accounts.covers import name_deputy
from accounts.models import Cover
from core import clock
from core.timeline import breaks
from funds.models import FundSource
from project.demo.people import Cast
from project.demo.walking import say_yes
from tests.races.drafted import filed, people
from tests.races.together import DONE, at_once
from workflows.attention import Deed
from workflows.claims import Claim
from workflows.consultations import Consultation, Seat
from workflows.consulting import answer, consult, delegate
from workflows.deciding import decide
from workflows.handing_on import reassign, resume, suspend
from workflows.noticing import copy_to, favour, urge
from workflows.reviews import Review
from workflows.states import ClaimState, Step, Verb

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def fresh(cast: Cast, turn: int, workers: list) -> tuple[Claim, Review]:
    claim = filed(cast["agency"], workers[2 * turn : 2 * turn + 2])
    return claim, Review.objects.select_related("area").get(claim=claim, step=Step.ACCEPTANCE)


def bureau_reviews(cast: Cast, turn: int, workers: list) -> tuple[Claim, Review]:
    """A claim whose bureau review waits: decided by the second handler's colleague or suspended."""
    from project.demo.walking import walk

    claim, _review = fresh(cast, turn, workers)
    claim = walk(cast, claim, ClaimState.BUREAU)
    return claim, Review.objects.select_related("area").get(claim=claim, step=Step.BUREAU_REVIEW, outcome="")


def test_reassigning_meets_the_decision(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 2 * ROUNDS, seed=5000)
    for turn in range(ROUNDS):
        claim, review = fresh(cast, turn, workers)
        to = cast["bureau2"].post_id
        answers = at_once(
            [partial(say_yes, cast, review), partial(reassign, review_id=review.pk, post_id=to, by=cast["bureau"])]
        )
        review.refresh_from_db()
        assert answers in ([DONE, "already_decided"], ["review_assigned", DONE])
        assert bool(review.outcome) == (answers[0] == DONE) == (review.assignee_id is None)
        assert Deed.objects.filter(claim=claim).count() == (answers[1] == DONE)
    assert list(breaks()) == []


def test_suspending_meets_the_decision(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 2 * ROUNDS, seed=5100)
    for turn in range(ROUNDS):
        _claim, review = bureau_reviews(cast, turn, workers)
        answers = at_once(
            [partial(say_yes, cast, review), partial(suspend, review_id=review.pk, by=cast["bureau2"], reason="等待")]
        )
        review.refresh_from_db()
        assert answers in ([DONE, "already_decided"], ["review_suspended", DONE])
        assert bool(review.outcome) == (answers[0] == DONE) == (review.suspended_at is None)
        if answers[1] == DONE:  # two resume at once: the clock is set forward once
            both = at_once([partial(resume, review_id=review.pk, by=cast[who]) for who in ("bureau", "bureau2")])
            assert sorted(both) == [DONE, "not_suspended"]
    assert list(breaks()) == []


def test_delegating_meets_the_decision(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 2 * ROUNDS, seed=5200)
    for turn in range(ROUNDS):
        _claim, review = fresh(cast, turn, workers)
        given = {"post_id": cast["bureau2"].post_id, "by": cast["bureau"], "task": "核对"}
        answers = at_once([partial(say_yes, cast, review), partial(delegate, review_id=review.pk, **given)])
        review.refresh_from_db()
        assert answers in ([DONE, "already_decided"], ["review_delegated", DONE])
        assert bool(review.outcome) == (answers[0] == DONE)
        assert Consultation.objects.filter(review=review, ending="").count() == (answers[1] == DONE)


def test_two_ask_two_answer_and_the_round_ends_once(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 2 * ROUNDS, seed=5300)
    for turn in range(ROUNDS):
        _claim, review = fresh(cast, turn, workers)
        asked = {
            "post_ids": [cast[who].post_id for who in ("section", "leader")],
            "mode": "every",
            "question": "如何？",
        }
        both = at_once([partial(consult, review_id=review.pk, by=cast[w], **asked) for w in ("bureau", "bureau2")])
        assert sorted(both) == ["consultation_open", DONE]
        seats = {seat.user_id: seat.pk for seat in Seat.objects.filter(consultation__review=review)}
        said = [partial(answer, seat_id=seats[cast[w].user_id], by=cast[w], stance="agree", words="好的") for w in ("section", "leader")]  # fmt: skip
        assert at_once([*said, partial(decide, review_id=review.pk, by=cast["bureau"], verb=Verb.ACCEPT)])[:2] in (
            [DONE, DONE],
        )
        assert Consultation.objects.get(review=review).ending == Consultation.Ending.ANSWERED


def test_ten_urge_copy_and_favour_at_once(cast: Cast, fund: FundSource) -> None:
    claim, review = fresh(cast, 0, people(cast, 2, seed=5400))
    urged = at_once([partial(urge, review_id=review.pk, by=cast[w]) for w in ("section", "leader")], times=5)
    assert sorted(urged) == [DONE] + ["urged_today"] * 9
    copied = at_once([partial(copy_to, claim_id=claim.pk, post_ids=[cast["leader"].post_id], by=cast["bureau"])] * 4)
    assert copied == [DONE] * 4
    assert at_once([partial(favour, claim_id=claim.pk, by=cast["bureau"])] * 4) == [DONE] * 4
    assert Deed.objects.filter(claim=claim).count() == 2
    assert list(breaks()) == []


def test_one_deputy_is_named(cast: Cast, fund: FundSource) -> None:
    today = clock.today()
    named = {"first_day": today, "last_day": today, "reason": "休假", "by": cast["bureau"]}
    answers = at_once(
        [partial(name_deputy, deputy_id=cast[w].user_id, **named) for w in ("bureau2", "section", "leader")]
    )
    assert sorted(answers) == ["cover_overlaps", "cover_overlaps", DONE]
    assert Cover.objects.count() == 1
