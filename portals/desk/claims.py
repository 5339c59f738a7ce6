"""申报: the list of claims an officer sees, and one claim with everything that decides it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.papers import draft
from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials, onward
from portals.desk.sheet import sheet
from portals.shared import downloads
from workflows import queries
from workflows.clashes import annul_line, resolve_clash
from workflows.line_evidence import line_evidence
from workflows.previews import approval_preview
from workflows.states import ClaimState, Kind, PaymentState

STATES = [*ClaimState.choices[1:], *PaymentState.choices]


@officials
@require_GET
def claims(request: DeskRequest) -> HttpResponse:
    """Every claim the post may see, searched by number, claimant or employer and narrowed by kind and state."""
    q, kind, state = (request.GET.get(name, "")[:60] for name in ("q", "kind", "state"))
    found = queries.claims_for(request.by, q=q, kind=kind if kind in Kind.values else "", state=state)
    page = tray.page_of(found, request.GET.get("page", ""))
    asked = {"q": q, "kind": kind, "state": state}
    return render(request, "desk/claims.html", {"page": page, **asked, "kinds": Kind.choices, "states": STATES})


@officials
@require_http_methods(["GET", "POST"])
def claim(request: DeskRequest, pk: int) -> HttpResponse:
    """One claim. A POST turns the page of its lines and carries along what was said on the others; it decides nothing."""
    asked = request.POST if request.method == "POST" else request.GET
    words = forms.words_in(request.POST)
    drawn = sheet(
        claim_id=pk,
        by=request.by,
        line_page=forms.page_in(asked.get("line_page", "")),
        only=asked.get("only", ""),
        words=words,
        wish=tray.came_with(request),
    )
    parts = {*request.POST.getlist("part-evidence"), *(["claim"] if request.POST.get("part-claim") else [])}
    shown = {"sheet": drawn, "page": drawn.page, "said": request.POST, "parts": parts}
    return render(request, "desk/claim.html", shown)


@officials
@require_GET
def line(request: DeskRequest, line: UUID) -> HttpResponse:
    """What stands beside one person when he is verified."""
    return render(request, "desk/line.html", {"shown": line_evidence(line_id=line, by=request.by)})


@officials
@require_GET
def draft_form(request: DeskRequest, pk: int) -> HttpResponse:
    """The 审批表 as it would be issued: watermarked, without number and code, kept nowhere."""
    content = approval_preview(claim_id=pk, by=request.by)
    return downloads.file_response(draft(content), f"{content.title}（草稿）.pdf", downloads.PDF, inline=True)


@officials
@require_POST
def clash(request: DeskRequest, line: UUID) -> HttpResponse:
    """The named line keeps the worker; its rivals are deducted."""
    kept = resolve_clash(line_id=line, by=request.by, opinion=request.POST.get("opinion", ""))
    messages.success(request, _("已裁定由本申报保留第%(n)s行，其余各方已作核减。") % {"n": kept.seq})
    return onward(request, "desk:claim", kept.claim_id)


@officials
@require_POST
def annul(request: DeskRequest, line: UUID) -> HttpResponse:
    """Take back an approved line that is not paid."""
    gone = annul_line(
        line_id=line,
        by=request.by,
        reason_code=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
    )
    messages.success(request, _("第%(n)s行已作废，占用的资金指标已释放。") % {"n": gone.seq})
    return onward(request, "desk:claim", gone.claim_id)
