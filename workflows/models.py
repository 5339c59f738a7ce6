"""A claim, its lines, the reviews owed on it, and the decisions taken. Read `workflows.flows` for the road."""

from workflows.attention import Copy, Deed, Favourite, SavedView, Sight
from workflows.check_lists import CheckEntry, CheckList
from workflows.claims import Claim, ClaimLine, CountedReferral, Evidence
from workflows.consultations import Consultation, Seat
from workflows.hearings import BoardPosting, Objection, ObjectionLine
from workflows.returns.rows import Reminder, ReturnEntry, SurveyRound, TownReturn, VillageReturn
from workflows.reviews import AssessmentRecord, Correction, Decision, Notice, NoticeEntry, Review
from workflows.samples import Reverification, Sample
from workflows.waivers import Waiver

__all__ = [
    "AssessmentRecord",
    "BoardPosting",
    "CheckEntry",
    "CheckList",
    "Claim",
    "ClaimLine",
    "Consultation",
    "Copy",
    "Correction",
    "CountedReferral",
    "Decision",
    "Deed",
    "Evidence",
    "Favourite",
    "Notice",
    "NoticeEntry",
    "Objection",
    "ObjectionLine",
    "Reminder",
    "ReturnEntry",
    "Reverification",
    "Review",
    "Sample",
    "SavedView",
    "Seat",
    "Sight",
    "SurveyRound",
    "TownReturn",
    "VillageReturn",
    "Waiver",
]
