"""Evidence and papers, opened by whoever may see what they belong to."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.acting import Actor
from documents.models import Paper
from documents.papers import pdf_of
from payments import access as payments_access
from payments.models import Batch
from payments.recovery import access as recovery_access
from portals.shared import downloads
from portals.shared.access import PostRequest
from workflows import files


@login_required
@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of evidence: images and PDFs are shown, anything else is downloaded."""
    found = files.evidence_for(evidence_id=pk, by=_actor(request))
    return downloads.response(found.file, inline=True)


@login_required
@require_GET
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The one PDF of an official paper; made now when nobody has made it yet."""
    found = _paper(request, pk)
    return downloads.paper_response(found, pdf_of(found))


@login_required
@require_GET
def paper_progress(request: PostRequest, pk: UUID) -> HttpResponse:
    """How far the job is that makes the paper's PDF; the page around it is loaded anew when it is over."""
    found = _paper(request, pk)
    if not request.htmx:
        return redirect("shared:paper", found.pk)
    response = render(request, "components/papers_making.html", {"papers": [found]})
    if not found.in_the_making:
        response["HX-Refresh"] = "true"
    return response


def _paper(request: HttpRequest, pk: UUID) -> Paper:
    by, found = _actor(request), files.paper_by_id(pk)
    if found is None or not _may_open(by, found):
        raise files.hidden()
    return found


def _may_open(by: Actor, found: Paper) -> bool:
    kind, number = files.owner_of(found)
    if kind == "recovery":
        return recovery_access.visible_cases(by).filter(pk=number).exists()
    if kind != "batch":
        return files.can_open_paper(by, found)
    batch = Batch.objects.filter(pk=number).first()
    return batch is not None and bool(payments_access.can_view_batch(by, batch))


def _actor(request: Any) -> Actor:
    by: Actor | None = getattr(request, "by", None)
    if by is None:
        raise files.hidden()
    return by
