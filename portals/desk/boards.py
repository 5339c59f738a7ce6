"""公示栏: a village records on its phone that a notice hangs, with a photo; the bureau sees who has not yet."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import NotAllowed, Refusal
from portals.desk.doors import DeskRequest, officials, onward
from portals.shared import downloads
from workflows.boards import HIDDEN, postings_for, record_posting, waive_posting
from workflows.notice_page import boards_for


@officials
@require_GET
def boards(request: DeskRequest) -> HttpResponse:
    """The boards the post answers for, those still owed first."""
    return render(request, "desk/boards.html", {"boards": boards_for(request.by)})


@officials
@require_POST
def post(request: DeskRequest, pk: int) -> HttpResponse:
    """The sheet hangs since a day, and here is its photo."""
    photo = request.FILES.get("photo")
    if photo is None:
        raise Refusal("photo_missing", _("请拍摄或选择公示栏照片后再提交。"))
    posting = record_posting(
        posting_id=pk,
        by=request.by,
        posted_on=_day_in(request.POST.get("on", "")),
        data=photo.read(),
        name=photo.name or "公示栏.jpg",
    )
    messages.success(
        request,
        _("已记录张贴情况，请保持张贴至%(day)s。") % {"day": f"{posting.until:%Y年%-m月%-d日}"},
    )
    return onward(request, "desk:boards")


@officials
@require_POST
def waive(request: DeskRequest, pk: int) -> HttpResponse:
    """The section head frees a village from its posting."""
    posting = waive_posting(posting_id=pk, by=request.by, reason=request.POST.get("reason", ""))
    messages.success(request, _("已免予张贴，原因已记录。"))
    return onward(request, "desk:notice", posting.notice_id)


@officials
@require_GET
def photo(request: DeskRequest, pk: int) -> HttpResponse:
    """The photo of a board, to whoever may see the posting."""
    posting = postings_for(request.by).filter(pk=pk, photo__isnull=False).first()
    if posting is None or posting.photo is None:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    return downloads.response(posting.photo, inline=True)


def _day_in(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("posting_day", _("请填写张贴日期，例如2025-11-24。")) from error
