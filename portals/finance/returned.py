"""退票: returned transfers until they are paid again, and the correction of their accounts by two officers."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from payments import result_access, result_pages
from payments.account_changes import confirm_account, propose_account, reject_account
from payments.paying_again import opened_for, reissue
from payments.result_access import SEES_RESULTS
from portals.finance import forms
from portals.finance.results import READERS_ONLY
from portals.finance.uploads import file_in
from portals.shared import downloads
from portals.shared.access import PostRequest, for_roles


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_GET
def returned(request: PostRequest) -> HttpResponse:
    """Returned transfers by stage: an account is wanted, waits to be confirmed, or all is ready to be paid again."""
    stage = request.GET.get("stage", "")
    page = Paginator(result_pages.returned(request.by, stage), result_pages.PAGE).get_page(request.GET.get("page", ""))
    shown = {
        "page": page,
        "stage": stage if stage in result_pages.STAGES else "",
        "counts": result_pages.returned_counts(request.by),
        "changes": list(result_pages.changes_waiting(request.by)[: result_pages.PAGE]),
        "may_propose": request.by.role in result_access.PROPOSES,
        "batches": opened_for(request.by),
    }
    return render(request, "finance/returned.html", shown)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_POST
def pay_again(request: PostRequest) -> HttpResponse:
    """Chosen returned transfers into an opened batch."""
    batch = reissue(
        transfer_ids=forms.numbers_in(request.POST.getlist("transfer")),
        batch_id=forms.number_in(request.POST.get("batch", "")),
        by=request.by,
    )
    messages.success(request, _("%(batch)s 已编制，请财政复核人员复核。") % {"batch": batch})
    return redirect("finance:batch", batch.pk)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def account(request: PostRequest, pk: int) -> HttpResponse:
    """The form for a corrected account of a returned transfer."""
    if request.method == "GET":
        transfer = result_pages.transfer_for(pk, request.by)
        verdict = result_access.can_propose(request.by, transfer.account)
        shown = {"transfer": transfer, "may_propose": verdict}
        return render(request, "finance/account.html", shown, status=200 if verdict else 403)
    change = propose_account(
        transfer_id=pk,
        bank=request.POST.get("bank", ""),
        cnaps=request.POST.get("cnaps", ""),
        number=request.POST.get("number", ""),
        reason=request.POST.get("reason", ""),
        evidence=file_in(request),
        by=request.by,
    )
    messages.success(request, _("账户更正已录入，请另一名财政人员确认。"))
    return redirect("finance:account_change", change.pk)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def account_change(request: PostRequest, pk: UUID) -> HttpResponse:
    """An account change, old beside new with its evidence; the second officer confirms it or turns it down."""
    if request.method == "GET":
        change = result_pages.change_for(pk, request.by)
        verdict = result_access.can_confirm(request.by, change.account, change.proposed_by_id)
        return render(request, "finance/account_change.html", {"change": change, "may_confirm": verdict})
    decide = confirm_account if request.POST.get("decision") == "confirm" else reject_account
    change = decide(change_id=pk, by=request.by, opinion=request.POST.get("opinion", ""))
    messages.success(request, _("账户更正：%(state)s。") % {"state": change.get_state_display()})
    return redirect("finance:account_change", change.pk)


@for_roles(SEES_RESULTS, READERS_ONLY)
@require_GET
def account_evidence(request: PostRequest, pk: UUID) -> HttpResponse:
    """The evidence of an account change."""
    return downloads.response(result_pages.change_for(pk, request.by).evidence, inline=True)
