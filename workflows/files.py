"""Which evidence and which papers of the road an actor may open. A file is as visible as what it belongs to."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, TOWNSHIP, VILLAGE
from core.errors import NotAllowed
from documents.models import Paper
from workflows import access
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.reviews import NoticeEntry

NAMING = frozenset({Paper.Kind.APPROVAL, Paper.Kind.DEDUCTION})  # they list the claim's workers by name


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
    """Whether the actor may open a paper of a claim or a notice; papers of payment are not the road's to answer for.

    A paper that names a claim's workers is for those who see all of them.
    """
    kind, number = owner_of(paper)
    if kind == "claim":
        claim = access.visible_to(by).filter(pk=number).first()
        return claim is not None and (paper.kind not in NAMING or sees_everybody(by, claim))
    if kind == "notice":
        concerned = NoticeEntry.objects.filter(notice=number, claim__in=access.visible_to(by))
        return by.role not in CLAIMANTS or concerned.exists()
    return False


def sees_everybody(by: Actor, claim: Claim) -> bool:
    """Whether the actor sees every line of the claim; one query for villages and townships, none for others."""
    if by.role not in VILLAGE | TOWNSHIP:
        return True
    return not ClaimLine.objects.filter(claim=claim).exclude(pk__in=access.visible_lines(by, claim)).exists()


def papers_of(by: Actor, claim: Claim) -> list[Paper]:
    """The claim's own papers that the actor may open, in the order of their issue; `claim` is one he sees."""
    papers = Paper.objects.filter(subject=claim.chain).select_related("mark__replacement")
    found = list(papers.defer("content", "mark__replacement__content"))
    if any(paper.kind in NAMING for paper in found) and not sees_everybody(by, claim):
        return [paper for paper in found if paper.kind not in NAMING]
    return found


def paper_by_id(paper_id: UUID) -> Paper | None:
    """The paper, or None."""
    return Paper.objects.filter(pk=paper_id).first()
