"""公示: what waits for it, what is being shown, and what has run its time."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.calendar import WorkingDays
from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials
from workflows import notices as board
from workflows import publicity as road
from workflows.notice_page import notice_page
from workflows.reviews import Notice, NoticeEntry


@dataclass(frozen=True, slots=True)
class Showing:
    """A notice with its time: `left` working days, whether its period is over, and its claims with why they are held."""

    notice: Notice
    left: int
    over: bool
    waiting: list[tuple[NoticeEntry, str]]


@officials
@require_GET
def publicity(request: DeskRequest) -> HttpResponse:
    """Claims that wait, and the notices with the time they have left."""
    waiting = tray.page_of(road.waiting_for_publicity(request.by), request.GET.get("page", ""))
    notices = tray.page_of(board.notices_for(request.by), request.GET.get("notices", ""))
    days, today = WorkingDays.load(), clock.today()
    entries = {n.pk: n.waiting for n in notices}
    holds = road.hold_of([entry.claim_id for several in entries.values() for entry in several])
    shown = [
        Showing(
            n,
            max(days.between(today, n.closes_on), 0),
            n.closes_on < today,
            [(entry, holds.get(entry.claim_id, "")) for entry in entries[n.pk]],
        )
        for n in notices
    ]
    allowed = board.can_publish(request.by)
    return render(
        request, "desk/publicity.html", {"waiting": waiting, "notices": notices, "shown": shown, "allowed": allowed}
    )


@officials
@require_GET
def notice(request: DeskRequest, pk: int) -> HttpResponse:
    """One notice: its days, its villages' boards, its claims and the objections to them."""
    return render(request, "desk/notice.html", {"shown": notice_page(notice_id=pk, by=request.by)})


@officials
@require_POST
def publish(request: DeskRequest) -> HttpResponse:
    """One notice over the selected claims."""
    notice = road.publish(claim_ids=forms.numbers_in(request.POST.getlist("claim")), by=request.by)
    messages.success(
        request,
        _("%(number)s 已发布，公示至%(day)s。")
        % {"number": notice.number, "day": f"{notice.closes_on:%Y年%-m月%-d日}"},
    )
    return redirect("desk:notice", notice.pk)


@officials
@require_POST
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """A claim whose period is over goes to the leader."""
    claim = road.end_publicity(claim_id=pk, by=request.by)
    messages.success(request, _("%(claim)s 公示期满，已转分管领导审批。") % {"claim": claim})
    return redirect("desk:publicity")
