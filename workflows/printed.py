"""What every paper of a claim asks: its lines, its last assessment, its scheme, masked numbers, reasons in words."""

from typing import Any

from django.db.models import QuerySet

from core.identifiers import mask_id
from policy.rules import DEDUCTION_REASONS
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord


def lines_of(claim: Claim) -> QuerySet[ClaimLine]:
    """All lines of the claim with what papers print of them."""
    lines = ClaimLine.objects.filter(claim=claim).select_related("worker", "employer__area__parent")
    return lines.order_by("seq")


def last_assessment(claim: Claim) -> dict[str, Any]:
    """The latest assessment as stored."""
    record = AssessmentRecord.objects.filter(claim=claim).order_by("-pk").first()
    return record.result if record else {}


def scheme_of(claim: Claim) -> dict[str, str]:
    """The version and notice a paper names."""
    scheme = claim.scheme
    assert scheme is not None  # a filed claim names its scheme
    return {"scheme_label": scheme.label, "doc_no": scheme.doc_no}


def masked(line: ClaimLine) -> str:
    """The worker's document number, masked."""
    return mask_id(line.worker.id_number) if line.worker else ""


def reason_of(line: ClaimLine) -> str:
    """Why a line is not paid, in words."""
    label = DEDUCTION_REASONS.get(line.reason_code, line.reason_code)
    return f"{label}（{line.reason_note}）" if line.reason_note else label
