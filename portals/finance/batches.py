"""Batches: the list, one batch with its road and its transfers, opening one, the sealed file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from payments import access, queries
from payments.batches import download as take_out
from payments.batches import open_batch
from payments.fitting import faults_of, formats_for
from payments.models import Batch, BatchState, ReturnReason
from portals.finance import forms
from portals.shared import downloads
from portals.shared.access import PostRequest, for_roles

CHOOSE = access.BatchVerb.FORMAT
READERS_ONLY = gettext_lazy("拨付批次仅供民生保障局、财政和审计岗位查看，请切换岗位。")


@for_roles(access.SEES_BATCHES, READERS_ONLY)
@require_GET
def batches(request: PostRequest) -> HttpResponse:
    """The batches, newest first, by state; 25 a page."""
    state = request.GET.get("state", "")
    shown = {
        "page": Paginator(queries.batches_for(request.by, state=state), queries.LIST_PAGE).get_page(
            request.GET.get("page", "")
        ),
        "state": state,
        "states": BatchState.choices,
        "may_open": access.can_open(request.by),
        "sees_formats": access.ROLES[access.BatchVerb.DOWNLOAD] & {request.by.role},
    }
    return render(request, "finance/batches.html", shown)


@for_roles(access.SEES_BATCHES, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def open_(request: PostRequest) -> HttpResponse:
    """The bureau handler opens a batch on a fund and a channel."""
    if request.method == "GET":
        verdict = access.can_open(request.by)
        shown = {"funds": queries.funds(), "channels": Batch.Channel.choices, "may_open": verdict}
        return render(request, "finance/open.html", shown, status=200 if verdict else 403)
    batch = open_batch(
        fund_id=forms.number_in(request.POST.get("fund", "")),
        channel=request.POST.get("channel", ""),
        note=request.POST.get("note", ""),
        by=request.by,
    )
    messages.success(request, _("%(batch)s 已发起，请财政经办人员编制。") % {"batch": batch})
    return redirect("finance:batch", batch.pk)


@for_roles(access.SEES_BATCHES, READERS_ONLY)
@require_GET
def batch(request: PostRequest, pk: int) -> HttpResponse:
    """One batch: its road, totals, transfers (50 a page), what the actor may do, and the record."""
    page = queries.batch_page(batch_id=pk, by=request.by, page=request.GET.get("page", ""))
    return render(request, "finance/batch.html", {"shown": page, "reasons": ReturnReason.choices})


@for_roles(access.SEES_BATCHES, READERS_ONLY)
@require_GET
def download(request: PostRequest, pk: int, code: str, part: str) -> HttpResponse:
    """A payment file or the sealed instruction, byte for byte; the download stands in the record."""
    return downloads.response(take_out(batch_id=pk, by=request.by, format_code=code, part=part))


@for_roles(access.SEES_BATCHES, READERS_ONLY)
@require_GET
def fit(request: PostRequest, pk: int) -> HttpResponse:
    """What the chosen format cannot carry, row by row, before the batch is sealed; 50 a page."""
    shown = queries.batch_to_fit(batch_id=pk, by=request.by)
    found = Paginator(faults_of(shown), queries.PAGE).get_page(request.GET.get("page", ""))
    asked = {"batch": shown, "page": found, "formats": formats_for(shown), "may": access.can(request.by, shown, CHOOSE)}
    return render(request, "finance/fit.html", asked)
