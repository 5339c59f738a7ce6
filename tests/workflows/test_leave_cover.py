"""代理人: a deputy acts in all of an officer's posts for the days of his leave, and four eyes stay four eyes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor, acting, current_posts
from accounts.covers import deputies_for, end_cover, name_deputy
from accounts.models import Cover, Post, User
from accounts.roles import Role
from core import clock
from core.errors import Refusal
from core.models import Event
from project.demo.people import Cast
from tests.workflows.conftest import Filed
from tests.workflows.made import at, review_at, say
from workflows.claims import Claim
from workflows.consultations import Seat
from workflows.consulting import delegate
from workflows.queries import inbox
from workflows.reviews import Review
from workflows.states import ClaimState, Step, Verb

pytestmark = pytest.mark.django_db
LUOYANG, TOWN = "350521104201", "350521104"
MONDAY = date(2025, 11, 24)
FRIDAY = date(2025, 11, 28)


@pytest.fixture
def cast(ours: Filed) -> Cast:
    return ours[0]


@pytest.fixture
def claim(ours: Filed) -> Claim:
    return ours[2]


def covered(cast: Cast, officer: str, deputy: str) -> Actor:
    """The deputy, in the officer's post."""
    name_deputy(deputy_id=cast[deputy].user_id, first_day=MONDAY, last_day=FRIDAY, reason="年休假", by=cast[officer])
    found = acting(cast[deputy].user, cast[officer].post_id)
    assert found and found.covers and found.post == cast[officer].post
    return found


def refused(code: str, command: object, /, **arguments: object) -> None:
    with transaction.atomic(), pytest.raises(Refusal) as caught:
        command(**arguments)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_deputy_holds_the_posts_for_the_days_of_the_leave_and_no_longer(cast: Cast, claim: Claim) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    assert {review.claim_id for review in inbox(deputy)} == {claim.pk}
    assert [post.user_id == deputy.user_id for post in current_posts(deputy.user)] == [True, False]
    with clock.travel(FRIDAY + timedelta(days=1)):
        assert current_posts(deputy.user) == [cast["bureau2"].post]
    end_cover(cover_id=Cover.objects.get().pk, by=cast["bureau"])
    assert current_posts(deputy.user) == [cast["bureau2"].post]
    verbs = Event.objects.filter(chain=f"user:{cast['bureau'].user_id}").values_list("verb", flat=True)
    assert list(verbs) == ["name_deputy", "end_cover"]


def test_what_a_deputy_decides_is_his_word_for_another(cast: Cast, claim: Claim) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    say(cast, review_at(claim, Step.ACCEPTANCE), Verb.ACCEPT, by=deputy)
    review = Review.objects.get(claim=claim, step=Step.ACCEPTANCE)
    assert (review.decided_by, review.decided_for) == (cast["bureau2"].user, cast["bureau"].user)
    event = Event.objects.filter(chain=claim.chain).latest("seq")
    assert event.by_label.endswith("，代黄美雄）") and event.by_id == deputy.user_id


def test_what_was_assigned_to_the_officer_is_the_deputys(cast: Cast, claim: Claim) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    review = review_at(claim, Step.ACCEPTANCE)
    Review.objects.filter(pk=review.pk).update(assignee=cast["bureau"].user)
    assert not inbox(cast["bureau2"]).exists() and inbox(deputy).exists()
    refused("review_assigned", say, cast=cast, review=review, verb=Verb.ACCEPT, by=cast["bureau2"])
    say(cast, review, Verb.ACCEPT, by=deputy)


def test_a_deputy_never_decides_two_steps_not_even_of_one_duty(cast: Cast, claim: Claim) -> None:
    """An officer accepts and later reviews as one duty; his deputy does one of the two."""
    deputy = covered(cast, "bureau", "bureau2")
    say(cast, review_at(claim, Step.ACCEPTANCE), Verb.ACCEPT, by=deputy)
    claim = at(cast, claim, ClaimState.BUREAU)
    review = review_at(claim, Step.BUREAU_REVIEW)
    refused("acted_before", say, cast=cast, review=review, by=deputy)
    refused("acted_before", say, cast=cast, review=review, by=cast["bureau2"])
    refused("acted_before", say, cast=cast, review=review, by=cast["bureau"])  # it was done in his name


