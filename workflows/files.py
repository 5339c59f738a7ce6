"""Which evidence and which papers of the road an actor may open. A file is as visible as what it belongs to."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import CLAIMANTS
from core.errors import NotAllowed
from documents.models import Paper
from workflows import access
from workflows.claims import Evidence
from workflows.reviews import NoticeEntry


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
    """Whether the actor may open a paper of a claim or a notice; papers of payment are not the road's to answer for."""
    kind, number = owner_of(paper)
    if kind == "claim":
        return access.visible_to(by).filter(pk=number).exists()
    if kind == "notice":
        concerned = NoticeEntry.objects.filter(notice=number, claim__in=access.visible_to(by))
        return by.role not in CLAIMANTS or concerned.exists()
    return False


def paper_by_id(paper_id: UUID) -> Paper | None:
    """The paper, or None."""
    return Paper.objects.filter(pk=paper_id).first()
