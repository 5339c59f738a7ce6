"""A town in a round: who is missing, what to look at, sending back, merging; and the labour section's receipt."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import NotAllowed
from portals.register.doors import readers
from portals.shared.access import PostRequest
from workflows.returns import access
from workflows.returns.overview import with_words
from workflows.returns.reminders import reminders_for
from workflows.returns.rows import SurveyRound, TownReturn
from workflows.returns.towns import NOT_SEEN, merge_and_report, receive
from workflows.returns.warnings import latest, warnings_of


@readers
@require_safe
def town(request: PostRequest, round: int, area: int) -> HttpResponse:
    """A town's villages in a round, findings and reports."""
    found = access.towns_of(request.by).filter(pk=area).first()
    survey = SurveyRound.objects.filter(pk=round).first()
    if found is None or survey is None:
        raise NotAllowed("town_not_visible", NOT_SEEN)
    rows = with_words(latest(survey).filter(village__parent=found).select_related("round", "village__parent"))
    reports = list(TownReturn.objects.filter(round=survey, town=found).order_by("edition"))
    given = {
        "round": survey, "town": found, "rows": rows, "warnings": warnings_of(survey, found),
        "reports": [(report, access.can_receive(request.by, report)) for report in reports],
        "merge": access.can_merge(request.by, found), "receiver": request.by.role in access.RECEIVERS,
        "waiting": sum(row.state == "submitted" for row, _badge, _words in rows),
        "missing": sum(row.state in ("drafted", "sent_back") for row, _badge, _words in rows),
        "reminders": reminders_for(request.by, survey),
    }  # fmt: skip
    return render(request, "register/returns_town.html", given)


@readers
@require_POST
def merge(request: PostRequest, round: int, area: int) -> HttpResponse:
    """汇总上报."""
    made = merge_and_report(round_id=round, town_id=area, by=request.by, opinion=request.POST.get("opinion", ""))
    messages.success(request, _("已上报劳动保障科：%(count)s个村。") % {"count": made.villages})
    return redirect("returns:town", round, area)


@readers
@require_POST
def receipt(request: PostRequest, pk: int) -> HttpResponse:
    """接收, with a receipt number."""
    found = receive(town_return_id=pk, by=request.by)
    messages.success(request, _("已接收，回执编号%(number)s。") % {"number": found.receipt})
    return redirect("returns:town", found.round_id, found.town_id)
