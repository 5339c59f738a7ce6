"""核查名单: which lists of other authorities are in force and were before, and taking a new one in."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.errors import Refusal
from core.jobs import Job
from portals.desk import tray
from portals.desk.doors import DeskRequest, officials, onward
from workflows import list_import
from workflows.check_lists import CheckList, in_force


@officials
@require_GET
def lists(request: DeskRequest) -> HttpResponse:
    """The lists, the latest first, each with whether rules go by it today; what became of the last upload."""
    list_import.can_see(request.by).require()
    page = tray.page_of(CheckList.objects.select_related("imported_by"), request.GET.get("page", ""))
    job = list_import.last_import(request.by)
    shown = {
        "page": page,
        "in_force": set(in_force(clock.today()).values_list("pk", flat=True)),
        "kinds": CheckList.Kind.choices,
        "may": list_import.can_import(request.by),
        "job": job if job and job.is_live else None,
        "answer": list_import.outcome_of(job) if job and job.state == Job.State.DONE else {},
        "today": clock.today(),
    }
    return render(request, "desk/lists.html", shown)


@officials
@require_POST
def take_in(request: DeskRequest) -> HttpResponse:
    """A list is uploaded; the job says the rest."""
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("file_missing", "请选择名单文件。")
    list_import.start_import(
        by=request.by,
        kind=request.POST.get("kind", ""),
        source=request.POST.get("source", ""),
        drawn_on=_day(request.POST.get("drawn_on", "")),
        data=file.read(),
        name=file.name or "名单",
        page=reverse("desk:lists"),
    )
    return onward(request, "desk:lists")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
