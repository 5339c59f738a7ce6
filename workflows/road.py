"""The road of one claim: the stations ahead and behind, and who said what so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Area
from workflows.attention import Deed
from workflows.claims import Claim
from workflows.reviews import Correction, Decision, Review
from workflows.states import ClaimState, Step, Verb
from workflows.steps import rule_of

MAIN_ROAD = (
    ClaimState.FILED,
    ClaimState.VILLAGE,
    ClaimState.TOWNSHIP,
    ClaimState.BUREAU,
    ClaimState.SECTION,
    ClaimState.PUBLICITY,
    ClaimState.LEADER,
)


@dataclass(frozen=True, slots=True)
class RoadEntry:
    """One thing that was said: when, by whom in which post, on which step, with what words and line words."""

    at: datetime
    who: str
    post: str
    step: str
    verb: str
    opinion: str
    round: int = 1
    lines: list[Decision] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    side: bool = False  # a deed around a review, which moved nothing


@dataclass(frozen=True, slots=True)
class Station:
    """A stop of the main road: passed, current or ahead; with the reviews open there and the earliest due day."""

    state: ClaimState
    label: str
    mark: str  # passed, current, ahead, skipped
    waiting: list[str]
    due_on: date | None
    done_at: datetime | None


def road_so_far(
    reviews: Iterable[Review],
    decisions: Iterable[Decision],
    corrections: Iterable[Correction],
    deeds: Iterable[Deed] = (),
) -> list[RoadEntry]:
    """Every decision and deed in order; words on lines stand under the decision they came with."""
    entries: list[RoadEntry] = []
    by_review: dict[int | None, RoadEntry] = {}
    for decision in decisions:
        if decision.line_id and decision.review_id in by_review:
            by_review[decision.review_id].lines.append(decision)
            continue
        entry = _entry(decision)
        if decision.review_id:
            by_review[decision.review_id] = entry
        entries.append(entry)
    entries += [
        RoadEntry(correction.answered_at, _("申报方"), "", _("补正"), _("提交补正"), "", changes=correction.changes)
        for correction in corrections
        if correction.answered_at
    ]
    entries += [_deed(deed) for deed in deeds]
    for review in reviews:
        if review.step == Step.PUBLISH and review.decided_by and review.decided_at:
            post = str(review.decided_post or "")
            entries.append(
                RoadEntry(review.decided_at, review.decided_by.full_name, post, _("公示"), _("发布公示"), "")
            )
    return sorted(entries, key=lambda entry: entry.at)


def _entry(decision: Decision) -> RoadEntry:
    review = decision.review
    return RoadEntry(
        at=decision.at,
        who=decision.by.full_name if decision.by else _("系统"),
        post=str(decision.post) if decision.post else "",
        step=str(Step(review.step).label) if review else str(Verb(decision.verb).label),
        verb=str(Verb(decision.verb).label),
        opinion=decision.opinion,
        round=review.round if review else 1,
        lines=[decision] if decision.line_id else [],
    )


def _deed(deed: Deed) -> RoadEntry:
    to = f"（{deed.to.full_name}）" if deed.to else ""
    step = str(Step(deed.review.step).label) if deed.review else _("申报")
    said = f"{deed.get_verb_display()}{to}"
    return RoadEntry(deed.at, deed.by.full_name, str(deed.post), step, said, deed.note, side=True)


def stations(claim: Claim, reviews: Sequence[Review]) -> list[Station]:
    """The main road with where the claim stands; in a correction the level that asked is current."""
    current = _current(claim, reviews)
    order = [*MAIN_ROAD, ClaimState.PAYABLE]
    here = order.index(current) if current in order else len(order)
    found = []
    for position, state in enumerate(MAIN_ROAD):
        at = [review for review in reviews if rule_of(review.step).state == state]
        waiting = [review for review in at if review.is_open]
        mark = "ahead" if position > here else "current" if position == here else "passed" if at else "skipped"
        decided = [review.decided_at for review in at if review.decided_at]
        found.append(
            Station(
                state=state,
                label=str(state.label),
                mark=mark,
                waiting=[_waiting(review.area, review) for review in waiting],
                due_on=min((review.due_on for review in waiting), default=None),
                done_at=max(decided) if decided and mark == "passed" else None,
            )
        )
    return found


def _current(claim: Claim, reviews: Sequence[Review]) -> ClaimState:
    state = ClaimState(claim.state)
    if state in {ClaimState.CORRECTION, ClaimState.REFUSED, ClaimState.WITHDRAWN} and reviews:
        return rule_of(reviews[-1].step).state
    return ClaimState.PAYABLE if state == ClaimState.AWARDED else state


def _waiting(area: Area, review: Review) -> str:
    return f"{area.name} {Step(review.step).label}"
