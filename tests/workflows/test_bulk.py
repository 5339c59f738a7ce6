"""One word on many reviews: each is decided by the single command in a transaction of its own, and each is answered."""

import pytest

from accounts.models import Area
from core.models import Event
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, copies
from workflows.claims import Claim
from workflows.consulting import consult
from workflows.deciding import decide, decide_many
from workflows.handing_on import reassign, suspend
from workflows.noticing import urge
from workflows.reviews import Decision, Review
from workflows.states import ClaimState, Step, Verb

pytestmark = pytest.mark.django_db
MANY = 200


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_two_hundred_of_which_five_must_fail(cast: Cast) -> None:
    """Decided already, suspended, assigned to a colleague, waiting for opinions, and one the officer filed himself."""
    village = Area.objects.get(code="350521104201")
    copies(claim_at(cast, ClaimState.BUREAU, villages=[village], heads=1), MANY - 1)
    reviews = list(Review.objects.filter(step=Step.BUREAU_REVIEW, outcome="").order_by("pk"))
    by, other = cast["bureau"], cast["bureau2"]
    gone, still, handed, asking, own = reviews[3], reviews[50], reviews[99], reviews[150], reviews[199]
    decide(review_id=gone.pk, by=other, verb=Verb.PASS)
    suspend(review_id=still.pk, by=by, reason="等待仲裁")
    reassign(review_id=handed.pk, post_id=other.post_id, by=by)
    consult(review_id=asking.pk, post_ids=[cast["leader"].post_id], by=by, mode="every", question="如何？")
    Claim.objects.filter(pk=own.claim_id).update(created_by=by.user)
    urge(review_id=reviews[0].pk, by=cast["section"])  # hinders nothing

    answers = decide_many(review_ids=[review.pk for review in reviews], by=by, verb=Verb.PASS, opinion="同意")

    assert [answer.review_id for answer in answers] == [review.pk for review in reviews]
    refused = {answer.review_id: answer.code for answer in answers if not answer.ok}
    assert refused == {
        gone.pk: "already_decided",
        still.pk: "review_suspended",
        handed.pk: "review_assigned",
        asking.pk: "opinions_open",
        own.pk: "own_claim",
    }
    assert all(len(answer.message) > 5 and answer.claim for answer in answers if not answer.ok)
    assert Claim.objects.filter(state=ClaimState.SECTION).count() == MANY - 5 + 1
    assert Decision.objects.filter(by=by.user, verb=Verb.PASS).count() == MANY - 5
    assert Event.objects.filter(by_id=by.user_id, verb=Verb.PASS).count() == MANY - 5
