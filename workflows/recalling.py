"""`recall`: an officer takes back his own last decision while nobody has acted on it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from workflows.claims import Claim, ClaimLine
from workflows.flows import flow_of
from workflows.locking import Case, locked
from workflows.opening import open_reviews
from workflows.reviews import Review
from workflows.slots import settle
from workflows.states import ReviewOutcome, Step
from workflows.steps import CONFIRMED_BY

NEXT: dict[Step, Step] = {
    **{earlier: later for earlier, later in CONFIRMED_BY.items() if earlier},  # type: ignore[misc]
    Step.SECTION_REVIEW: Step.PUBLISH,
}


def recall(*, review_id: int, by: Actor) -> Claim:
    """Reopen the step the actor passed last; refuses `recall_not_yours`, `recall_too_late`, `recall_not_here`."""
    with transaction.atomic():
        case = Case(locked(Claim.objects.filter(reviews=review_id).order_by()))
        review = next(item for item in case.reviews if item.pk == review_id)
        if review.decided_by_id != by.user_id or by.post.area_id != review.area_id:
            raise NotAllowed("recall_not_yours", _("只能收回您本人作出的处理。"))
        step = Step(review.step)
        if review.outcome != ReviewOutcome.PASSED or step not in NEXT:
            raise Refusal("recall_not_here", _("这一环节的处理不能收回。如需纠正，请联系下一环节退回。"))
        following = case.last(NEXT[step], review.area)
        if following is None or not following.is_open or case.last(step, review.area) is not review:
            raise WrongState("recall_too_late", _("下一环节已经办理，不能再收回。"))
        following.outcome, following.decided_at = ReviewOutcome.SUPERSEDED, clock.now()
        following.save(update_fields=["outcome", "decided_at"])
        if step in {Step.BUREAU_REVIEW, Step.SECTION_REVIEW}:
            flow_of(case.claim).recall()
        _restore(case.claim, review)
        open_reviews(case, step, [review.area])
        case.claim.save()
        record(case.claim.chain, "recall", by=by, data={"review": review.pk, "step": review.step})
    return case.claim


def _restore(claim: Claim, review: Review) -> None:
    """Lines this review deducted come back: live, or held when somebody took the slot meanwhile."""
    lines = list(ClaimLine.objects.filter(claim=claim, deducted_by=review))
    settle(claim, lines)
    for line in lines:
        line.deducted_by, line.reason_code, line.reason_note = None, "", ""
        line.save(update_fields=["status", "deducted_by", "reason_code", "reason_note"])
