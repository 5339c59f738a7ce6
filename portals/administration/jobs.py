"""后台任务: all background work and what is planned; failures first, so that they reach a person."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page
from django.db.models import Case, Count, IntegerField, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.jobs import KEEPERS
from core.jobs import Job, JobState, planned
from core.jobs.tasks import all_tasks
from portals.administration.doors import job_watchers
from portals.administration.forms import page_of
from portals.shared.access import PostRequest

FIRST = (JobState.FAILED, JobState.RUNNING, JobState.WAITING)  # then what is over, the latest first


@dataclass(frozen=True, slots=True)
class Planned:
    """Scheduled work: when it was last answered, and when it is due next."""

    label: str
    last: datetime | None
    next: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """A page of jobs, what it was narrowed to, how many there are in each state, and the plan."""

    page: Page
    states: list[tuple[str, str, int]]
    kinds: list[tuple[str, str]]
    state: str
    kind: str
    plan: list[Planned]
    may_steer: bool


@job_watchers
@require_safe
def jobs(request: PostRequest) -> HttpResponse:
    """Every job, failures first, 25 a page; narrowed to a state and a kind."""
    labels = {task.kind: str(task.label) for task in all_tasks()}
    state = request.GET.get("state", "")
    state = state if state in JobState.values else ""
    kind = request.GET.get("kind", "")
    kind = kind if kind in labels else ""
    counts = dict(Job.objects.order_by().values_list("state").annotate(count=Count("pk")))
    board = Board(
        page=page_of(_ordered(state, kind), request.GET.get("page", "")),
        states=[(code, str(label), counts.get(code, 0)) for code, label in JobState.choices],
        kinds=sorted(labels.items(), key=lambda pair: pair[1]),
        state=state,
        kind=kind,
        plan=[Planned(labels[when.kind], when.last, when.next) for when in planned()],
        may_steer=request.by.role in KEEPERS,
    )
    return render(request, "administration/jobs.html", {"board": board})


def _ordered(state: str, kind: str) -> QuerySet[Job]:
    narrowed = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    whens = [When(state=first, then=place) for place, first in enumerate(FIRST)]
    rank = Case(*whens, default=len(FIRST), output_field=IntegerField())
    return Job.objects.filter(**narrowed).select_related("asked_by").order_by(rank, "-enqueued_at", "pk")
