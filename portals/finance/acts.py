"""What officers do to a batch: check, return, release, cancel, and mark what the bank did."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from payments.access import SEES_BATCHES
from payments.batch_pack import ask_pack
from payments.batches import (
    cancel_batch,
    check_batch,
    choose_format,
    mark_items,
    release_batch,
    return_batch,
    send_batch,
)
from payments.files import ask_file
from payments.models import Batch
from portals.finance import forms
from portals.finance.batches import READERS_ONLY
from portals.shared.access import PostRequest, for_roles


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def check(request: PostRequest, pk: int) -> HttpResponse:
    """The checker's yes."""
    return _done(request, check_batch(batch_id=pk, by=request.by, opinion=request.POST.get("opinion", "")))


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def give_back(request: PostRequest, pk: int) -> HttpResponse:
    """Back to the maker, with the reason."""
    return _done(request, return_batch(batch_id=pk, by=request.by, reason=request.POST.get("reason", "")))


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def release(request: PostRequest, pk: int) -> HttpResponse:
    """The approver's yes, which seals."""
    return _done(request, release_batch(batch_id=pk, by=request.by, opinion=request.POST.get("opinion", "")))


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def cancel(request: PostRequest, pk: int) -> HttpResponse:
    """Cancelled before it is sealed, with the reason."""
    return _done(request, cancel_batch(batch_id=pk, by=request.by, reason=request.POST.get("reason", "")))


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def choose(request: PostRequest, pk: int) -> HttpResponse:
    """Another payment format for a drafted batch; back to what it cannot carry."""
    batch = choose_format(batch_id=pk, by=request.by, format_code=request.POST.get("format", ""))
    messages.success(request, _("%(batch)s 已更换支付文件格式。") % {"batch": batch})
    return redirect("finance:fit", batch.pk)


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def make_file(request: PostRequest, pk: int) -> HttpResponse:
    """Have the file of a format made in the background."""
    job = ask_file(batch_id=pk, by=request.by, format_code=request.POST.get("format", ""))
    messages.success(request, _("支付文件正在后台生成。") if job else _("该格式的支付文件已经生成。"))
    return redirect("finance:batch", pk)


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def pack(request: PostRequest, pk: int) -> HttpResponse:
    """Have all papers of the batch put into one zip; leads to how far it is and to the file."""
    return redirect("shared:job", ask_pack(batch_id=pk, by=request.by).pk)


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def send(request: PostRequest, pk: int) -> HttpResponse:
    """The file of a format was handed over."""
    return _done(request, send_batch(batch_id=pk, by=request.by, format_code=request.POST.get("format", "")))


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_POST
def mark(request: PostRequest, pk: int) -> HttpResponse:
    """Chosen transfers, or all that is pending, as paid or returned."""
    batch = mark_items(
        batch_id=pk,
        outcome=request.POST.get("outcome", ""),
        claim_ids=forms.numbers_in(request.POST.getlist("claim")),
        transfer_ids=forms.numbers_in(request.POST.getlist("transfer")),
        all_pending=request.POST.get("all") == "1",
        reason_code=request.POST.get("reason_code", ""),
        reason=request.POST.get("reason", ""),
        by=request.by,
    )
    return _done(request, batch)


def _done(request: PostRequest, batch: Batch) -> HttpResponse:
    messages.success(
        request, _("%(batch)s 已办理，现为“%(state)s”。") % {"batch": batch, "state": batch.get_state_display()}
    )
    return redirect("finance:batch", batch.pk)
