"""人员名单: one worker by a form, hundreds by a roster, and what an ambassador counts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.jobs import can_steer
from core.errors import Refusal
from portals.claimant import forms, rosters
from portals.claimant.doors import PostRequest, claimants, onward
from portals.claimant.line_form import LineForm
from portals.claimant.line_sheet import LineSheet, line_sheet
from portals.shared import downloads
from workflows import drafts, roster_import, roster_lines


@claimants
@require_http_methods(["GET", "POST"])
def add(request: PostRequest, pk: int) -> HttpResponse:
    """A form for one more worker; after 保存并继续添加 an empty one again."""
    return _one_line(request, line_sheet(claim_id=pk, by=request.by))


@claimants
@require_http_methods(["GET", "POST"])
def edit(request: PostRequest, pk: int, line: UUID) -> HttpResponse:
    """The form of one worker, with his own files."""
    return _one_line(request, line_sheet(claim_id=pk, by=request.by, line_id=line))


def _one_line(request: PostRequest, drawn: LineSheet) -> HttpResponse:
    form = LineForm(drawn.kind, data=request.POST if request.method == "POST" else None, line=drawn.line)
    shown: dict[str, Any] = {"sheet": drawn, "form": form, "claim": drawn.claim}
    if request.method != "POST":
        return render(request, "claimant/line.html", shown)
    if not form.is_valid():
        return render(request, "claimant/line.html", shown, status=422)
    try:
        line = roster_lines.save_line(
            claim_id=drawn.claim.pk,
            by=request.by,
            values=form.values,
            line_id=drawn.line.pk if drawn.line else None,
        )
    except Refusal as refusal:
        if not form.takes(refusal):
            raise
        return render(request, "claimant/line.html", shown, status=422)
    messages.success(request, _("第%(seq)s行 %(name)s 已保存。") % {"seq": line.seq, "name": form.values.name})
    if "again" in request.POST:
        return onward(request, "claimant:line_add", drawn.claim.pk)
    return onward(request, "claimant:claim", drawn.claim.pk, at="s2")


@claimants
@require_POST
def remove(request: PostRequest, pk: int, line: UUID) -> HttpResponse:
    """Take a worker off the draft."""
    roster_lines.remove_line(claim_id=pk, line_id=line, by=request.by)
    messages.success(request, _("已从名单移除1人。"))
    return onward(request, "claimant:claim", pk, at="s2")


@claimants
@require_POST
def roster(request: PostRequest, pk: int) -> HttpResponse:
    """Take an uploaded roster; it is read into the draft in the background, the next page tells how far it is."""
    data, name = forms.file_in(request)
    page = reverse("claimant:roster_imported", args=[pk])
    roster_import.start_import(claim_id=pk, by=request.by, data=data, name=name, page=page)
    return redirect(page)


@claimants
@require_GET
def roster_imported(request: PostRequest, pk: int) -> HttpResponse:
    """How far the last upload is, and what became of its rows; 422 when the file could not be taken."""
    upload = rosters.last_upload(pk, request.by)
    shown = {"job": upload.job, "told": upload.told, "steer": can_steer(request.by, upload.job), "pk": pk}
    refused = upload.told is not None and upload.told.refusal is not None
    return render(request, "claimant/roster.html", shown, status=422 if refused else 200)


@claimants
@require_GET
def roster_template_file(request: PostRequest, kind: str) -> HttpResponse:
    """The empty roster of a kind, as an Excel file."""
    data, name = rosters.template_for(kind)
    return downloads.file_response(data, name, roster_import.XLSX)


@claimants
@require_GET
def roster_result(request: PostRequest, file: UUID) -> HttpResponse:
    """A workbook that an upload of this user gave back."""
    return downloads.response(rosters.stored_for(file, request.by))


@claimants
@require_POST
def count(request: PostRequest, pk: int) -> HttpResponse:
    """Count the ambassador's approved referrals anew."""
    drafts.count_referrals(claim_id=pk, by=request.by)
    messages.success(request, _("已重新统计引进人数。"))
    return onward(request, "claimant:claim", pk, at="s2")
