"""`recall`: an officer takes back his own last decision while nobody has acted on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from workflows.claims import Claim
from workflows.consultations import wind_up
from workflows.flows import flow_of
from workflows.locking import Case, locked
from workflows.opening import open_reviews
from workflows.reviews import Review
from workflows.slots import restore
from workflows.states import ReviewOutcome, Step
from workflows.steps import CONFIRMED_BY

NEXT: dict[Step, Step] = {
    **{earlier: later for earlier, later in CONFIRMED_BY.items() if earlier},  # type: ignore[misc]
    Step.SECTION_REVIEW: Step.PUBLISH,
}
KINDS: dict[str, type[Refusal]] = {
    "recall_not_yours": NotAllowed,
    "recall_not_here": Refusal,
    "recall_too_late": WrongState,
}


def can_recall(by: Actor, review: Review, reviews: Sequence[Review]) -> Verdict:
    """Whether the actor may take this decided review back; `reviews` are all of its claim's, oldest first."""
    if review.decided_by_id != by.user_id or by.post.area_id != review.area_id:
        return no("recall_not_yours", _("只能收回您本人作出的处理。"))
    if review.outcome != ReviewOutcome.PASSED or Step(review.step) not in NEXT:
        return no("recall_not_here", _("这一环节的处理不能收回。如需纠正，请联系下一环节退回。"))
    following = _last(reviews, NEXT[Step(review.step)], review.area_id)
    if following is None or not following.is_open or _last(reviews, review.step, review.area_id) is not review:
        return no("recall_too_late", _("下一环节已经办理，不能再收回。"))
    return YES


def recalls(by: Actor, decided: Iterable[Review]) -> dict[int, Verdict]:
    """`can_recall` for many decided reviews; one query."""
    decided = list(decided)
    of_claim: dict[int, list[Review]] = defaultdict(list)
    for review in Review.objects.filter(claim__in={review.claim_id for review in decided}).order_by("pk"):
        of_claim[review.claim_id].append(review)
    shown = {review.pk for review in decided}
    return {
        review.pk: can_recall(by, review, reviews)
        for reviews in of_claim.values()
        for review in reviews
        if review.pk in shown
    }


def recall(*, review_id: int, by: Actor) -> Claim:
    """Reopen the step the actor passed last; refuses `recall_not_yours`, `recall_too_late`, `recall_not_here`."""
    with transaction.atomic():
        case = Case(locked(Claim.objects.filter(reviews=review_id).order_by()))
        review = next(item for item in case.reviews if item.pk == review_id)
        if not (verdict := can_recall(by, review, case.reviews)):
            raise KINDS[verdict.code](verdict.code, verdict.reason)
        step = Step(review.step)
        following = case.last(NEXT[step], review.area)
        if following is None:
            raise WrongState("recall_too_late", _("下一环节已经办理，不能再收回。"))
        wind_up(Review.objects.filter(pk=following.pk))
        following.outcome, following.decided_at = ReviewOutcome.SUPERSEDED, clock.now()
        following.save(update_fields=["outcome", "decided_at"])
        if step in {Step.BUREAU_REVIEW, Step.SECTION_REVIEW}:
            flow_of(case.claim).recall()
        restore(case.claim, [review])
        open_reviews(case, step, [review.area])
        case.claim.save()
        record(case.claim.chain, "recall", by=by, data={"review": review.pk, "step": review.step})
    return case.claim


def _last(reviews: Sequence[Review], step: str, area_id: int) -> Review | None:
    return next((r for r in reversed(reviews) if r.step == step and r.area_id == area_id), None)
