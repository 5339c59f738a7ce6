"""预检, 提交, 补正, 撤回: what the claimant does with the whole claim."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portals.claimant import checking, forms
from portals.claimant.doors import PostRequest, claimants, onward
from workflows import drafts
from workflows import filing as road


@claimants
@require_GET
def precheck(request: PostRequest, pk: int) -> HttpResponse:
    """What would happen if the claim were filed today, line by line; changes nothing."""
    found = checking.precheck(
        claim_id=pk,
        by=request.by,
        only=request.GET.get("only", ""),
        page=forms.page_in(request.GET.get("page", "")),
    )
    name = "_precheck" if request.htmx else "precheck"
    return render(request, f"claimant/{name}.html", {"check": found, "page": found.page, "pk": pk})


@claimants
@require_POST
def file(request: PostRequest, pk: int) -> HttpResponse:
    """File the draft. The tick of the declaration is kept even when filing is refused."""
    drafts.save_claim(claim_id=pk, by=request.by, declared="declared" in request.POST)
    claim = road.file_claim(claim_id=pk, by=request.by, plea=request.POST.get("plea", "")[:300])
    messages.success(request, _("申报已提交，申请编号 %(number)s。") % {"number": claim.number})
    return onward(request, "claimant:claim", pk)


@claimants
@require_POST
def answer(request: PostRequest, pk: int) -> HttpResponse:
    """Send the corrected claim back to the level that asked."""
    claim = road.answer_correction(claim_id=pk, by=request.by)
    messages.success(request, _("补正已提交，现处于“%(state)s”。") % {"state": claim.get_state_display()})
    return onward(request, "claimant:claim", pk)


@claimants
@require_POST
def withdraw(request: PostRequest, pk: int) -> HttpResponse:
    """Take the claim back."""
    claim = road.withdraw(claim_id=pk, by=request.by, reason=request.POST.get("reason", ""))
    messages.success(request, _("%(claim)s 已撤回。") % {"claim": claim})
    return onward(request, "claimant:claim", pk)
