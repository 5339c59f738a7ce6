"""How a deed around a review is written down: one row, one event, in the transaction that did it."""

from datetime import date

from accounts.acting import Actor
from accounts.models import User
from core import clock
from core.timeline import record
from workflows.attention import Deed, DeedVerb
from workflows.claims import Claim
from workflows.reviews import Review


def note_deed(
    verb: DeedVerb,
    *,
    claim: Claim,
    by: Actor,
    review: Review | None = None,
    to: User | None = None,
    note: str = "",
    day: date | None = None,
) -> Deed:
    """Write the deed and its event on the claim's chain; the caller holds the claim's lock."""
    deed = Deed.objects.create(
        claim=claim,
        review=review,
        verb=verb,
        by=by.user,
        post=by.post,
        to=to,
        note=note,
        day=day or clock.today(),
        at=clock.now(),
    )
    data = {"deed": deed.pk, "review": review and review.pk, "step": review and review.step, "colleague": to and to.pk}
    record(claim.chain, verb, by=by, data={name: value for name, value in data.items() if value})
    return deed
