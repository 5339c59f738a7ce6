"""Short ways to a claim in some state, for tests of the road."""

from accounts.acting import Actor
from project.demo.people import Cast
from project.demo.walking import officer_of, open_of, walk
from workflows.claims import Claim, ClaimLine
from workflows.deciding import decide
from workflows.reviews import Review
from workflows.states import ClaimState, Step, Verb


def at(cast: Cast, claim: Claim, state: ClaimState) -> Claim:
    """The claim walked to a state."""
    return walk(cast, claim, state)


def review_at(claim: Claim, step: Step, area: str = "") -> Review:
    """The claim's open review of a step (in the area with this code)."""
    found = Review.objects.filter(claim=claim, step=step, outcome="").select_related("area")
    return (found.filter(area__code=area) if area else found).first()  # type: ignore[return-value]


def say(cast: Cast, review: Review, verb: Verb = Verb.PASS, *, by: Actor | None = None, **more: object) -> Claim:
    """Decide a review by its own officer unless told otherwise."""
    return decide(review_id=review.pk, by=by or officer_of(cast, review), verb=verb, **more)  # type: ignore[arg-type]


def lines_in(claim: Claim, area: str) -> list[ClaimLine]:
    """The claim's lines that an area verifies."""
    return list(ClaimLine.objects.filter(claim=claim, verify_area__code=area).order_by("seq"))


__all__ = ["at", "lines_in", "open_of", "review_at", "say"]
