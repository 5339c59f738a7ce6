"""对账: what was approved, batched, answered and booked, by five cuts; the lines behind it, kept runs, a year's chart."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from payments import reconciliation_pages as pages
from payments.figures import Cut
from payments.reconciliation import MEASURES, RECONCILES
from payments.yearly_money import CHARTED, money_of
from portals.finance import forms
from portals.finance.charts import money_chart
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("对账仅供财政、审计和分管领导岗位查看，请切换岗位。")


def _asked(request: PostRequest) -> dict[str, Any]:
    return {
        "cut": request.GET.get("by", ""),
        "year": forms.number_in(request.GET.get("year", "")) or None,
        "page": request.GET.get("page", ""),
    }


@for_roles(RECONCILES, READERS_ONLY)
@require_GET
def screen(request: PostRequest) -> HttpResponse:
    """The groups of one cut, red ones first, 50 a page; the cut and the year stand in the address."""
    shown = pages.screen(by=request.by, **_asked(request))
    told = {"shown": shown, "page": shown.page, "job": shown.job, "cuts": Cut.choices, "words": pages.WORDS}
    return render(request, "finance/reconciliation.html", told)


@for_roles(RECONCILES, READERS_ONLY)
@require_GET
def lines(request: PostRequest) -> HttpResponse:
    """The people behind one figure of one group, 50 a page."""
    asked: dict[str, Any] = {"code": request.GET.get("key", ""), "measure": request.GET.get("of", "")}
    shown = pages.lines_page(by=request.by, **_asked(request), **asked)
    measures = [(name, pages.WORDS[name]) for name in MEASURES]
    told = {"shown": shown, "page": shown.page, "cut": Cut(shown.cut).label, "measures": measures}
    return render(request, "finance/reconciliation_lines.html", told)


@for_roles(RECONCILES, READERS_ONLY)
@require_POST
def start(request: PostRequest) -> HttpResponse:
    """Reconcile now, in the background."""
    pages.start_run(by=request.by)
    messages.success(request, _("对账正在后台进行，完成后本页显示结果。"))
    return redirect("finance:reconciliation")


@for_roles(RECONCILES, READERS_ONLY)
@require_GET
def runs(request: PostRequest) -> HttpResponse:
    """Kept runs, the latest first, 25 a page."""
    found = Paginator(pages.runs(request.by), pages.RUNS_PAGE).get_page(request.GET.get("page", ""))
    return render(request, "finance/reconciliation_runs.html", {"page": found})


@for_roles(RECONCILES, READERS_ONLY)
@require_GET
def run(request: PostRequest, pk: int) -> HttpResponse:
    """One kept run with what did not balance, 50 faults a page."""
    shown = pages.run_page(by=request.by, run_id=pk, page=request.GET.get("page", ""))
    return render(request, "finance/reconciliation_run.html", {"shown": shown, "page": shown.page})


@for_roles(RECONCILES, READERS_ONLY)
@require_GET
def chart(request: PostRequest) -> HttpResponse:
    """The money of a calendar year by month and fund: chart and table."""
    year = forms.number_in(request.GET.get("year", "")) or None
    money = money_of(by=request.by, measure=request.GET.get("of", ""), year=year)
    title = _("%(year)d年各月%(what)s金额（元），按资金来源") % {"year": money.year, "what": pages.WORDS[money.measure]}
    measures = [(name, pages.WORDS[name]) for name in CHARTED]
    told = {
        "shown": money,
        "title": title,
        "chart": money_chart(money, title) if money.total else "",
        "measures": measures,
    }
    return render(request, "finance/chart.html", told)
