"""What became of an uploaded roster, and the files that go with rosters."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from core.errors import Refusal
from core.jobs import Job
from documents.models import StoredFile
from documents.rosters import roster_template
from workflows.files import hidden
from workflows.roster_import import last_import, outcome_of
from workflows.states import Kind


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to an upload: rows taken and refused, the first faults, the workbooks; or why the file was refused."""

    saved: int = 0
    failed: int = 0
    faults: list[tuple[str, str, str]] = field(default_factory=list)  # sheet, cell, sentence
    more: int = 0
    result_file: str = ""
    failed_file: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """The last upload of a claim: its job, and what it answers once it is done."""

    job: Job
    told: Told | None


def last_upload(claim_id: int, by: Actor) -> Upload:
    """What the actor uploaded last for a claim; refused as hidden when that is nothing."""
    job = last_import(claim_id, by)
    if job is None:
        raise hidden()
    return Upload(job, _told(job) if job.state == Job.State.DONE else None)


def _told(job: Job) -> Told:
    outcome = outcome_of(job)
    if refusal := outcome.pop("refusal", None):
        return Told(refusal=Refusal(refusal["code"], refusal["message"]))
    return Told(**outcome)


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