def test_a_deputy_never_decides_what_he_verified(cast: Cast, claim: Claim) -> None:
    """The township's handler stands in for its lead: he may not sign what he reviewed."""
    deputy = covered(cast, f"lead:{TOWN}", f"handler:{TOWN}")
    claim = at(cast, claim, ClaimState.TOWNSHIP)
    say(cast, review_at(claim, Step.TOWNSHIP_REVIEW))
    refused("acted_before", say, cast=cast, review=review_at(claim, Step.TOWNSHIP_SIGN), by=deputy)


def test_a_deputy_brings_the_officers_interest_with_him(cast: Cast, claim: Claim) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    Post.objects.create(
        user=cast["bureau"].user, role=Role.AGENCY_CLERK, organisation=cast.agencies[0], valid_from=date(2020, 1, 1)
    )
    refused("own_claim", say, cast=cast, review=review_at(claim, Step.ACCEPTANCE), verb=Verb.ACCEPT, by=deputy)


def test_nor_one_that_he_filed(cast: Cast, claim: Claim) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    Claim.objects.filter(pk=claim.pk).update(created_by=deputy.user)
    refused("own_claim", say, cast=cast, review=review_at(claim, Step.ACCEPTANCE), verb=Verb.ACCEPT, by=deputy)


def test_work_done_as_a_delegate_counts_as_having_acted(cast: Cast, claim: Claim) -> None:
    from workflows.access import unconflicted
    from workflows.consulting import answer

    review = review_at(claim, Step.ACCEPTANCE)
    delegate(review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"], task="核对")
    answer(seat_id=Seat.objects.get().pk, by=cast["bureau2"], stance="agree", words="属实")
    head = Actor(cast["bureau2"].user, cast["section"].post)
    assert unconflicted(head, claim, Step.SECTION_REVIEW).code == "acted_before"


@pytest.mark.parametrize(
    ("officer", "deputy", "code"),
    [
        (f"clerk:{LUOYANG}", "clerk:350521106201", "deputy_unfit"),  # another village
        ("bureau", f"head:{LUOYANG}", "deputy_unfit"),  # below
        ("bureau", "maker", "deputy_unfit"),  # no officer of the road
        ("bureau", "bureau", "deputy_unfit"),
        ("maker", "maker2", "cover_not_yours"),
        ("agency", "bureau", "cover_not_yours"),
    ],
)
def test_who_may_stand_in(cast: Cast, officer: str, deputy: str, code: str) -> None:
    during = {"first_day": MONDAY, "last_day": FRIDAY, "reason": "休假"}
    refused(code, name_deputy, deputy_id=cast[deputy].user_id, by=cast[officer], **during)


def test_dates_reasons_and_overlaps(cast: Cast) -> None:
    who = {"deputy_id": cast["bureau2"].user_id, "by": cast["bureau"]}
    day = timedelta(days=1)
    for first, last in ((MONDAY - day, FRIDAY), (FRIDAY, MONDAY), (MONDAY, MONDAY + 93 * day)):
        refused("cover_dates", name_deputy, first_day=first, last_day=last, reason="休假", **who)
    refused("cover_reason", name_deputy, first_day=MONDAY, last_day=FRIDAY, reason=" ", **who)
    deputy = covered(cast, "bureau", "bureau2")
    refused("cover_overlaps", name_deputy, first_day=FRIDAY, last_day=FRIDAY + 7 * day, reason="休假", **who)
    refused("cover_of_cover", name_deputy, deputy_id=cast["leader"].user_id, first_day=MONDAY, last_day=FRIDAY,
            reason="休假", by=deputy)  # fmt: skip
    leave = {"first_day": FRIDAY, "last_day": FRIDAY, "reason": "休假"}
    refused("deputy_on_leave", name_deputy, deputy_id=cast["bureau"].user_id, by=cast["bureau2"], **leave)
    refused("cover_unknown", end_cover, cover_id=Cover.objects.get().pk, by=cast["section"])


def test_the_database_refuses_a_second_deputy_for_the_same_days(cast: Cast) -> None:
    covered(cast, "bureau", "bureau2")
    row = Cover.objects.get()
    row.pk, row.deputy, row.first_day = None, cast["leader"].user, FRIDAY
    with pytest.raises(IntegrityError, match="one_deputy_at_a_time"), transaction.atomic():
        row.save(force_insert=True)


def test_closed_accounts_neither_cover_nor_are_covered(cast: Cast) -> None:
    deputy = covered(cast, "bureau", "bureau2")
    assert deputy.user in deputies_for(cast["section"])
    User.objects.filter(pk=cast["bureau"].user_id).update(is_active=False)
    assert current_posts(deputy.user) == [cast["bureau2"].post]
