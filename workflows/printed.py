"""What every paper of a claim asks: its lines, its last assessment, its scheme, masked numbers, reasons in words."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Area
from core.identifiers import mask_id
from policy.rules import DEDUCTION_REASONS
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord
from workflows.routing import township_of
from workflows.states import LineStatus


def lines_of(claim: Claim) -> QuerySet[ClaimLine]:
    """All lines of the claim with what papers print of them."""
    lines = ClaimLine.objects.filter(claim=claim).select_related("worker", "employer__area__parent")
    return lines.order_by("seq")


def last_assessment(claim: Claim) -> dict[str, Any]:
    """The latest assessment as stored."""
    record = AssessmentRecord.objects.filter(claim=claim).order_by("-pk").first()
    return record.result if record else {}


def assessments_of(claims: Iterable[Claim]) -> dict[int, dict[str, Any]]:
    """The latest assessment of each of several claims, by claim; one query."""
    last = AssessmentRecord.objects.filter(claim=OuterRef("claim")).order_by("-pk").values("pk")[:1]
    records = AssessmentRecord.objects.filter(claim__in=list(claims), pk=Subquery(last))
    return {record.claim_id: record.result for record in records}


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


def outcome_of(line: ClaimLine) -> str:
    """What became of a line, in one phrase: 支持, 暂缓 while an objection is open, or 核减 with its coded reason."""
    if line.status == LineStatus.LIVE:
        return _("支持")
    if line.status == LineStatus.SUSPENDED:
        return _("异议核查中，暂缓批准")
    return _("核减：%(why)s") % {"why": DEDUCTION_REASONS.get(line.reason_code, "")}


def town_of(area: Area | None) -> str:
    """The name of the township an area lies in; needs `parent` loaded."""
    above = township_of(area) if area else None
    return above.name if above else ""
