"""What became of an uploaded roster, and the files that go with rosters."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from documents.models import StoredFile
from documents.rosters import CellError, roster_template
from workflows.files import hidden
from workflows.roster_lines import RosterImport
from workflows.states import Kind

SHOWN = 200  # faults on the page; the workbook that is given back names them all


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to an upload: rows taken and refused, the first faults, the workbooks to download."""

    result: RosterImport
    faults: list[CellError]
    more: int


def told(result: RosterImport) -> Told:
    """The upload's answer as the page shows it."""
    faults = result.roster.errors
    return Told(result, list(faults[:SHOWN]), max(len(faults) - SHOWN, 0))


def template_for(kind: str) -> tuple[bytes, str]:
    """The empty roster of a kind with the zone's villages to choose from, and its file name."""
    if kind not in Kind.values or kind == Kind.AMBASSADOR:
        raise Http404
    names = Area.objects.filter(kind=Area.Kind.VILLAGE).values_list("name", flat=True)
    label = Kind(kind).label
    return roster_template(kind, list(names)), _("%(kind)s花名册模板.xlsx") % {"kind": label}  # type: ignore[arg-type]


def stored_for(file_id: UUID, by: Actor) -> StoredFile:
    """A file this very user stored; anything else is refused as if it did not exist."""
    file = StoredFile.objects.filter(pk=file_id, stored_by=by.user_id).first()
    if file is None:
        raise hidden()
    return file
