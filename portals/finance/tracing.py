"""One bank item, and one person of a claim with all that his money rests on."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from payments import tracing
from payments.access import SEES_BATCHES
from portals.finance.batches import READERS_ONLY
from portals.shared.access import PostRequest, for_roles


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_GET
def transfer(request: PostRequest, pk: int) -> HttpResponse:
    """What the bank was told, what it answered, and whom it pays, 50 a page."""
    shown = tracing.transfer_page(transfer_id=pk, by=request.by, page=request.GET.get("page", ""))
    return render(request, "finance/transfer.html", {"shown": shown, "page": shown.page})


@for_roles(SEES_BATCHES, READERS_ONLY)
@require_GET
def line(request: PostRequest, pk: UUID) -> HttpResponse:
    """One person: payments, evidence, signatures, publicity, rule and article."""
    return render(request, "finance/line.html", {"shown": tracing.line_page(line_id=pk, by=request.by)})
