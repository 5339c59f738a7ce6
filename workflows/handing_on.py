"""`reassign` 转办 and `suspend`/`resume` 挂起、恢复: who owes a review, and whether its clock runs."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case as Case_
from django.db.models import Exists, OuterRef, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Post
from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import SYSTEM, record
from workflows import around, colleagues
from workflows.attention import DeedVerb
from workflows.deciding import Answer, answer_each
from workflows.deeds import note_deed
from workflows.locking import Case
from workflows.reviews import Review
from workflows.steps import RULES


def reassign(*, review_id: int, post_id: int, by: Actor, note: str = "") -> Review:
    """Hand a review to a colleague of the same post and area; it is his from now on.

    Refuses `already_decided`, `review_not_yours`, `review_delegated`, `colleague_unfit`, `colleague_conflicted`.
    """
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        around.can_hand_on(by, review, DeedVerb.REASSIGN).require()
        (post,) = colleagues.chosen([post_id], among=list(colleagues.same_post(review, but=by)))
        colleagues.require_free(post, case.claim, review.step)
        review.assignee = post.user
        review.save(update_fields=["assignee"])
        note_deed(DeedVerb.REASSIGN, claim=case.claim, review=review, by=by, to=post.user, note=note.strip()[:500])
    return review


def reassign_many(*, review_ids: Iterable[int], post_id: int, by: Actor, note: str = "") -> list[Answer]:
    """The same hand-over for several reviews, each by `reassign`, each with its own answer."""
    return answer_each(
        review_ids, lambda pk: reassign(review_id=pk, post_id=post_id, by=by, note=note).claim, done=_("已转办")
    )


def stranded() -> QuerySet[Review, int]:
    """Open reviews assigned to somebody who no longer holds the post: nobody else could decide them."""
    role = Case_(*(When(step=step, then=Value(str(rule.role))) for step, rule in RULES.items()))
    holds = Post.objects.filter(
        colleagues.in_force(), user=OuterRef("assignee"), area=OuterRef("area"), role=OuterRef("role")
    )
    open_ones = Review.objects.filter(outcome="", assignee__isnull=False).annotate(role=role)
    return open_ones.filter(~Exists(holds)).order_by("pk").values_list("pk", flat=True)


def release(*, review_id: int) -> Review:
    """Give a stranded review back to everybody who holds its post; refuses `already_decided`, `not_stranded`."""
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        if not stranded().filter(pk=review_id).exists():
            raise WrongState("not_stranded", _("该事项的指派人员仍在岗，不必收回指派。"))
        before, review.assignee = review.assignee_id, None
        review.save(update_fields=["assignee"])
        record(case.claim.chain, "release", by=SYSTEM, data={"review": review.pk, "colleague": before})
    return review


def suspend(*, review_id: int, by: Actor, reason: str) -> Review:
    """Stop the clock of a review, with the reason; it can be decided again once it is resumed.

    Refuses `review_not_yours`, `review_suspended`, `not_of_acceptance` (silence there counts as a yes), `reason_missing`.
    """
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        around.can_hand_on(by, review, DeedVerb.SUSPEND).require()
        if not reason.strip():
            raise Refusal("reason_missing", _("请写明挂起的原因，如等待外部核查结果、仲裁或鉴定结论。"))
        review.suspended_at = clock.now()
        review.save(update_fields=["suspended_at"])
        note_deed(DeedVerb.SUSPEND, claim=case.claim, review=review, by=by, note=reason.strip()[:500])
    return review


def resume(*, review_id: int, by: Actor, note: str = "") -> Review:
    """Let the clock run again; the last day moves by the working days it stood still."""
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        around.can_hand_on(by, review, DeedVerb.RESUME).require()
        if review.suspended_at is None:
            raise NotAllowed("not_suspended", _("该事项没有挂起。"))
        calendar = WorkingDays.load()
        stopped = max(calendar.between(clock.local_date(review.suspended_at), clock.today()), 0)
        deadline = calendar.deadline(review.due_on, stopped)
        review.due_on = deadline.day
        review.due_provisional = review.due_provisional or deadline.provisional
        review.stopped_days, review.suspended_at = review.stopped_days + stopped, None
        review.save(update_fields=["due_on", "due_provisional", "stopped_days", "suspended_at"])
        note_deed(DeedVerb.RESUME, claim=case.claim, review=review, by=by, note=note.strip()[:500])
    return review
