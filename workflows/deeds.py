"""How a deed around a review is written down: one row, one event, in the transaction that did it."""

from datetime import date

from accounts.acting import Actor
from accounts.models import User
from core import clock
from core.timeline import record
from workflows.attention import Deed, DeedVerb
from workflows.claims import Claim
from workflows.consultations import Seat
from workflows.reviews import Review

ASKING = {DeedVerb.DELEGATE, DeedVerb.ASK}


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


def deeds_of(claim: Claim) -> list[Deed]:
    """What was done around the claim's reviews, in order, with who did it and to whom; one query."""
    related = ("by", "to", "post__area", "post__organisation", "review__area")
    return list(Deed.objects.filter(claim=claim).select_related(*related))


def seats_of(claim: Claim) -> list[Seat]:
    """Everybody who was asked about the claim's reviews, the open rounds last; one query."""
    related = ("consultation__review__area", "consultation__by", "user", "post__area", "post__organisation")
    seats = Seat.objects.filter(consultation__review__claim=claim).select_related(*related)
    return list(seats.order_by("pk"))
