"""退回指定环节: an officer sends a claim back to a named earlier step; what others decided apart from it still stands.

What falls is the named decision and every later one that rests on it: of the same area, of the township above it, of
the bureau. People they deducted come back. Other villages and townships are not asked again.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Area
from core import clock
from core.errors import Refusal
from workflows.consultations import wind_up
from workflows.flows import flow_of
from workflows.locking import Case, distinct
from workflows.opening import open_reviews
from workflows.reviews import Review
from workflows.routing import township_of
from workflows.slots import restore
from workflows.states import ReviewOutcome, Step
from workflows.steps import rule_of

ORDER = {step: place for place, step in enumerate(Step)}
TO_NAME = (
    Step.VILLAGE_RECORD,
    Step.VILLAGE_CONFIRM,
    Step.TOWNSHIP_REVIEW,
    Step.TOWNSHIP_SIGN,
    Step.BUREAU_REVIEW,
    Step.SECTION_REVIEW,
)
BEFORE = {
    Step.VILLAGE_CONFIRM: Step.VILLAGE_RECORD,
    Step.TOWNSHIP_SIGN: Step.TOWNSHIP_REVIEW,
    Step.SECTION_REVIEW: Step.BUREAU_REVIEW,
    Step.LEADER_APPROVAL: Step.SECTION_REVIEW,
}


def targets(review: Review, reviews: Iterable[Review]) -> list[Review]:
    """The decisions this review may send back to, the nearest step first: the last of each step and area it rests on."""
    found: dict[tuple[str, int], Review] = {}
    for other in reviews:
        earlier = other.step in TO_NAME and ORDER[Step(other.step)] < ORDER[Step(review.step)]
        if earlier and other.outcome == ReviewOutcome.PASSED and review.area.contains(other.area):
            found[other.step, other.area_id] = other
    return sorted(found.values(), key=lambda other: (-ORDER[Step(other.step)], other.area.path))


def target_of(review: Review, reviews: list[Review], chosen: int | None) -> tuple[Step, Area]:
    """Where to: the named decision, or the step before; refuses `step_missing` and `step_not_earlier`."""
    if chosen is None:
        if (before := BEFORE.get(Step(review.step))) is None:
            raise Refusal("step_missing", _("请选择退回到哪个环节。"))
        return before, review.area
    named = next((other for other in targets(review, reviews) if other.pk == chosen), None)
    if named is None:
        raise Refusal("step_not_earlier", _("只能退回到该申报已经办理过的前面环节，请刷新页面后重新选择。"))
    return Step(named.step), named.area


def go_back(case: Case, step: Step, area: Area) -> None:
    """Open the named step again, let fall what rests on it, and end what is open beside it."""
    claim, state = case.claim, rule_of(step).state
    if (
        state != claim.state
    ):  # otherwise the second of a pair sends to the first, whose words never counted by themselves
        resting = [r for r in case.reviews if ORDER[Step(r.step)] >= ORDER[step] and r.area.contains(area)]
        restore(claim, resting)
        flow_of(claim).send_back(state)
        _set_aside(case.still_open())
    open_reviews(case, step, [area])


def _set_aside(reviews: list[Review]) -> None:
    """Reviews of the level that is left; `open_townships` opens them again when the claim comes back."""
    rows = Review.objects.filter(pk__in=[review.pk for review in reviews])
    wind_up(rows)
    for review in reviews:
        review.outcome, review.decided_at = ReviewOutcome.SUPERSEDED, clock.now()
        review.suspended_at = None
    rows.update(outcome=ReviewOutcome.SUPERSEDED, decided_at=clock.now())


def open_townships(case: Case) -> list[Review]:
    """Open the townships that have still to decide once the villages have: none whose signature still stands."""
    towns = distinct(town for area in case.areas() if (town := township_of(area)))
    asked = [town for town in towns if not _stands(case, Step.TOWNSHIP_SIGN, town)]
    to_sign = [town for town in asked if _only_the_signature(case, town)]
    opened = open_reviews(case, Step.TOWNSHIP_SIGN, to_sign) if to_sign else []
    rest = [town for town in asked if town not in to_sign]
    return opened + (open_reviews(case, Step.TOWNSHIP_REVIEW, rest) if rest else [])


def _only_the_signature(case: Case, town: Area) -> bool:
    """A township whose signature was set aside while its handler's review still stands."""
    last = case.last(Step.TOWNSHIP_SIGN, town)
    set_aside = last is not None and last.outcome == ReviewOutcome.SUPERSEDED
    return set_aside and _stands(case, Step.TOWNSHIP_REVIEW, town)


def _stands(case: Case, step: Step, area: Area) -> bool:
    """Whether the area's last word on a step was a yes and nothing it rests on was opened again since."""
    last = case.last(step, area)
    if last is None or last.outcome != ReviewOutcome.PASSED:
        return False
    return not any(
        other.pk > last.pk and ORDER[Step(other.step)] < ORDER[step] and area.contains(other.area)
        for other in case.reviews
    )
