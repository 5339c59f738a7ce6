"""What an officer does around a review: hand it on, ask, stop its clock, urge, copy, keep at hand."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.acting import Actor
from portals.desk import forms
from portals.desk.doors import DeskRequest, officials, onward
from workflows import consulting, handing_on, noticing
from workflows.attention import DeedVerb
from workflows.hand_page import copy_page, hand_page

PERSON = {DeedVerb.REASSIGN, DeedVerb.DELEGATE}
Deed = Callable[[int, QueryDict, Actor], object]


def _person(data: QueryDict) -> int:
    return forms.number_in(data.get("post", "")) or 0


DEEDS: dict[DeedVerb, Deed] = {
    DeedVerb.REASSIGN: lambda pk, data, by: handing_on.reassign(
        review_id=pk, post_id=_person(data), by=by, note=data.get("words", "")
    ),
    DeedVerb.DELEGATE: lambda pk, data, by: consulting.delegate(
        review_id=pk, post_id=_person(data), by=by, task=data.get("words", "")
    ),
    DeedVerb.ASK: lambda pk, data, by: consulting.consult(
        review_id=pk,
        post_ids=forms.numbers_in(data.getlist("post")),
        by=by,
        mode=data.get("mode", ""),
        question=data.get("words", ""),
    ),
    DeedVerb.TAKE_BACK: lambda pk, data, by: consulting.take_back(review_id=pk, by=by),
    DeedVerb.SUSPEND: lambda pk, data, by: handing_on.suspend(review_id=pk, by=by, reason=data.get("words", "")),
    DeedVerb.RESUME: lambda pk, data, by: handing_on.resume(review_id=pk, by=by, note=data.get("words", "")),
    DeedVerb.URGE: lambda pk, data, by: noticing.urge(review_id=pk, by=by, note=data.get("words", "")),
}


@officials
@require_http_methods(["GET", "POST"])
def hand(request: DeskRequest, review: int, verb: str) -> HttpResponse:
    """The form of one deed, and the deed."""
    if verb not in DEEDS:
        raise Http404
    deed = DeedVerb(verb)
    if request.method == "GET":
        return render(request, "desk/hand.html", {"hand": hand_page(review_id=review, verb=deed, by=request.by)})
    shown = DEEDS[deed](review, request.POST, request.by)
    messages.success(request, _("已办理：%(deed)s。") % {"deed": deed.label})
    row = getattr(shown, "review", shown)
    return onward(request, "desk:claim", row.claim_id)  # type: ignore[attr-defined]


@officials
@require_http_methods(["GET", "POST"])
def copy(request: DeskRequest, pk: int) -> HttpResponse:
    """抄送: whom to bring the claim to the notice of."""
    if request.method == "GET":
        return render(request, "desk/hand.html", {"hand": copy_page(claim_id=pk, by=request.by)})
    posts, words = forms.numbers_in(request.POST.getlist("post")), request.POST.get("words", "")
    made = noticing.copy_to(claim_id=pk, post_ids=posts, by=request.by, note=words)
    messages.success(request, _("已抄送%(n)d人。未阅的抄送不重复发送。") % {"n": len(made)})
    return onward(request, "desk:claim", pk)


@officials
@require_POST
def favour(request: DeskRequest, pk: int) -> HttpResponse:
    """收藏 or no longer."""
    keep = request.POST.get("keep", "1") == "1"
    noticing.favour(claim_id=pk, by=request.by, keep=keep)
    messages.success(request, _("已收藏。") if keep else _("已取消收藏。"))
    return onward(request, "desk:claim", pk)


@officials
@require_POST
def seen(request: DeskRequest, pk: int) -> HttpResponse:
    """All of the claim up to now is known."""
    noticing.mark_seen(claim_id=pk, by=request.by)
    return onward(request, "desk:claim", pk)
