"""参保复核: workers paid three months ago, and what the insurance records say of them (C07)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from payments.models import Recheck
from payments.recovery.access import SEES_CASES
from payments.recovery.rechecks import MONTHS, answer, can_answer, rechecks_for
from portals.finance import forms
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("参保复核清单仅供民生保障局、财政和审计岗位查看，请切换岗位。")
PAGE = 50


@for_roles(SEES_CASES, READERS_ONLY)
@require_GET
def rechecks(request: PostRequest) -> HttpResponse:
    """Those nobody has looked at, oldest first, or those with an outcome; 50 a page."""
    only = request.GET.get("only", "")
    page = Paginator(rechecks_for(request.by, only=only), PAGE).get_page(request.GET.get("page", ""))
    choices = [("", _("待复核")), *Recheck.Outcome.choices, ("all", _("全部"))]
    shown = {"page": page, "only": only, "choices": choices, "may_answer": can_answer(request.by), "months": MONTHS}
    return render(request, "finance/rechecks.html", shown)


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def record(request: PostRequest) -> HttpResponse:
    """What was found of the chosen workers."""
    day = request.POST.get("stopped_on", "")
    outcome = request.POST.get("outcome", "")
    count = answer(
        recheck_ids=forms.numbers_in(request.POST.getlist("recheck")),
        outcome=outcome,
        stopped_on=forms.day_in(day) if day and outcome == Recheck.Outcome.STOPPED else None,
        note=request.POST.get("note", ""),
        by=request.by,
    )
    messages.success(request, _("已登记%(n)d人的复核结果。") % {"n": count})
    return redirect("finance:rechecks")
