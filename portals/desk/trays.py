"""The trays beside 待办: opinions asked of me, what I began, what was copied to me, what I keep; saved views."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portals.desk import tray
from portals.desk.doors import DeskRequest, officials, onward
from workflows import trays
from workflows.consulting import answer as answer_seat
from workflows.noticing import mark_read
from workflows.saved_views import drop_view, save_view


@officials
@require_GET
def asked(request: DeskRequest) -> HttpResponse:
    """征求意见: what colleagues ask of the acting post, and what was answered."""
    page = tray.page_of(trays.asked_of(request.by), request.GET.get("page", ""))
    return render(request, "desk/asked.html", {"page": page, "here": "asked"})


@officials
@require_POST
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """Yes or no, with words."""
    answer_seat(seat_id=pk, by=request.by, stance=request.POST.get("stance", ""), words=request.POST.get("words", ""))
    messages.success(request, _("已答复，意见已送回征求人。"))
    return onward(request, "desk:asked")


@officials
@require_GET
def begun(request: DeskRequest) -> HttpResponse:
    """我发起: what the officer set going on claims, the latest of each."""
    page = tray.page_of(trays.begun_by(request.by), request.GET.get("page", ""))
    return render(request, "desk/begun.html", {"page": page, "here": "begun"})


@officials
@require_GET
def copies(request: DeskRequest) -> HttpResponse:
    """抄送我: unread first."""
    page = tray.page_of(trays.copies_for(request.by), request.GET.get("page", ""))
    return render(request, "desk/copies.html", {"page": page, "here": "copies"})


@officials
@require_POST
def read(request: DeskRequest, pk: int) -> HttpResponse:
    """已阅."""
    mark_read(copy_id=pk, by=request.by)
    return onward(request, "desk:copies")


@officials
@require_GET
def favourites(request: DeskRequest) -> HttpResponse:
    """收藏: claims kept at hand."""
    page = tray.page_of(trays.favourites_of(request.by), request.GET.get("page", ""))
    return render(request, "desk/favourites.html", {"page": page, "here": "favourites"})


@officials
@require_POST
def keep_view(request: DeskRequest) -> HttpResponse:
    """Keep the filters and the order of the inbox under a name."""
    query = tray.wish_in(request.POST).but()
    save_view(name=request.POST.get("name", ""), query=query, by=request.by)
    messages.success(request, _("已保存视图。"))
    return redirect(f"{reverse('desk:inbox')}?{query}")


@officials
@require_POST
def remove_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Forget a view."""
    drop_view(view_id=pk, by=request.by)
    return onward(request, "desk:inbox")
