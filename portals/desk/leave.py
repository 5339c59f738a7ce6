"""代理人: who acts in one's posts while one is on leave."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.covers import can_cover, covers_of, deputies_for, end_cover, name_deputy
from core import clock
from core.errors import Refusal
from portals.desk import forms
from portals.desk.doors import DeskRequest, officials, onward


@officials
@require_http_methods(["GET", "POST"])
def leave(request: DeskRequest) -> HttpResponse:
    """The covers of the officer, and the form that names a deputy."""
    if request.method == "POST":
        cover = name_deputy(
            deputy_id=forms.number_in(request.POST.get("deputy", "")) or 0,
            first_day=_day(request.POST.get("first", "")),
            last_day=_day(request.POST.get("last", "")),
            reason=request.POST.get("reason", ""),
            by=request.by,
        )
        messages.success(request, _("已指定%(who)s为代理人。") % {"who": cover.deputy.full_name})
        return onward(request, "desk:leave")
    verdict, today = can_cover(request.by), clock.today()
    shown = [
        (cover, _standing(cover.first_day, cover.last_day, cover.ended_at)) for cover in covers_of(request.by)[:50]
    ]
    deputies = deputies_for(request.by) if verdict else []
    return render(
        request, "desk/leave.html", {"covers": shown, "verdict": verdict, "deputies": deputies, "today": today}
    )


@officials
@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """End a cover before its time."""
    end_cover(cover_id=pk, by=request.by)
    messages.success(request, _("代理已结束。"))
    return onward(request, "desk:leave")


def _standing(first: date, last: date, ended: object) -> str:
    today = clock.today()
    if ended or last < today:
        return "over"
    return "now" if first <= today else "ahead"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("cover_dates", _("请填写代理的起止日期，例如2025-11-24。")) from error
