"""A worker is paid once: what a line's slot is, and what happens when two claims name the same person.

The database refuses a second live line for a person and slot; these functions see it coming and mark the later
line as held, so that a clash never kills a claim. Whoever gives slots out does so alone (brief A13).
"""

from collections.abc import Iterable, Sequence

from core.numbering import take
from policy.models import SchemeVersion
from workflows.claims import Claim, ClaimLine
from workflows.reviews import Review
from workflows.states import Kind, LineStatus


def settle_alone() -> None:
    """Until the caller's transaction ends nobody else gives slots out; taken after the locks of the claims."""
    take("slots")


def slot_of(claim: Claim, line: ClaimLine, scheme: SchemeVersion | None) -> str:
    """``referral:<scheme code>`` or ``pool:<platform>:<year>`` (A13, A15)."""
    if claim.kind == Kind.PLATFORM:
        return f"pool:{claim.claimant_org_id}:{line.hire_date.year if line.hire_date else 0}"
    return f"referral:{scheme.code if scheme else 'none'}"


def taken(claim: Claim, lines: Iterable[ClaimLine]) -> set[tuple[str, str]]:
    """The (person, slot) pairs of these lines that live and suspended lines of other claims hold; one query."""
    wanted = {(line.person_index, line.slot) for line in lines if line.person_index}
    holders = ClaimLine.objects.filter(
        person_index__in=[person for person, _slot in wanted],
        slot__in={slot for _person, slot in wanted},
        status__in=[LineStatus.LIVE, LineStatus.SUSPENDED],
    ).exclude(claim=claim)
    return wanted & set(holders.values_list("person_index", "slot"))


def settle(claim: Claim, lines: Sequence[ClaimLine]) -> list[ClaimLine]:
    """Set each line live, or held when its slot is taken; returns the held ones. Unsaved."""
    settle_alone()
    held_pairs = taken(claim, lines)
    held = []
    for line in lines:
        clashes = (line.person_index, line.slot) in held_pairs
        line.status = LineStatus.HELD if clashes else LineStatus.LIVE
        if clashes:
            held.append(line)
    return held


def restore(claim: Claim, reviews: Iterable[Review]) -> None:
    """Lines these reviews deducted come back: live, or held when somebody took the slot meanwhile."""
    lines = list(ClaimLine.objects.filter(claim=claim, deducted_by__in=[review.pk for review in reviews]))
    if not lines:
        return
    settle(claim, lines)
    for line in lines:
        line.deducted_by, line.reason_code, line.reason_note = None, "", ""
        line.save(update_fields=["status", "deducted_by", "reason_code", "reason_note"])


def rivals_of(line: ClaimLine) -> list[ClaimLine]:
    """The live, held and suspended lines of other claims for the same person and slot."""
    return list(
        ClaimLine.objects.filter(
            person_index=line.person_index,
            slot=line.slot,
            status__in=[LineStatus.LIVE, LineStatus.HELD, LineStatus.SUSPENDED],
        )
        .exclude(pk=line.pk)
        .select_related("claim__claimant_org", "claim__claimant_user")
    )
