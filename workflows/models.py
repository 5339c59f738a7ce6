"""A claim, its lines, the reviews owed on it, and the decisions taken. Read `workflows.flows` for the road."""

from workflows.claims import Claim, ClaimLine, CountedReferral, Evidence
from workflows.hearings import BoardPosting, Objection, ObjectionLine
from workflows.reviews import AssessmentRecord, Correction, Decision, Notice, NoticeEntry, Review

__all__ = [
    "AssessmentRecord",
    "BoardPosting",
    "Claim",
    "ClaimLine",
    "Correction",
    "CountedReferral",
    "Decision",
    "Evidence",
    "Notice",
    "NoticeEntry",
    "Objection",
    "ObjectionLine",
    "Review",
]
