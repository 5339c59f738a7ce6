"""The page of one worker: whose draft it is, the line, whether it may be changed now, and its own files."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from accounts.acting import Actor
from core.errors import NotAllowed
from documents.rosters import RosterKind
from workflows import access
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.corrections import open_correction, require_part
from workflows.reviews import Correction
from workflows.states import ClaimState, Kind


@dataclass(frozen=True, slots=True)
class LineSheet:
    """What the template is drawn from; `line` is None for a new worker."""

    claim: Claim
    kind: RosterKind
    line: ClaimLine | None
    files: list[Evidence]
    kinds: list[tuple[str, str]]
    correction: Correction | None

    @property
    def removable(self) -> bool:
        return self.line is not None and self.claim.state == ClaimState.DRAFT


def line_sheet(*, claim_id: int, by: Actor, line_id: UUID | None = None) -> LineSheet:
    """A line the actor may write now; refuses as the command would, so that no form promises what saving denies."""
    related = ("claimant_org", "claimant_user", "created_post")
    claim = access.visible_to(by).select_related(*related).filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    access.can_edit(by, claim).require()
    if claim.kind == Kind.AMBASSADOR:
        raise Http404
    line = None
    if line_id is not None:
        line = claim.lines.select_related("worker", "home").filter(pk=line_id).first()
        if line is None:
            raise Http404
    require_part(claim, line_id=line_id)
    files = Evidence.objects.filter(claim=claim, line=line_id, replaced_at=None).select_related("file")
    return LineSheet(
        claim=claim,
        kind=claim.kind,  # type: ignore[arg-type]
        line=line,
        files=list(files) if line else [],
        kinds=[(kind.value, str(kind.label)) for kind in Evidence.Kind],
        correction=open_correction(claim),
    )
