"""Which evidence and which papers of the road an actor may open. A file is as visible as what it belongs to."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, TOWNSHIP, VILLAGE
from core.errors import NotAllowed
from documents.models import Paper
from workflows import access
from workflows.checks import confirmed
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.reviews import NoticeEntry, Review
from workflows.states import Kind

INTERNAL = frozenset({Paper.Kind.SUMMARY})  # offices' own; claimants have the notice


def hidden() -> NotAllowed:
    """The one refusal for a file that is not there and for one the actor may not see."""
    return NotAllowed("file_not_visible", _("您当前的岗位无权打开该文件，或文件不存在。如需查看，请切换到相应岗位。"))


def evidence_for(*, evidence_id: int, by: Actor) -> Evidence:
    """Evidence with its file; refuses `file_not_visible`, the same for one that does not exist.

    Evidence of a line is as visible as the line: a village opens what concerns its own people only.
    """
    evidence = Evidence.objects.select_related("file", "claim").filter(pk=evidence_id).first()
    if evidence is None or not access.can_view(by, evidence.claim):
        raise hidden()
    if evidence.line_id and not access.visible_lines(by, evidence.claim).filter(pk=evidence.line_id).exists():
        raise hidden()
    return evidence


def owner_of(paper: Paper) -> tuple[str, int]:
    """What a paper belongs to: ``("claim", 12)``, ``("notice", 3)``, ``("batch", 4)``."""
    kind, _colon, number = paper.subject.partition(":")
    return kind, int(number) if number.isdigit() else 0


def can_open_paper(by: Actor, paper: Paper) -> bool:
    """Whether the actor may open a paper of the road; papers of payment are not the road's to answer for."""
    kind, number = owner_of(paper)
    if kind == "claim":
        claim = access.visible_to(by).filter(pk=number).first()
        return claim is not None and (paper.kind not in naming(claim) or sees_everybody(by, claim))
    if kind == "review":
        review = Review.objects.select_related("area", "claim").filter(pk=number).first()
        return review is not None and may_see_check(by, review) and bool(access.can_view(by, review.claim))
    if kind == "objection":
        return access.shows_objector(by)
    if kind == "notice":
        concerned = NoticeEntry.objects.filter(notice=number, claim__in=access.visible_to(by))
        return by.role not in CLAIMANTS or (paper.kind not in INTERNAL and concerned.exists())
    return False


def naming(claim: Claim) -> set[str]:
    """The kinds of paper that list the claim's workers; of a title only its roster does."""
    if claim.kind == Kind.AMBASSADOR:
        return {Paper.Kind.ROSTER}
    return {Paper.Kind.APPROVAL, Paper.Kind.ROSTER, Paper.Kind.DEDUCTION}


def sees_everybody(by: Actor, claim: Claim) -> bool:
    """Whether the actor sees everybody a claim names; villages and townships see those they answer for. A query.

    A title counts people of other claims, who are not its village's to see.
    """
    if by.role not in VILLAGE | TOWNSHIP:
        return True
    if claim.kind == Kind.AMBASSADOR:
        return False
    return not ClaimLine.objects.filter(claim=claim).exclude(pk__in=access.visible_lines(by, claim)).exists()


def may_see_check(by: Actor, review: Review) -> bool:
    """A verification sheet is for the area that signed it, those above it and the bureau; the claimant has the form."""
    if by.role in VILLAGE | TOWNSHIP:
        return by.area is not None and by.area.contains(review.area)
    return by.role not in CLAIMANTS


def papers_of(by: Actor, claim: Claim, reviews: Iterable[Review]) -> list[Paper]:
    """The papers of a claim and of its confirmed areas that the actor may open, in the order of their issue.

    `claim` is one he sees and `reviews` are all of its; one query, two for a village or township.
    """
    checks = [f"review:{review.pk}" for review in confirmed(reviews, claim.kind) if may_see_check(by, review)]
    papers = Paper.objects.filter(subject__in=[claim.chain, *checks]).select_related(
        "mark__replacement", "bytes", "job"
    )
    found = list(papers.defer("content", "mark__replacement__content"))
    if any(paper.kind in naming(claim) for paper in found) and not sees_everybody(by, claim):
        found = [paper for paper in found if paper.kind not in naming(claim)]
    return found


def paper_by_id(paper_id: UUID) -> Paper | None:
    """The paper with the job that makes its PDF, or None."""
    return Paper.objects.select_related("bytes", "job").filter(pk=paper_id).first()
