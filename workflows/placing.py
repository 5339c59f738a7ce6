"""Where a line belongs: the slot its worker is paid once for, and the unit that verifies it."""

from collections.abc import Sequence

from accounts.models import Area
from policy.models import SchemeVersion
from workflows.claims import Claim, ClaimLine
from workflows.routing import route_lines
from workflows.slots import slot_of


def place(claim: Claim, lines: Sequence[ClaimLine], *, scheme: SchemeVersion | None, top: Area) -> None:
    """Set slot and verifying area of each line, unsaved. Lines come with `home` and `employer.area` loaded.

    Done when a line is saved, and again when the claim is filed: the register may have changed in between.
    """
    own = claim.claimant_org.operated_by if claim.claimant_org else None
    route_lines(claim, lines, own=[own] if own else [], zone=top)
    for line in lines:
        line.slot = slot_of(claim, line, scheme)
