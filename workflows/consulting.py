"""委派, 会签, 或签, 加签: asking named officers about a review. They answer; whose review it is decides."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Post
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.verdict import YES, Verdict, no
from workflows import access, around, colleagues
from workflows.attention import DeedVerb
from workflows.claims import Claim
from workflows.consultations import Consultation, Seat
from workflows.deeds import note_deed
from workflows.locking import Case
from workflows.reviews import Review

MOST_SEATS = 9
Mode = Consultation.Mode


def delegate(*, review_id: int, post_id: int, by: Actor, task: str) -> Consultation:
    """Hand the work on a review to a colleague of the same post; it comes back with his answer."""
    return _ask(review_id, [post_id], by, Mode.DELEGATE, task)


def consult(*, review_id: int, post_ids: Sequence[int], by: Actor, mode: str, question: str) -> Consultation:
    """Ask officers who may see the claim: all must answer (`every`), one yes is enough (`one`), or `beside`.

    Refuses `consultation_open`, `review_not_yours`, `question_missing`, `colleague_unfit`, `too_many_asked`.
    """
    if mode not in {Mode.EVERY, Mode.ONE, Mode.BESIDE}:
        raise Refusal("mode_missing", _("请选择征求意见的方式。"))
    return _ask(review_id, post_ids, by, Mode(mode), question)


def _ask(review_id: int, post_ids: Sequence[int], by: Actor, mode: Mode, question: str) -> Consultation:
    verb = DeedVerb.DELEGATE if mode == Mode.DELEGATE else DeedVerb.ASK
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        around.can_hand_on(by, review, verb).require()
        if not question.strip():
            raise Refusal("question_missing", _("请写明委派的任务或征求意见的问题。"))
        if len(post_ids) > MOST_SEATS:
            raise Refusal("too_many_asked", _("一次最多征求%(n)d人的意见。") % {"n": MOST_SEATS})
        posts = colleagues.chosen(list(post_ids), among=_askable(case.claim, review, by, mode))
        for post in posts:
            _require_fit(post, case.claim, review, mode)
        found = Consultation.objects.create(
            review=review, mode=mode, question=question.strip()[:500], by=by.user, post=by.post, at=clock.now()
        )
        Seat.objects.bulk_create(Seat(consultation=found, user=post.user, post=post) for post in posts)
        for post in posts:
            note_deed(verb, claim=case.claim, review=review, by=by, to=post.user, note=found.question)
    return found


def _askable(claim: Claim, review: Review, by: Actor, mode: Mode) -> list[Post]:
    if mode == Mode.DELEGATE:
        return list(colleagues.same_post(review, but=by))
    return colleagues.witnesses(claim, but=by)


def _require_fit(post: Post, claim: Claim, review: Review, mode: Mode) -> None:
    """A delegate does the step's work and must be free to; whoever only gives an opinion must have no interest."""
    actor = Actor(post.user, post)
    if not access.can_view(actor, claim):
        raise Refusal("colleague_unfit", _("所选人员无权查看该申报，请另选人员。"))
    if mode == Mode.DELEGATE:
        colleagues.require_free(post, claim, review.step)
    elif not access.disinterested(actor, claim):
        raise Refusal(
            "colleague_conflicted",
            _("%(who)s 与该申报有利益关系，须另选人员（回避）。") % {"who": post.user.full_name},
        )


def can_answer(by: Actor, seat: Seat) -> Verdict:
    """Whoever was asked, in that post, or his deputy in it; never the one who asked."""
    if by.post_id != seat.post_id:
        return no("seat_not_yours", _("该意见向其他人员征求，不属于您当前的岗位。"))
    if by.user_id == seat.consultation.by_id:
        return no("seat_own", _("您本人征求的意见，不能由您代为答复。"))
    if seat.stance:
        return no("already_answered", _("该意见已经答复，不能重复答复。"))
    if seat.consultation.ending:
        return no("consultation_over", _("该事项已办结或已收回征求，不需要再答复。"))
    return YES


def answer(*, seat_id: int, by: Actor, stance: str, words: str) -> Seat:
    """Say yes or no, with words; the round ends when it has what it was asked for.

    Refuses `seat_not_yours`, `already_answered`, `consultation_over`, `stance_missing`, `words_missing`.
    """
    with transaction.atomic():
        review_id = Seat.objects.filter(pk=seat_id).values_list("consultation__review", flat=True).first()
        if review_id is None:
            raise Refusal("seat_unknown", _("找不到该征求意见，请刷新页面。"))
        case, review = Case.of_review(review_id)
        seat = Seat.objects.select_related("consultation").get(pk=seat_id)
        verdict = can_answer(by, seat)
        if verdict.code in {"already_answered", "consultation_over"}:
            raise WrongState(verdict.code, verdict.reason)
        verdict.require()
        if stance not in Seat.Stance.values:
            raise Refusal("stance_missing", _("请选择同意或不同意。"))
        if not words.strip():
            raise Refusal("words_missing", _("请写明答复的意见。"))
        if not access.disinterested(by, case.claim):
            raise NotAllowed("own_claim", _("该申报与您本人或您所在单位有利益关系，须由他人办理（回避）。"))
        seat.stance, seat.answer = stance, words.strip()[:500]
        seat.answered_by, seat.answered_at = by.user, clock.now()
        seat.save(update_fields=["stance", "answer", "answered_by", "answered_at"])
        _end_when_enough(seat.consultation)
        note_deed(DeedVerb.ANSWER, claim=case.claim, review=review, by=by, to=seat.consultation.by, note=seat.answer)
    return seat


def _end_when_enough(consultation: Consultation) -> None:
    """`one` ends with the first yes; every round ends when nobody is left to answer."""
    stances = list(consultation.seats.values_list("stance", flat=True))
    if (consultation.mode == Mode.ONE and Seat.Stance.AGREE in stances) or all(stances):
        _end(consultation, Consultation.Ending.ANSWERED)


def _end(consultation: Consultation, ending: str) -> None:
    consultation.ending, consultation.ended_at = ending, clock.now()
    consultation.save(update_fields=["ending", "ended_at"])


def take_back(*, review_id: int, by: Actor) -> Consultation:
    """End the open round before its answers are complete; what was said stays on record."""
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        around.can_hand_on(by, review, DeedVerb.TAKE_BACK).require()
        found = Consultation.objects.get(review=review, ending="")
        _end(found, Consultation.Ending.WITHDRAWN)
        note_deed(DeedVerb.TAKE_BACK, claim=case.claim, review=review, by=by)
    return found
