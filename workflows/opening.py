"""Opens the work that is owed next, with its due date in working days."""

from collections.abc import Iterable

from accounts.areas import zone
from accounts.models import Area
from core import clock
from core.calendar import WorkingDays
from workflows.claims import Claim
from workflows.locking import Case, distinct
from workflows.reverifying import owe_second_looks
from workflows.reviews import Review
from workflows.routing import township_of
from workflows.states import ClaimState, Step
from workflows.steps import rule_of


def limit_of(claim: Claim, sla: str) -> int:
    """Working days the claim's scheme gives for `sla` (brief 2.3)."""
    return int(getattr(claim.scheme.parsed().sla_working_days, sla))  # type: ignore[union-attr]


def open_reviews(case: Case, step: Step, areas: Iterable[Area]) -> list[Review]:
    """One review an area for `step`, due by the calendar; the round counts this step's earlier reviews there."""
    claim = case.claim
    deadline = WorkingDays.load().deadline(clock.today(), limit_of(claim, rule_of(step).sla))
    made = [
        Review(
            claim=claim,
            step=step,
            round=1 + sum(r.step == step and r.area_id == area.pk for r in case.reviews),
            area=area,
            opened_at=clock.now(),
            due_on=deadline.day,
            due_provisional=deadline.provisional,
        )
        for area in areas
    ]
    case.reviews.extend(Review.objects.bulk_create(made))
    owe_second_looks(case, made)
    return made


def first_stop(case: Case, areas: list[Area]) -> ClaimState:
    """The nearest stop that has somebody to verify: a village, else a township, else the bureau."""
    if any(area.kind == Area.Kind.VILLAGE for area in areas):
        return ClaimState.VILLAGE
    if any(area.kind != Area.Kind.ZONE for area in areas):
        return ClaimState.TOWNSHIP
    return ClaimState.BUREAU


def open_stop(case: Case, stop: ClaimState, areas: list[Area]) -> None:
    """Open the reviews of a stop for the areas concerned; townships answer for their villages."""
    match stop:
        case ClaimState.FILED:
            open_reviews(case, Step.ACCEPTANCE, areas or [zone()])
        case ClaimState.VILLAGE:
            open_reviews(case, Step.VILLAGE_RECORD, [a for a in areas if a.kind == Area.Kind.VILLAGE])
        case ClaimState.TOWNSHIP:
            townships = distinct(town for area in areas if (town := township_of(area)))
            open_reviews(case, Step.TOWNSHIP_REVIEW, townships)
        case ClaimState.BUREAU:
            open_reviews(case, Step.BUREAU_REVIEW, [zone()])
        case ClaimState.SECTION:
            open_reviews(case, Step.SECTION_REVIEW, [zone()])
        case ClaimState.PUBLICITY:
            open_reviews(case, Step.PUBLISH, [zone()])
        case ClaimState.LEADER:
            open_reviews(case, Step.LEADER_APPROVAL, [zone()])
