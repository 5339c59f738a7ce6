"""The worker's loop: takes what is there, outlives a database that is away, asks for scheduled work now and then."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import User
from core import clock
from core.jobs import Job, JobState, Run, ScheduledRun, enqueue, run_job, run_waiting, task, working
from core.jobs.working import Worker

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "tests.working"
after: list[Callable[[], None]] = []


@task(KIND, label="测试任务")
def note(run: Run) -> None:
    for then in after:
        then()


@pytest.fixture(autouse=True)
def by_workers(settings: Any) -> Iterator[None]:
    settings.JOBS_CARRIER = "database"
    settings.JOBS_POLL_SECONDS = 0.01
    yield
    after.clear()


def states() -> list[str]:
    return list(Job.objects.filter(kind=KIND).order_by("run_after").values_list("state", flat=True))


def test_once_does_one_job_and_until_empty_the_rest() -> None:
    for _job in range(3):
        enqueue(KIND, arguments={})
    Worker().once()
    assert states() == [JobState.DONE, JobState.WAITING, JobState.WAITING]
    Worker().until_empty()
    assert states() == [JobState.DONE] * 3
    assert ScheduledRun.objects.count() == 0


def test_until_empty_waits_for_a_job_that_is_to_be_tried_later() -> None:
    enqueue(KIND, arguments={}, run_after=clock.now() + timedelta(seconds=0.3))
    Worker().until_empty()
    assert states() == [JobState.DONE]


def test_a_worker_outlives_a_database_that_is_away_and_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    away = iter([True, True])

    def sometimes(**more: Any) -> str | None:
        if next(away, False):
            raise OperationalError("away")
        return run_job(**more)

    monkeypatch.setattr(working, "run_job", sometimes)
    monkeypatch.setattr(working, "fire_due", lambda: fired.append(1))
    fired: list[int] = []
    worker = Worker()
    after.append(lambda: worker._stop(15, None))
    enqueue(KIND, arguments={})
    enqueue(KIND, arguments={})
    worker.forever()
    assert states() == [JobState.DONE, JobState.WAITING]
    assert fired == [1], "not at every turn"


def test_once_and_until_empty_exclude_each_other() -> None:
    with pytest.raises(CommandError):
        call_command("work", "--once", "--until-empty", stderr=StringIO())


def test_old_rows_of_the_system_are_cleared_and_those_of_people_stay(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create(username="asker")
    long_ago = clock.now() - timedelta(days=31)
    ended = {"kind": KIND, "finished_at": long_ago}
    old = Job.objects.create(**ended, state=JobState.DONE)
    kept = [
        Job.objects.create(**ended, state=JobState.FAILED),
        Job.objects.create(**ended, state=JobState.DONE, asked_by=user),
        Job.objects.create(kind=KIND, state=JobState.DONE, finished_at=clock.now()),
        Job.objects.create(kind=KIND),
    ]
    answered = ScheduledRun.objects.create(task=KIND, due_at=long_ago, job=old)
    ScheduledRun.objects.create(task=KIND, due_at=clock.now() - timedelta(days=401))
    clearing = enqueue("core.clear_jobs", arguments={})
    run_waiting()
    assert set(Job.objects.filter(kind=KIND)) == set(kept)
    assert [(row.pk, row.job_id) for row in ScheduledRun.objects.all()] == [(answered.pk, None)]
    clearing.refresh_from_db()
    assert clearing.result["count"] == 1
