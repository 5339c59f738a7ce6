"""Writing an assessment down: what it says of each line, the claim's risk, and the whole of it, frozen."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from core import clock
from policy.assessment import Assessment
from policy.risk import risk_of
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord

Placed = dict[UUID, tuple[str, int | None]]


def placed(lines: Sequence[ClaimLine]) -> Placed:
    """Slot and verifying area of each line as they stand in the database."""
    return {line.pk: (line.slot, line.verify_area_id) for line in lines}


def apply_assessment(
    claim: Claim, lines: Sequence[ClaimLine], assessment: Assessment, stored: Placed, *, stage: str
) -> None:
    """Write status, outcome and amount, and where a line moved its place, one statement a group; freeze it all.

    The claim's risk is set on it, unsaved.
    """
    results = {result.ref: result for result in assessment.lines}
    claim.risk = risk_of(assessment, claim.scheme.parsed())  # type: ignore[union-attr]
    groups: dict[tuple[tuple[str, object], ...], list[UUID]] = defaultdict(list)
    for line in lines:
        result = results[str(line.pk)]
        line.outcome, line.amount_fen = result.outcome, result.amount_fen
        change = {"status": line.status, "outcome": str(result.outcome), "amount_fen": result.amount_fen}
        if stored[line.pk] != (line.slot, line.verify_area_id):
            change |= {"slot": line.slot, "verify_area_id": line.verify_area_id}
        groups[tuple(change.items())].append(line.pk)
    for change_items, ids in groups.items():
        ClaimLine.objects.filter(pk__in=ids).update(**dict(change_items))
    AssessmentRecord.objects.create(
        claim=claim, stage=stage, result=assessment.as_json(), total_fen=assessment.total_fen, at=clock.now()
    )
