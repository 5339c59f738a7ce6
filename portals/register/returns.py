"""月报: a village's list of this month, on a phone; what a town and the labour section see of all; the calendar."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import VILLAGE
from core.errors import NotAllowed, Refusal
from portals.register.doors import readers
from portals.register.returns_forms import doing_in
from portals.shared import downloads
from portals.shared.access import PostRequest
from portals.shared.navigation import address
from registry.labour.codes import LabourState, Reach
from registry.models import LabourPerson
from workflows.returns import access, listing
from workflows.returns.marking import attach_photo, confirm_rest, mark_person, seen
from workflows.returns.overview import grid, state_words, with_words
from workflows.returns.reminders import reminders_for
from workflows.returns.reporting import begin_correction, send_back, submit

PAGE = 25


@readers
@require_safe
def returns(request: PostRequest) -> HttpResponse:
    """The post's own beginning: a village's months, everybody else's calendar."""
    if request.by.role in VILLAGE:
        page = Paginator(access.visible_to(request.by), PAGE).get_page(request.GET.get("page"))
        return render(request, "register/returns.html", {"page": page, "rows": with_words(page)})
    return render(request, "register/returns_calendar.html", {"grid": grid(request.by)})


@readers
@require_safe
def village(request: PostRequest, pk: int) -> HttpResponse:
    """One village's return: its people, those not confirmed yet first in sight (`?left=1` for them alone)."""
    found = seen(pk, request.by)
    last = listing.before(found)
    fill = access.can_fill(request.by, found)
    people = listing.people_of(found, last)
    left = listing.left_of(found, last).count() if fill else 0
    total = people.count() if fill else found.entries.count()
    shown = listing.left_of(found, last) if fill and request.GET.get("left") else people
    page = Paginator(shown if fill else found.entries.select_related("person").order_by("pk"), PAGE).get_page(
        request.GET.get("page")
    )
    badge, words = state_words(found)
    given = {
        "found": found, "last": last, "page": page, "left": left, "total": total, "done": total - left,
        "rows": listing.listed(found, last, cast(list[LabourPerson], list(page))) if fill else [], "fill": fill, "badge": badge,
        "words": words, "correct": access.can_correct(request.by, found), "states": LabourState.choices,
        "send_back": access.can_send_back(request.by, found), "reaches": Reach.choices,
        "reminders": reminders_for(request.by, found.round) if fill else [], "new": address("register:new"),
        "own": request.by.role in VILLAGE, "only_left": bool(request.GET.get("left")),
    }  # fmt: skip
    return render(request, "register/return.html", given)


@readers
@require_POST
def mark(request: PostRequest, pk: int, person: UUID) -> HttpResponse:
    """同上月, or what the person does now."""
    doing = doing_in(request.POST) if request.POST.get("status") else None
    mark_person(return_id=pk, person_id=person, by=request.by, doing=doing, shown=request.POST.get("shown", ""))
    messages.success(request, _("已确认。"))
    return _back(pk, request)


@readers
@require_POST
def rest(request: PostRequest, pk: int) -> HttpResponse:
    """其余均同上月."""
    count = confirm_rest(return_id=pk, by=request.by)
    messages.success(request, _("已确认%(count)s人同上月。") % {"count": count})
    return _back(pk, request)


@readers
@require_POST
def hand_in(request: PostRequest, pk: int) -> HttpResponse:
    """报送, or 本月无变化 in one click."""
    found = submit(return_id=pk, by=request.by, nil=bool(request.POST.get("nil")))
    messages.success(request, _("%(number)s 已报送乡镇。") % {"number": found.number})
    return redirect("returns:village", pk)


@readers
@require_POST
def back(request: PostRequest, pk: int) -> HttpResponse:
    """The town sends a village's return back."""
    found = send_back(return_id=pk, reason=request.POST.get("reason", ""), by=request.by)
    messages.success(request, _("%(number)s 已退回该村。") % {"number": found.number})
    return redirect("returns:town", found.round_id, found.village.parent_id)


@readers
@require_POST
def correct(request: PostRequest, pk: int) -> HttpResponse:
    """A correction of what the town has merged."""
    return redirect("returns:village", begin_correction(return_id=pk, by=request.by).pk)


@readers
def photo(request: PostRequest, pk: int) -> HttpResponse:
    """The photo of the visits: shown, or (POST) kept."""
    if request.method == "POST":
        given = request.FILES.get("photo")
        if given is None:
            raise Refusal("photo_missing", _("请拍摄或选择照片后再上传。"))
        attach_photo(return_id=pk, data=given.read(), name=given.name or "入户.jpg", by=request.by)
        messages.success(request, _("照片已保存。"))
        return redirect("returns:village", pk)
    found = seen(pk, request.by)
    if found.photo is None:
        raise NotAllowed("photo_missing", _("该月报没有照片。"))
    return downloads.response(found.photo, inline=True)


def _back(pk: int, request: PostRequest) -> HttpResponse:
    """The list again, where the officer was."""
    response = redirect("returns:village", pk)
    page = request.POST.get("page", "")
    asked = (["left=1"] if request.POST.get("left") else []) + (
        [f"page={page}"] if page.isascii() and page.isdigit() else []
    )
    if asked:
        response["Location"] += "?" + "&".join(asked)
    return response
