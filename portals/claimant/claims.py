"""我的申报: the list, a new claim, and one claim as a draft, in correction or on its way."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.jobs import can_steer
from payments.recovery.reading import cases_of
from portals.claimant import board, forms, sheet
from portals.claimant.doors import PostRequest, claimants, onward
from workflows import drafts, roster_import
from workflows.states import ClaimState, Kind


@claimants
@require_GET
def mine(request: PostRequest) -> HttpResponse:
    """The claims of the acting post's side, 25 a page, each with what comes next."""
    q, kind, state = (request.GET.get(name, "")[:60] for name in ("q", "kind", "state"))
    found = board.mine(request.by, q=q, kind=kind, state=state, page=forms.page_in(request.GET.get("page", "")))
    asked = {"q": q, "kind": kind, "state": state, "kinds": board.kinds_of(request.by), "states": ClaimState.choices}
    return render(request, "claimant/list.html", {"board": found, "page": found.page, **asked})


@claimants
@require_http_methods(["GET", "POST"])
def new(request: PostRequest) -> HttpResponse:
    """The kinds this post may start, each with who, what, how much and what is needed; a POST starts one."""
    if request.method != "POST":
        return render(request, "claimant/new.html", {"choice": board.choice(request.by)})
    kind = request.POST.get("kind", "")
    claim = drafts.start_claim(
        kind=kind if kind in Kind.values else "",
        by=request.by,
        claimant_user_id=forms.number_in(request.POST.get("person", "")),
        count_year=board.year_in(request.POST.get("year", "")),
    )
    return onward(request, "claimant:claim", claim.pk)


@claimants
@require_GET
def claim(request: PostRequest, pk: int) -> HttpResponse:
    """A claim: the form while it is the claimant's to write, afterwards the way it goes."""
    drawn = sheet.sheet(claim_id=pk, by=request.by, line_page=forms.page_in(request.GET.get("page", "")))
    name = "draft" if drawn.page.can_edit else "progress"
    shown: dict[str, Any] = {"sheet": drawn, "page": drawn.page, "claim": drawn.page.claim}
    if name == "progress":
        shown["recoveries"] = cases_of(request.by, drawn.page.claim)
    importing = roster_import.running(pk) if drawn.draft else None
    if importing is not None:
        shown |= {"importing": importing, "steer": can_steer(request.by, importing)}
    return render(request, f"claimant/{name}.html", shown)


@claimants
@require_POST
def save(request: PostRequest, pk: int) -> HttpResponse:
    """Save what the form sent of the claim's own fields; by script it answers with the minute of saving."""
    claim = drafts.save_claim(
        claim_id=pk,
        by=request.by,
        account_id=forms.uuid_in(request.POST.get("account", "")),
        contact=forms.text_in(request, "contact"),
        note=forms.text_in(request, "note"),
        declared="declared" in request.POST if "asks_declared" in request.POST else None,
    )
    if request.htmx:
        return render(request, "claimant/_saved.html", {"claim": claim})
    messages.success(request, _("已保存。"))
    return onward(request, "claimant:claim", pk, at="s1")
