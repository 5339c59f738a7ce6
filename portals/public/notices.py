"""The notices that are shown now, masked, and objections made on line: no log-in, small shares, nothing told twice.

What a stranger never sees here: workers, claim numbers, ID numbers, phones, accounts, and whether a name he gives is on
a list (PIPL Arts. 28, 55; 政府信息公开条例 Art. 15).
"""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal
from portals.public.limits import too_many, too_many_objections
from workflows.notice_page import PublicNotice, entry_at, public_notice, shown_now
from workflows.objection_page import by_code
from workflows.objections import Statement, object_online

FIELDS = ("name", "phone", "content", "address")
MOST_PEOPLE = 50
_BETWEEN_NAMES = re.compile(r"[\s、，,；;]+")


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What is being published now."""
    if too_many(request):
        return _later(request)
    return render(request, "public/notices.html", {"notices": shown_now().defer("paper")[:50]})


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice as a masked list that prints."""
    if too_many(request):
        return _later(request)
    found = public_notice(number)
    return render(request, "public/notice.html", {"found": found}) if found else _gone(request)


@never_cache
@require_http_methods(["GET", "POST"])
def objection_form(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The form for an objection to one recipient on a notice; a POST makes it."""
    if too_many(request):
        return _later(request)
    found = public_notice(number)
    row = next((row for row in found.rows if row.seq == seq), None) if found else None
    if found is None or row is None:
        return _gone(request)
    shown = {"found": found, "row": row, "said": request.POST}
    if request.method == "POST":
        return _objected(request, found, seq, shown)
    return render(request, "public/objection_form.html", shown)


def _objected(request: HttpRequest, found: PublicNotice, seq: int, shown: dict[str, object]) -> HttpResponse:
    if too_many_objections(request):
        return _later(request)
    entry = entry_at(found.notice, seq)
    people = [name for name in _BETWEEN_NAMES.split(request.POST.get("people", "")[:1000]) if name][:MOST_PEOPLE]
    try:
        made = object_online(
            entry_id=entry.pk if entry else 0,
            said=Statement(*(request.POST.get(name, "")[:3000] for name in FIELDS)),
            people=people,
        )
    except Refusal as refusal:
        return render(request, "public/objection_form.html", shown | {"refusal": refusal}, status=422)
    return render(request, "public/objection_made.html", {"objection": made})


@never_cache
@require_safe
def objection(request: HttpRequest) -> HttpResponse:
    """How an objection stands, to whoever holds its code: dates and outcome, no name and no reason."""
    asked = request.GET.get("code", "").strip()[:40]
    if not asked:
        return render(request, "public/objection.html", {"asked": ""})
    if too_many(request):
        return _later(request)
    found = by_code(asked)
    shown = {"asked": asked, "objection": found, "unknown": found is None}
    return render(request, "public/objection.html", shown, status=200 if found else 404)


def _gone(request: HttpRequest) -> HttpResponse:
    words = _("该公示不存在，或公示期已满不再展示。对公示期已满的事项，可在资金拨付前以书面形式实名提出异议。")
    return render(
        request, "public/notices.html", {"notices": shown_now().defer("paper")[:50], "gone": words}, status=404
    )


def _later(request: HttpRequest) -> HttpResponse:
    return render(request, "public/too_many.html", status=429)
