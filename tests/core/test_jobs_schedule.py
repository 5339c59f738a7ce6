"""Scheduled work fires "due and not yet done": once a due time, once after a night off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cronsim import CronSimError

from core import clock
from core.jobs import Job, JobState, Run, ScheduledRun, fire_due, run_scheduled, run_waiting, schedule, scheduled, task
from core.jobs.schedule import due_time

pytestmark = pytest.mark.django_db
NIGHTLY, HOURLY = "tests.nightly", "tests.hourly"
seen: list[str] = []


@task(NIGHTLY, label="每夜")
def nightly(run: Run) -> None:
    seen.append(run.kind)


@task(HOURLY, label="每时")
def hourly(run: Run) -> None:
    seen.append(run.kind)


@pytest.fixture(autouse=True)
def plan(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only these two are scheduled."""
    settings.JOBS_CARRIER = "database"
    monkeypatch.setattr(schedule, "_plan", {})
    scheduled("0 2 * * *")(nightly)
    scheduled("0 * * * *")(hourly)
    seen.clear()
    yield


def at(monkeypatch: pytest.MonkeyPatch, day: int, hour: int, minute: int = 0) -> None:
    """It is this local time in November 2025."""
    moment = datetime(2025, 11, day, hour, minute, 30, 123456, tzinfo=clock.SHANGHAI)
    monkeypatch.setattr(clock, "now", lambda: moment.astimezone(UTC))


def fired() -> list[str]:
    return [job.kind for job in fire_due()]


@pytest.mark.parametrize(
    ("cron", "hour", "minute", "expected"),
    [
        ("0 2 * * *", 2, 0, (24, 2, 0)),
        ("0 2 * * *", 1, 59, (23, 2, 0)),
        ("*/15 * * * *", 0, 7, (24, 0, 0)),
        ("30 23 * * 0", 9, 0, (23, 23, 30)),
    ],
)
def test_the_last_due_time_is_local(cron: str, hour: int, minute: int, expected: tuple[int, int, int]) -> None:
    moment = datetime(2025, 11, 24, hour, minute, 30, 5, tzinfo=clock.SHANGHAI).astimezone(UTC)
    assert due_time(cron, moment) == datetime(2025, 11, *expected, tzinfo=clock.SHANGHAI)


def test_each_due_time_fires_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 24, 2)
    assert fired() == [HOURLY, NIGHTLY]
    assert run_waiting() == 2
    assert fired() == []
    at(monkeypatch, 24, 2, 59)
    assert fired() == []
    at(monkeypatch, 24, 3)
    assert (fired(), run_waiting(), fired()) == ([HOURLY], 1, [])
    assert seen.count(HOURLY) == 2


def test_after_nights_off_missed_times_fire_once_together(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 20, 2)
    fire_due()
    run_waiting()
    seen.clear()
    at(monkeypatch, 24, 1, 30)
    assert fired() == [HOURLY, NIGHTLY]
    run_waiting()
    assert sorted(seen) == [HOURLY, NIGHTLY]
    at(monkeypatch, 24, 2, 5)
    assert fired() == [HOURLY, NIGHTLY], "the night after the nights off is one of its own"
    assert ScheduledRun.objects.filter(task=NIGHTLY).count() == 3


def test_a_job_that_still_waits_answers_for_the_next_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 24, 2)
    first = fire_due()
    at(monkeypatch, 24, 3)
    assert [job.pk for job in fire_due()] == [job.pk for job in first if job.kind == HOURLY]
    assert Job.objects.count() == 2
    assert ScheduledRun.objects.filter(task=HOURLY).count() == 2


def test_going_back_in_time_fires_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 24, 3)
    fire_due()
    run_waiting()
    at(monkeypatch, 24, 1)
    assert fired() == []


def test_run_scheduled_also_runs_what_a_dead_worker_left_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 24, 2)
    fire_due()
    assert run_scheduled() == {HOURLY: JobState.DONE, NIGHTLY: JobState.DONE}
    assert run_scheduled() == {}
    assert sorted(seen) == [HOURLY, NIGHTLY]


def test_an_odd_expression_is_refused_where_it_is_written() -> None:
    with pytest.raises(CronSimError):
        scheduled("61 * * * *")


def test_the_machines_clock_goes_on_while_the_business_date_stands_still() -> None:
    with clock.travel(date(2024, 1, 1)):
        assert clock.local_date(clock.now()) == date(2024, 1, 1)
        first = clock.machine_now()
        assert first.year > 2024 and clock.machine_now() >= first
        assert clock.ticks() <= clock.ticks()
