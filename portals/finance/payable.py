"""待拨付: approved lines of one fund and channel, by claim, and putting them into a batch."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from payments import access, queries
from payments.batches import draft_batch
from payments.models import Batch
from portals.finance import forms
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("待拨付名单仅供财政、劳动保障科经办和审计岗位查看，请切换岗位。")


@for_roles(access.SEES_PAYABLE, READERS_ONLY)
@require_GET
def payable(request: PostRequest) -> HttpResponse:
    """Claims with money to be paid; with `claim`, the lines of that one to choose from."""
    sources = list(queries.funds())
    chosen = forms.number_in(request.GET.get("fund", ""))
    fund = next((source for source in sources if source.pk == chosen), sources[0] if sources else None)
    channel = forms.channel_in(request.GET.get("channel", ""))
    shown: dict[str, Any] = {"funds": sources, "fund": fund, "channel": channel, "channels": Batch.Channel.choices}
    if fund is None:
        return render(request, "finance/payable.html", shown)
    wanted: dict[str, Any] = {"fund_id": fund.pk, "channel": channel}
    only = forms.number_in(request.GET.get("claim", ""))
    rows = queries.lines_of(**wanted, claim_id=only) if only else queries.payable_claims(**wanted)
    opened = list(queries.opened_batches(**wanted))
    shown |= {
        "page": Paginator(rows, queries.PAGE).get_page(request.GET.get("page", "")),
        "only": only,
        "totals": queries.payable_totals(**wanted),
        "homeless": queries.without_account(),
        "batches": opened,
        "into": forms.number_in(request.GET.get("batch", "")),
        "drafts": access.ROLES[access.BatchVerb.DRAFT] & {request.by.role},
    }
    return render(request, "finance/payable.html", shown)


@for_roles(access.SEES_PAYABLE, READERS_ONLY)
@require_POST
def draft(request: PostRequest) -> HttpResponse:
    """Put the chosen claims and lines into an opened batch."""
    batch = draft_batch(
        batch_id=forms.number_in(request.POST.get("batch", "")),
        claim_ids=forms.numbers_in(request.POST.getlist("claim")),
        line_ids=forms.keys_in(request.POST.getlist("line")),
        by=request.by,
    )
    messages.success(request, _("%(batch)s 已编制，请财政复核人员复核。") % {"batch": batch})
    return redirect("finance:batch", batch.pk)
