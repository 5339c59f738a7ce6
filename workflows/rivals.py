"""The rivals of several lines at once, for the officer who decides a clash: who else names the worker, and since when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from workflows.claims import ClaimLine
from workflows.locking import ACTIVE
from workflows.states import LineStatus


@dataclass(frozen=True, slots=True)
class Clash:
    """A line and the lines of other claims that name the same worker for the same slot; first filed first."""

    line: ClaimLine
    rivals: list[ClaimLine]

    @property
    def sides(self) -> list[ClaimLine]:
        """All that claim the worker, the first filed first (brief A13)."""
        return sorted([self.line, *self.rivals], key=lambda line: (line.claim.filed_on, line.claim_id))


def clashes_among(lines: Iterable[ClaimLine]) -> list[Clash]:
    """The clashes these active lines stand in; one query. Lines come with `claim` loaded.

    A held line is one also when its rivals are gone meanwhile: the bureau still has to let it live.
    """
    asked = [line for line in lines if line.status in ACTIVE and line.person_index]
    if not asked:
        return []
    others = (
        ClaimLine.objects.filter(
            person_index__in={line.person_index for line in asked},
            slot__in={line.slot for line in asked},
            status__in=ACTIVE,
        )
        .exclude(claim__in={line.claim_id for line in asked})
        .select_related("claim__claimant_org", "claim__claimant_user")
        .defer("details", "phone")
    )
    naming: dict[tuple[str, str], list[ClaimLine]] = defaultdict(list)
    for other in others:
        naming[other.person_index, other.slot].append(other)
    found = [Clash(line, naming[line.person_index, line.slot]) for line in asked]
    return [clash for clash in found if clash.rivals or clash.line.status == LineStatus.HELD]
