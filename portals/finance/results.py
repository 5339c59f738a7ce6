"""银行回单: answers of a batch, one answer row by row, and the rows that were set aside."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.jobs import Job
from payments import result_pages
from payments.parked import settle_row
from payments.result_access import SEES_RESULTS
from payments.result_jobs import start_import
from portals.finance.uploads import file_in
from portals.shared import downloads
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("银行回单仅供民生保障局、财政和审计岗位查看，请切换岗位。")


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def results(request: PostRequest, pk: int) -> HttpResponse:
    """The answers of a batch; finance officers upload one, which is imported in the background."""
    if request.method == "GET":
        shown = result_pages.results_page(batch_id=pk, by=request.by)
        return render(request, "finance/results.html", {"shown": shown, "job": shown.job})
    data, name = file_in(request)
    page = reverse("finance:results", args=[pk])
    done = start_import(
        batch_id=pk,
        by=request.by,
        data=data,
        name=name,
        format_code=request.POST.get("format", ""),
        page=page,
    )
    if not isinstance(done, Job):
        messages.warning(request, done.sentence)
        return redirect("finance:result", done.result_file.pk)
    return redirect(page)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_GET
def result(request: PostRequest, pk: int) -> HttpResponse:
    """One answer file: each row with what was made of it, 50 a page."""
    shown = result_pages.result_page(
        result_id=pk, by=request.by, only=request.GET.get("only", ""), page=request.GET.get("page", "")
    )
    return render(request, "finance/result.html", {"shown": shown, "page": shown.page})


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_GET
def result_file(request: PostRequest, pk: int) -> HttpResponse:
    """The answer file as it came, byte for byte."""
    return downloads.response(result_pages.file_for(pk, request.by).file)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_POST
def settle(request: PostRequest, pk: int) -> HttpResponse:
    """A row that was set aside is settled, with the reason."""
    settlement = settle_row(
        row_id=pk, kind=request.POST.get("kind", ""), reason=request.POST.get("reason", ""), by=request.by
    )
    messages.success(request, _("已处理：%(kind)s。") % {"kind": settlement.get_kind_display()})
    return redirect(f"{reverse('finance:result', args=[settlement.row.result_file_id])}?only=parked")


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_GET
def parked(request: PostRequest) -> HttpResponse:
    """What finance still has to find out: rows set aside over all batches, and batches without an answer."""
    shown = {
        "page": Paginator(result_pages.parked_rows(request.by), result_pages.PAGE).get_page(
            request.GET.get("page", "")
        ),
        "unanswered": result_pages.unanswered(request.by)[: result_pages.PAGE],
        "counts": result_pages.returned_counts(request.by),
    }
    return render(request, "finance/parked.html", shown)
