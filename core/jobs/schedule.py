"""Scheduled work: "due and not yet done", once a due time, also after a night off and with two who ask at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cronsim import CronSim
from django.db import IntegrityError, transaction
from django.db.models import Max

from core import clock
from core.job_rows import Job, ScheduledRun
from core.jobs.queue import enqueue
from core.jobs.running import due, run_job
from core.jobs.tasks import Task

KEY = "scheduled"
_plan: dict[str, str] = {}


def scheduled(cron: str) -> Callable[[Task], Task]:
    """Above `@task`: enqueue it without arguments at these times, in Shanghai time ("0 2 * * *" is 2:00 every night)."""
    CronSim(cron, clock.now().astimezone(clock.SHANGHAI))

    def plan(task: Task) -> Task:
        _plan[task.kind] = cron
        return task

    return plan


def due_time(cron: str, at: datetime) -> datetime:
    """The last due time at or before `at`, in Shanghai time."""
    local = at.astimezone(clock.SHANGHAI).replace(second=59, microsecond=0)
    return next(CronSim(cron, local, reverse=True))


@dataclass(frozen=True, slots=True)
class Plan:
    """When a scheduled task was last due and answered (None: never), and when it is due next, in Shanghai time."""

    kind: str
    last: datetime | None
    next: datetime


def planned() -> list[Plan]:
    """Every scheduled task, in one query."""
    answered = dict(ScheduledRun.objects.order_by().values_list("task").annotate(last=Max("due_at")))
    now = clock.now().astimezone(clock.SHANGHAI)
    return [Plan(kind, answered.get(kind), next(CronSim(cron, now))) for kind, cron in sorted(_plan.items())]


def fire_due() -> list[Job]:
    """Enqueue each scheduled task whose last due time nobody answered yet; the jobs. Missed times fire once together.

    A job of the task that is still live answers for the new time too. Safe whoever asks at once.
    """
    return list(_fired())


def _fired() -> Iterator[Job]:
    for kind, cron in sorted(_plan.items()):
        due_at = due_time(cron, clock.now())
        if ScheduledRun.objects.filter(task=kind, due_at__gte=due_at).exists():
            continue
        try:
            with transaction.atomic():
                answered = ScheduledRun.objects.create(task=kind, due_at=due_at)
                job = enqueue(kind, arguments={}, key=KEY)
                ScheduledRun.objects.filter(pk=answered.pk).update(job=job)
        except IntegrityError:  # another asked at the same moment
            continue
        yield job


def run_scheduled() -> dict[str, str]:
    """Fire what is due and run, in this process, all scheduled work that waits; the state each kind is in then.

    What another worker holds at this moment is left to it.
    """
    started = fire_due()
    for pk in list(due().filter(key=KEY).values_list("pk", flat=True)):
        if run_job(pk) is not None:
            started.append(Job.objects.get(pk=pk))
    states = Job.objects.filter(pk__in=[job.pk for job in started]).order_by("kind").values_list("kind", "state")
    return dict(states)
