"""Funds: the list with what is left of each, one fund with its statement, 追加指标, the year-end list of the unpaid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.money import parse_yuan
from funds.access import SEES_FUNDS
from funds.commands import open_fund, reduce_fund, supplement_fund
from payments import budgets
from portals.finance import forms
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("资金来源仅供民生保障局、财政和审计岗位查看，请切换岗位。")


@for_roles(SEES_FUNDS, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def funds(request: PostRequest) -> HttpResponse:
    """The fund sources with their balances, by year; finance officers open one."""
    if request.method == "GET":
        year = forms.number_in(request.GET.get("year", "")) or None
        shown = budgets.funds_page(by=request.by, year=year, page=request.GET.get("page", ""))
        return render(request, "finance/funds.html", {"shown": shown, "page": shown.page})
    fund = open_fund(
        name=request.POST.get("name", ""),
        allocation_no=request.POST.get("allocation_no", ""),
        year=forms.year_in(request.POST.get("year", "")),
        amount_fen=parse_yuan(request.POST.get("amount", "")),
        functional_code=request.POST.get("functional_code", ""),
        economic_code=request.POST.get("economic_code", ""),
        by=request.by,
    )
    messages.success(request, _("%(fund)s 已登记。") % {"fund": fund})
    return redirect("finance:fund", fund.pk)


@for_roles(SEES_FUNDS, READERS_ONLY)
@require_GET
def fund(request: PostRequest, pk: int) -> HttpResponse:
    """One fund: where its money lies, and its statement, 50 rows a page."""
    shown = budgets.fund_page(
        fund_id=pk, by=request.by, movement=request.GET.get("movement", ""), page=request.GET.get("page", "")
    )
    return render(request, "finance/fund.html", {"shown": shown, "page": shown.page})


@for_roles(SEES_FUNDS, READERS_ONLY)
@require_POST
def supplement(request: PostRequest, pk: int) -> HttpResponse:
    """Add to the fund what the treasury has added."""
    amount = parse_yuan(request.POST.get("amount", ""))
    document = request.POST.get("document", "")
    fund = supplement_fund(fund_id=pk, amount_fen=amount, document=document, by=request.by)
    messages.success(request, _("%(fund)s 已追加指标。") % {"fund": fund})
    return redirect("finance:fund", fund.pk)


@for_roles(SEES_FUNDS, READERS_ONLY)
@require_POST
def reduce(request: PostRequest, pk: int) -> HttpResponse:
    """Take back of the fund what the treasury has cut."""
    fund = reduce_fund(
        fund_id=pk,
        amount_fen=parse_yuan(request.POST.get("amount", "")),
        document=request.POST.get("document", ""),
        reason=request.POST.get("reason", ""),
        by=request.by,
    )
    messages.success(request, _("%(fund)s 已调减指标。") % {"fund": fund})
    return redirect("finance:fund", fund.pk)


@for_roles(SEES_FUNDS, READERS_ONLY)
@require_GET
def unpaid(request: PostRequest) -> HttpResponse:
    """The year-end list of what was approved and not paid out."""
    year = forms.number_in(request.GET.get("year", "")) or None
    shown = budgets.unpaid_page(by=request.by, year=year, page=request.GET.get("page", ""))
    return render(request, "finance/unpaid.html", {"shown": shown, "page": shown.page})
