"""Who verifies a line: the first unit of the route that is not the claimant's own (brief A25–A27).

The worker's home village in the zone, else the employer's village, else the employer's township or industrial
area, else the bureau. A village that is the claimant itself is skipped: its township verifies.
"""

from collections.abc import Iterable

from accounts.models import Area
from workflows.claims import Claim, ClaimLine


def verifying_area(*, home: Area | None, workplace: Area | None, own: Iterable[Area], zone: Area) -> Area:
    """The area that verifies. `own` are the units that are the claimant's own; `zone` stands for the bureau."""
    barred = {area.pk for area in own}
    for candidate in (home, workplace):
        area = candidate
        while area is not None and area.pk in barred:
            area = area.parent
        if area is not None and area.kind != Area.Kind.ZONE:
            return area
    return zone


def route_lines(claim: Claim, lines: Iterable[ClaimLine], *, own: list[Area], zone: Area) -> None:
    """Set `verify_area` on each line, unsaved. Lines come with `home`, `employer.area` and their parents loaded."""
    for line in lines:
        workplace = line.employer.area if line.employer else None
        line.verify_area = verifying_area(home=line.home, workplace=workplace, own=own, zone=zone)


def township_of(area: Area) -> Area | None:
    """The township or industrial area above (or at) `area`; None for the zone. Needs `parent` loaded."""
    if area.kind == Area.Kind.VILLAGE:
        return area.parent
    return area if area.kind != Area.Kind.ZONE else None
