"""催办, 抄送 and 已阅, 收藏: what draws officers' attention to a claim and moves nothing."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refusal
from core.models import Event
from core.timeline import breaks
from project.demo.people import Cast
from tests.workflows.conftest import Filed
from tests.workflows.made import review_at
from workflows.attention import Copy, Deed, DeedVerb, Favourite
from workflows.claims import Claim
from workflows.noticing import copy_to, favour, mark_read, urge
from workflows.states import Step

pytestmark = pytest.mark.django_db
LUOYANG = "350521104201"


@pytest.fixture
def cast(ours: Filed) -> Cast:
    return ours[0]


@pytest.fixture
def claim(ours: Filed) -> Claim:
    return ours[2]


def refused(code: str, command: object, /, **arguments: object) -> None:
    with transaction.atomic(), pytest.raises(Refusal) as caught:
        command(**arguments)  # type: ignore[operator]
    assert (caught.value.code, len(caught.value.message) > 5) == (code, True)


def events(claim: Claim, verb: str) -> list[Event]:
    return list(Event.objects.filter(chain=claim.chain, verb=verb))


# 催办


def test_a_review_is_urged_once_a_working_day(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    urge(review_id=review.pk, by=cast["section"], note="申报人多次来电")
    refused("urged_today", urge, review_id=review.pk, by=cast["leader"])
    with clock.travel(date(2025, 11, 29)):  # a Saturday counts for the Monday after it
        urge(review_id=review.pk, by=cast["section"])
    with clock.travel(date(2025, 12, 1)):
        refused("urged_today", urge, review_id=review.pk, by=cast["section"])
    deed = Deed.objects.filter(verb=DeedVerb.URGE).last()
    deed.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        deed.save(force_insert=True)
    assert len(events(claim, "urge")) == 2


def test_who_urges(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    for by, code in (
        ("bureau", "urge_own"),
        ("auditor", "urge_not_yours"),
        ("maker", "claim_not_visible"),
        (f"clerk:{LUOYANG}", "claim_not_visible"),
    ):
        refused(code, urge, review_id=review.pk, by=cast[by])


# 抄送, 已阅, 收藏


def test_a_copy_reaches_whoever_may_see_the_claim_until_he_has_read_it(cast: Cast, claim: Claim) -> None:
    to = [cast["leader"].post_id, cast["auditor"].post_id]
    assert len(copy_to(claim_id=claim.pk, post_ids=to, by=cast["bureau"], note="请关注")) == 2
    assert copy_to(claim_id=claim.pk, post_ids=to, by=cast["bureau"]) == []  # still unread
    copy = Copy.objects.get(to=cast["leader"].user)
    refused("copy_not_to_you", mark_read, copy_id=copy.pk, by=cast["section"])
    assert mark_read(copy_id=copy.pk, by=cast["leader"]).read_at
    assert len(copy_to(claim_id=claim.pk, post_ids=to, by=cast["bureau"])) == 1
    assert (len(events(claim, "copy")), len(events(claim, "read_copy"))) == (3, 1)
    for other in ("maker", f"clerk:{LUOYANG}", "agency"):
        refused("colleague_unfit", copy_to, claim_id=claim.pk, post_ids=[cast[other].post_id], by=cast["bureau"])
    refused("claim_not_visible", copy_to, claim_id=claim.pk, post_ids=to, by=cast[f"clerk:{LUOYANG}"])
    refused("copy_not_yours", copy_to, claim_id=claim.pk, post_ids=to, by=cast["agency"])


def test_a_favourite_is_kept_once_and_only_of_what_one_sees(cast: Cast, claim: Claim) -> None:
    for _twice in range(2):
        favour(claim_id=claim.pk, by=cast["bureau"])
    assert Favourite.objects.count() == 1
    favour(claim_id=claim.pk, by=cast["bureau"], keep=False)
    assert Favourite.objects.count() == 0
    refused("claim_not_visible", favour, claim_id=claim.pk, by=cast["maker"])
    chain = f"user:{cast['bureau'].user_id}"
    assert list(Event.objects.filter(chain=chain).values_list("verb", flat=True)) == ["favour", "unfavour"]
    assert list(breaks()) == []
