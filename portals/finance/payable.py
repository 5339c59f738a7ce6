"""待拨付: approved lines of one fund and channel, by claim, and putting them into a batch."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from payments import access, queries, waiting
from payments.attention import attention
from payments.batches import draft_batch
from payments.fitting import faults_of, formats_of
from payments.moving import can_move, move_claims
from portals.finance import forms
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("待拨付名单仅供财政、劳动保障科经办和审计岗位查看，请切换岗位。")


@for_roles(access.SEES_PAYABLE, READERS_ONLY)
@require_GET
def payable(request: PostRequest) -> HttpResponse:
    """Claims with money to be paid; with `claim`, the lines of that one to choose from."""
    places = waiting.all_waiting()
    fund, channel = forms.number_in(request.GET.get("fund", "")), request.GET.get("channel", "")
    place = waiting.chosen(places, fund_id=fund, channel=channel)
    shown: dict[str, Any] = {"places": places, "funds": list(queries.funds()), "place": place}
    shown["attention"] = attention(request.by)
    if place is None:
        return render(request, "finance/payable.html", shown)
    wanted: dict[str, Any] = {"fund_id": place.fund.pk, "channel": place.channel}
    only = forms.number_in(request.GET.get("claim", ""))
    rows = queries.lines_of(**wanted, claim_id=only) if only else queries.payable_claims(**wanted)
    opened = list(queries.opened_batches(**wanted))
    shown |= {
        "page": Paginator(rows, queries.PAGE).get_page(request.GET.get("page", "")),
        "only": only,
        "homeless": queries.without_account(),
        "batches": opened,
        "into": forms.number_in(request.GET.get("batch", "")),
        "formats": formats_of(place.channel),
        "may_move": can_move(request.by),
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
        format_code=request.POST.get("format", ""),
        by=request.by,
    )
    if found := faults_of(batch):
        words = _("%(batch)s 已编制，但有%(count)d处内容不能写入所选的文件格式，请更换格式或退回更正。")
        messages.warning(request, words % {"batch": batch, "count": len(found)})
        return redirect("finance:fit", batch.pk)
    messages.success(request, _("%(batch)s 已编制，请财政复核人员复核。") % {"batch": batch})
    return redirect("finance:batch", batch.pk)


@for_roles(access.SEES_PAYABLE, READERS_ONLY)
@require_POST
def move(request: PostRequest) -> HttpResponse:
    """What is still payable of the chosen claims is to be paid from another fund."""
    fund = forms.number_in(request.POST.get("to_fund", ""))
    moved = move_claims(
        claim_ids=forms.numbers_in(request.POST.getlist("claim")),
        to_fund_id=fund,
        reason=request.POST.get("reason", ""),
        by=request.by,
    )
    messages.success(request, _("%(count)d件申报的资金来源已调整。") % {"count": len(moved)})
    return redirect(
        f"{reverse('finance:payable')}?fund={fund}&channel={forms.channel_in(request.POST.get('channel', ''))}"
    )
