"""Taking a job under a lease and running it: the one road for every carrier."""

import logging
import secrets
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from core import clock
from core.errors import Refusal
from core.job_rows import LIVE, Job, JobState
from core.jobs.beating import Heartbeat
from core.jobs.errors import Again, Cancelled, Lost, Stopping, in_words
from core.jobs.runs import Run
from core.jobs.tasks import find

log = logging.getLogger(__name__)
UNBEATEN_LEASE_SECONDS = 600.0  # inline: nobody beats, each step extends it
MOST_LOSSES = 10  # workers that may die in one step before a person has to look


def due() -> QuerySet[Job]:
    """Jobs a worker may take: waiting and due, or running under a lease that ran out by the database's clock."""
    waiting = Q(state=JobState.WAITING, run_after__lte=clock.machine_now())
    left_behind = Q(state=JobState.RUNNING, lease_until__lt=Now())
    return Job.objects.filter(waiting | left_behind, state__in=LIVE).order_by("run_after", "id")


def lease(*, job_id: UUID | None = None, seconds: float | None = None) -> Job | None:
    """Take the job that is due longest (or this one, if it is due), None when there is none. Nobody else has it then.

    PostgreSQL: SKIP LOCKED, so workers do not wait for each other or for a step. SQLite: one writer at a time.
    """
    rows = due() if job_id is None else due().filter(pk=job_id)
    if not rows.exists():  # an idle worker takes no write lock
        return None
    with transaction.atomic():
        job = rows.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        if job.state == JobState.RUNNING:
            job.losses += 1
        else:
            job.attempts += 1
        job.fence += 1
        job.started_at = job.started_at or clock.now()
        job.state = JobState.RUNNING
        length = timedelta(seconds=seconds or settings.JOBS_LEASE_SECONDS)
        Job.objects.filter(pk=job.pk).update(
            state=job.state,
            losses=job.losses,
            attempts=job.attempts,
            fence=job.fence,
            started_at=job.started_at,
            lease_until=Now() + length,
        )
    return job


def run_job(
    job_id: UUID | None = None, *, stopping: Callable[[], bool] = lambda: False, beating: bool = True
) -> str | None:
    """Take and run one job (this one, or the one due longest); the state it is in then, None when none was due.

    Without `beating` no thread keeps the lease alive: for short work, and inside a transaction, which nobody sees into.
    """
    beating = beating and not connection.in_atomic_block
    seconds = settings.JOBS_LEASE_SECONDS if beating else UNBEATEN_LEASE_SECONDS
    job = lease(job_id=job_id, seconds=seconds)
    return None if job is None else execute(job, seconds=seconds, stopping=stopping, beating=beating)


def run_waiting(limit: int = 1000) -> int:
    """Run what is due in this process, one after the other, also what that enqueues; how many. For scripts and tests."""
    for count in range(limit):
        if run_job(beating=False) is None:
            return count
    return limit


def execute(job: Job, *, seconds: float, stopping: Callable[[], bool] = lambda: False, beating: bool = True) -> str:
    """Run a leased job to an end of some kind and write it; returns the state. Faults of the task stay inside."""
    run = Run(job, lease_seconds=seconds, stopping=stopping)
    task = find(job.kind)
    if job.cancel_asked_at is not None:
        return _ended(run, JobState.CANCELLED)
    if task is None:
        return _ended(run, JobState.FAILED, error_code="job_no_task", error_message="")
    if job.losses > MOST_LOSSES:
        return _ended(run, JobState.FAILED, error_code="job_worker_lost", error_message="")
    try:
        with Heartbeat(run) if beating else nullcontext():
            result = task(run)
        return _ended(run, JobState.DONE, result=dict(result or {}), error_code="", error_message="")
    except Lost:
        log.warning("job %s %s: the lease went to another worker", job.kind, job.pk)
        return JobState.RUNNING
    except Cancelled:
        return _ended(run, JobState.CANCELLED)
    except Stopping:
        return _ended(run, JobState.WAITING, attempts=job.attempts - 1, published_at=None)
    except Exception as error:
        return _failed(run, error, last=job.attempts >= task.attempts)
    except BaseException:  # told to end at once: the next worker need not wait for the lease to run out
        _ended(run, JobState.WAITING, attempts=job.attempts - 1, published_at=None)
        raise


def _ended(run: Run, state: JobState, **columns: object) -> str:
    run.end(state, **columns)
    return state


def _failed(run: Run, error: Exception, *, last: bool) -> str:
    code, message = in_words(error)
    log.error("job %s %s: attempt %s: %s %s", run.kind, run.job_id, run.attempt, code, message)
    words = {"error_code": code, "error_message": message}
    if last or (isinstance(error, Refusal) and not isinstance(error, Again)):
        return _ended(run, JobState.FAILED, **words)
    wait = timedelta(seconds=back_off(run.attempt))
    return _ended(run, JobState.WAITING, run_after=clock.machine_now() + wait, published_at=None, **words)


def back_off(attempt: int) -> float:
    """Seconds to wait after the `attempt`-th try: doubled each time up to the most, ± half, so that crowds disperse."""
    first, most = settings.JOBS_BACKOFF_SECONDS
    return min(first * 2 ** (attempt - 1), most) * (0.5 + secrets.randbelow(1001) / 1000)
