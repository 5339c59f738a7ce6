"""Heads and money of one claim by what became of its people, over the lines somebody may see."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from accounts.acting import Actor
from workflows import access
from workflows.claims import Claim
from workflows.states import LineStatus


@dataclass(frozen=True, slots=True)
class Totals:
    """Heads and fen by what became of the lines."""

    claimed: int
    live: int
    held: int
    deducted: int
    live_fen: int
    deducted_fen: int
    paid_fen: int  # by the bank
    kept_fen: int  # set off against a debt


@dataclass(frozen=True, slots=True)
class Tally:
    """Heads and fen by status over the lines the actor sees, and how many wait for a look; one query."""

    heads: Counter[str]
    fen: Counter[str]
    review: int

    def get(self, only: str) -> int | None:
        """How many lines `only` leaves; None when this tally does not know."""
        known = {"": sum(self.heads.values()), "review": self.review, "held": self.heads["held"]}
        return (known | {"deducted": self.heads["deducted"]}).get(only)


def tally_of(by: Actor, claim: Claim) -> Tally:
    """The tally of a claim; a village counts its own people only."""
    heads: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    looks = 0
    lines = access.visible_lines(by, claim).order_by().values_list("status", "outcome")
    for status, outcome, count, total in lines.annotate(Count("pk"), Sum("amount_fen")):
        heads[status] += count
        fen[status] += total or 0
        looks += count if outcome == "review" else 0
    return Tally(heads, fen, looks)


def totals_of(claim: Claim, tally: Tally) -> Totals:
    """The tally as pages print it. `claim` comes with `with_amounts`."""
    heads, fen = tally.heads, tally.fen
    dropped = (LineStatus.DEDUCTED, LineStatus.ANNULLED)
    return Totals(
        claimed=sum(heads.values()),
        live=heads[LineStatus.LIVE],
        held=heads[LineStatus.HELD],
        deducted=sum(heads[status] for status in dropped),
        live_fen=fen[LineStatus.LIVE],
        deducted_fen=sum(fen[status] for status in dropped),
        paid_fen=claim.paid_fen,  # type: ignore[attr-defined]
        kept_fen=claim.kept_fen,  # type: ignore[attr-defined]
    )
