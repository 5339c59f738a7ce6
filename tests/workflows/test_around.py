"""What officers do around a review: 转办, 委派, 会签, 或签, 加签, 挂起. None of it moves the claim."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.models import Event
from project.demo.people import Cast
from tests.workflows.conftest import Filed
from tests.workflows.made import at, review_at, say
from workflows.attention import Deed
from workflows.claims import Claim
from workflows.consultations import Consultation, Seat
from workflows.consulting import answer, consult, delegate, take_back
from workflows.deadlines import recompute, run_due
from workflows.filing import withdraw
from workflows.handing_on import reassign, reassign_many, resume, suspend
from workflows.queries import inbox
from workflows.reviews import Review
from workflows.states import ClaimState, Step, Verb

pytestmark = pytest.mark.django_db
LUOYANG, TOWN = "350521104201", "350521104"


@pytest.fixture
def cast(ours: Filed) -> Cast:
    return ours[0]


@pytest.fixture
def claim(ours: Filed) -> Claim:
    return ours[2]


def refused(code: str, command: object, /, **arguments: object) -> None:
    with transaction.atomic(), pytest.raises(Refusal) as caught:
        command(**arguments)  # type: ignore[operator]
    assert (caught.value.code, len(caught.value.message) > 5) == (code, True), caught.value.code


def events(claim: Claim, verb: str) -> list[Event]:
    return list(Event.objects.filter(chain=claim.chain, verb=verb))


def owed(by: Actor) -> set[int]:
    return {review.claim_id for review in inbox(by)}


# 转办


def test_a_reassigned_review_is_the_colleagues_and_nobody_elses(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    reassign(review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"], note="外出学习")
    assert (owed(cast["bureau"]), owed(cast["bureau2"])) == (set(), {claim.pk})
    refused("review_assigned", say, cast=cast, review=review, verb=Verb.ACCEPT, by=cast["bureau"])
    claim = say(cast, review, Verb.ACCEPT, by=cast["bureau2"])
    assert claim.state == ClaimState.VILLAGE
    deed = Deed.objects.get(claim=claim)
    assert (deed.verb, deed.by, deed.to, deed.note) == (
        "reassign",
        cast["bureau"].user,
        cast["bureau2"].user,
        "外出学习",
    )
    assert [event.data["colleague"] for event in events(claim, "reassign")] == [cast["bureau2"].user_id]


def test_only_a_colleague_of_the_same_post_and_area_takes_over(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    for other in ("section", "leader", "auditor", f"clerk:{LUOYANG}", "bureau", "maker"):
        refused("colleague_unfit", reassign, review_id=review.pk, post_id=cast[other].post_id, by=cast["bureau"])
    refused("review_not_yours", reassign, review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["section"])
    say(cast, review, Verb.ACCEPT)
    refused("already_decided", reassign, review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"])


def test_whoever_left_the_post_leaves_no_review_behind(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    reassign(review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"])
    refused("review_assigned", reassign, review_id=review.pk, post_id=cast["bureau"].post_id, by=cast["bureau"])
    post = cast["bureau2"].post
    post.valid_to = clock.today() - timedelta(days=1)
    post.save()
    assert (run_due()["reviews_released"], run_due()["reviews_released"]) == (1, 0)
    assert owed(cast["bureau"]) == {claim.pk}
    say(cast, review, Verb.ACCEPT, by=cast["bureau"])


def test_several_are_reassigned_each_with_its_answer(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    answers = reassign_many(review_ids=[review.pk, 10**9], post_id=cast["bureau2"].post_id, by=cast["bureau"])
    assert [(one.ok, one.code) for one in answers] == [(True, "done"), (False, "claim_unknown")]


# 委派


def test_delegated_work_comes_back_to_the_delegator(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    delegate(review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"], task="请核对社保缴费记录")
    refused("review_delegated", say, cast=cast, review=review, verb=Verb.ACCEPT)
    seat = Seat.objects.get()
    refused("seat_not_yours", answer, seat_id=seat.pk, by=cast["section"], stance="agree", words="同意")
    answer(seat_id=seat.pk, by=cast["bureau2"], stance="agree", words="已核对，均在缴费。")
    assert owed(cast["bureau"]) == {claim.pk}
    assert say(cast, review, Verb.ACCEPT).state == ClaimState.VILLAGE
    assert [deed.verb for deed in Deed.objects.filter(claim=claim)] == ["delegate", "answer"]


def test_work_can_be_taken_back_and_an_answer_comes_too_late_then(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    delegate(review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"], task="请核对")
    refused(
        "consultation_open", delegate, review_id=review.pk, post_id=cast["bureau2"].post_id, by=cast["bureau"], task="x"
    )
    take_back(review_id=review.pk, by=cast["bureau"])
    refused("nothing_asked", take_back, review_id=review.pk, by=cast["bureau"])
    refused("consultation_over", answer, seat_id=Seat.objects.get().pk, by=cast["bureau2"], stance="agree", words="好")
    say(cast, review, Verb.ACCEPT)


# 会签, 或签, 加签


def asked(cast: Cast, claim: Claim, mode: str, *names: str) -> Review:
    review = review_at(claim, Step.ACCEPTANCE)
    posts = [cast[name].post_id for name in names]
    consult(review_id=review.pk, post_ids=posts, by=cast["bureau"], mode=mode, question="材料是否齐全？")
    return review


def speak(cast: Cast, name: str, stance: str = "agree") -> Seat:
    seat = Seat.objects.get(user=cast[name].user, consultation__ending="")
    return answer(seat_id=seat.pk, by=cast[name], stance=stance, words="意见如此。")


def test_all_have_to_answer_before_a_yes_and_none_before_a_no(cast: Cast, claim: Claim) -> None:
    review = asked(cast, claim, "every", "section", "leader")
    speak(cast, "section")
    refused("opinions_open", say, cast=cast, review=review, verb=Verb.ACCEPT)
    speak(cast, "leader", "disagree")
    refused("opinion_missing", say, cast=cast, review=review, verb=Verb.ACCEPT)  # somebody is against it
    assert say(cast, review, Verb.ACCEPT, opinion="已向分管领导说明，材料齐全。").state == ClaimState.VILLAGE


def test_a_no_needs_no_opinions_and_ends_the_round(cast: Cast, claim: Claim) -> None:
    review = asked(cast, claim, "every", "section")
    assert say(cast, review, Verb.REFUSE, opinion="材料不实。").state == ClaimState.REFUSED
    assert Consultation.objects.get().ending == Consultation.Ending.LAPSED


def test_one_yes_is_enough_where_one_was_asked_for(cast: Cast, claim: Claim) -> None:
    review = asked(cast, claim, "one", "section", "leader")
    speak(cast, "section", "disagree")
    refused("opinions_open", say, cast=cast, review=review, verb=Verb.ACCEPT)
    speak(cast, "leader")
    assert Consultation.objects.get().ending == Consultation.Ending.ANSWERED
    say(cast, review, Verb.ACCEPT, opinion="按多数意见受理。")


def test_an_opinion_beside_holds_nothing_up(cast: Cast, claim: Claim) -> None:
    say(cast, asked(cast, claim, "beside", "leader"), Verb.ACCEPT)
    assert Consultation.objects.get().ending == Consultation.Ending.LAPSED


def test_only_officers_who_may_see_the_claim_are_asked(cast: Cast, claim: Claim) -> None:
    review = review_at(claim, Step.ACCEPTANCE)
    ask = {"review_id": review.pk, "by": cast["bureau"], "mode": "every", "question": "如何？"}
    for other in (f"clerk:{LUOYANG}", "agency", "maker", "auditor", "bureau"):
        refused("colleague_unfit", consult, post_ids=[cast[other].post_id], **ask)
    refused("colleague_missing", consult, post_ids=[], **ask)
    refused("mode_missing", consult, post_ids=[cast["leader"].post_id], **(ask | {"mode": "delegate"}))
    refused("question_missing", consult, post_ids=[cast["leader"].post_id], **(ask | {"question": " "}))


def test_an_answer_is_final(cast: Cast, claim: Claim) -> None:
    asked(cast, claim, "every", "section", "leader")
    seat = speak(cast, "section")
    refused("already_answered", answer, seat_id=seat.pk, by=cast["section"], stance="disagree", words="改了")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(answer="改了")


def test_the_database_knows_one_open_round_a_review(cast: Cast, claim: Claim) -> None:
    asked(cast, claim, "every", "section")
    row = Consultation.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# 挂起, 恢复


def test_a_suspended_review_stands_still_and_its_last_day_moves(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    review, clerk = review_at(claim, Step.VILLAGE_RECORD, LUOYANG), cast[f"clerk:{LUOYANG}"]
    due = review.due_on  # 2025-12-01, five working days after Monday 2025-11-24
    refused("reason_missing", suspend, review_id=review.pk, by=clerk, reason=" ")
    suspend(review_id=review.pk, by=clerk, reason="等待劳动仲裁结果")
    refused("review_suspended", say, cast=cast, review=review)
    refused("review_suspended", suspend, review_id=review.pk, by=clerk, reason="再次")
    with clock.travel(date(2025, 11, 28)):
        resumed = resume(review_id=review.pk, by=clerk)
    assert (due, resumed.due_on, resumed.stopped_days) == (date(2025, 12, 1), date(2025, 12, 5), 4)
    refused("not_suspended", resume, review_id=review.pk, by=clerk)
    say(cast, review)
    assert [len(events(claim, verb)) for verb in ("suspend", "resume")] == [1, 1]


def test_a_calendar_loaded_later_keeps_the_days_that_stood_still(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    review, clerk = review_at(claim, Step.VILLAGE_RECORD, LUOYANG), cast[f"clerk:{LUOYANG}"]
    suspend(review_id=review.pk, by=clerk, reason="等待鉴定")
    with clock.travel(date(2025, 11, 28)):
        moved = resume(review_id=review.pk, by=clerk).due_on
    Review.objects.filter(pk=review.pk).update(due_provisional=True)
    recompute()
    assert Review.objects.get(pk=review.pk).due_on == moved


def test_acceptance_and_publicity_are_never_suspended(cast: Cast, claim: Claim) -> None:
    acceptance = review_at(claim, Step.ACCEPTANCE)
    refused("not_of_acceptance", suspend, review_id=acceptance.pk, by=cast["bureau"], reason="等待")
    claim = at(cast, claim, ClaimState.PUBLICITY)
    publishing = review_at(claim, Step.PUBLISH)
    refused("not_of_publicity", suspend, review_id=publishing.pk, by=cast["bureau"], reason="等待")


def test_a_claim_that_ends_takes_stopped_clocks_and_questions_with_it(cast: Cast, claim: Claim) -> None:
    claim = at(cast, claim, ClaimState.VILLAGE)
    review, clerk = review_at(claim, Step.VILLAGE_RECORD, LUOYANG), cast[f"clerk:{LUOYANG}"]
    consult(review_id=review.pk, post_ids=[cast[f"handler:{TOWN}"].post_id], by=clerk, mode="every", question="如何？")
    suspend(review_id=review.pk, by=clerk, reason="等待")
    withdraw(claim_id=claim.pk, by=cast["agency"], reason="不再申报")
    assert not Consultation.objects.filter(ending="").exists()
    assert not Review.objects.filter(suspended_at__isnull=False).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(suspended_at=clock.now())
