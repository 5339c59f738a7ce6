"""The heartbeat: work that is longer than its lease stays with its worker; without it the job goes to another."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from core.jobs import Job, JobState, Run, enqueue, lease, run_job, task

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.beating"
LEASES = 3  # the work is so many leases long


@task(KIND, label="长任务")
def long_work(run: Run) -> dict[str, Any]:
    time.sleep(LEASES * run.lease_seconds)
    return {"say": "完成"}


@pytest.fixture(autouse=True)
def short_leases(settings: Any, transactional_db: None) -> Iterator[None]:
    settings.JOBS_CARRIER = "database"
    settings.JOBS_LEASE_SECONDS, settings.JOBS_BEAT_SECONDS = 0.6, 0.1
    yield


def taken_while_working() -> tuple[str | None, int]:
    """How the worker's run ended, and how often somebody else could take the job meanwhile."""

    def work() -> str | None:
        try:
            return run_job()
        finally:
            connection.close()

    taken = 0
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        while not working.done():
            time.sleep(0.05)
            if Job.objects.filter(state=JobState.RUNNING).exists():
                taken += lease(seconds=60) is not None
        return working.result(), taken


def test_a_beating_worker_keeps_a_job_longer_than_its_lease() -> None:
    job = enqueue(KIND, arguments={})
    assert taken_while_working() == (JobState.DONE, 0)
    job.refresh_from_db()
    assert (job.fence, job.losses, job.result) == (1, 0, {"say": "完成"})


def test_without_a_beat_another_takes_it_and_the_first_writes_nothing(settings: Any) -> None:
    settings.JOBS_BEAT_SECONDS = 60.0
    job = enqueue(KIND, arguments={})
    assert taken_while_working()[1] == 1
    job.refresh_from_db()
    assert (job.state, job.fence, job.losses, job.result) == (JobState.RUNNING, 2, 1, {})
