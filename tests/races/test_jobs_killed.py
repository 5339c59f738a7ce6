"""Workers killed with SIGKILL in the middle of their work: every item exactly once, no job lost, none left running.

Real processes on real connections, on both engines. The controls at the end show that the checker catches work that
does not use `run.step`.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core.jobs import Job, JobState, cancel, enqueue
from core.timeline import SYSTEM
from tests.killing.tasks import CAREFUL, DOUBLING, LOSING, POINTS, TABLE, arm
from tests.killing.workers import Crew, faults, random_victim, top_up, traces, until

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = 40


@pytest.fixture(autouse=True)
def by_workers(settings: Any, transactional_db: None) -> Iterator[None]:
    """The trace table, and jobs that only workers take."""
    settings.JOBS_CARRIER = "database"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (job varchar(36), item integer, number integer, pid integer)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


@pytest.fixture
def crew(tmp_path: Path, by_workers: None) -> Iterator[Crew]:
    crew = Crew(tmp_path)
    yield crew
    crew.end()


def kill_at_random(crew: Crew, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    jobs: list[Job] = []
    killed = 0
    while killed < kills:
        crew.keep(2)
        top_up(jobs, CAREFUL, items=ITEMS)
        time.sleep(chance.uniform(0.02, 0.3))
        if victim := random_victim(crew, chance):
            victim.kill()
            victim.wait()
            killed += 1
    crew.finish()
    assert crew.dead() == kills
    assert faults(jobs, items=ITEMS) == []


def kill_at_points(crew: Crew, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    jobs: list[Job] = []
    for turn in range(kills):
        point = POINTS[turn % len(POINTS)]
        arm(crew.kill_file, point, 0 if point in {"start", "end"} else chance.randint(1, ITEMS))

        def struck(turn: int = turn) -> bool:
            crew.keep(2)
            top_up(jobs, CAREFUL, items=ITEMS)
            return crew.dead() == turn + 1

        until(struck, f"a worker to die at {point}")
    crew.finish()
    assert faults(jobs, items=ITEMS) == []


def test_killed_at_random_everything_is_done_exactly_once(crew: Crew) -> None:
    kill_at_random(crew, kills=8, seed=1)


def test_killed_at_named_points_everything_is_done_exactly_once(crew: Crew) -> None:
    kill_at_points(crew, kills=12, seed=2)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_killed_all_night(crew: Crew, seed: int) -> None:
    if seed % 2:
        kill_at_random(crew, kills=20, seed=100 + seed)
    else:
        kill_at_points(crew, kills=20, seed=100 + seed)


@pytest.mark.parametrize(("kind", "fault"), [(DOUBLING, "doubled: item 7"), (LOSING, "lost: item 7")])
def test_the_checker_catches_work_outside_its_step(crew: Crew, kind: str, fault: str) -> None:
    arm(crew.kill_file, "inside", 7)
    job = enqueue(kind, arguments={"items": 9})
    assert crew.start("--until-empty").wait() == -signal.SIGKILL
    crew.finish()
    assert faults([job], items=9, numbered=False) == [fault]


def test_told_to_stop_a_worker_ends_after_its_step_and_gives_the_job_back(crew: Crew) -> None:
    job = enqueue(CAREFUL, arguments={"items": 2000})
    worker = crew.start()
    until(lambda: len(traces()) > 5, "the first rows")
    worker.terminate()
    assert worker.wait(10) == 0
    job.refresh_from_db()
    rows = len(traces())
    assert (job.state, job.attempts, job.lease_until) == (JobState.WAITING, 0, None)
    assert (job.done, job.checkpoint) == (rows, {"item": rows})
    assert rows < 2000
    second = crew.start()
    until(lambda: len(traces()) > rows, "another worker to go on")
    cancel(job_id=job.pk, by=SYSTEM)
    until(lambda: Job.objects.get(pk=job.pk).state == JobState.CANCELLED, "the end of the cancelled job")
    assert sorted(item for _job, item, _number, _pid in traces()) == list(range(1, len(traces()) + 1))
    assert second.poll() is None


def gone(pid: int) -> bool:
    """Ended, whoever waits for it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_a_supervisor_starts_another_for_a_dead_worker_and_takes_all_along_when_it_goes(crew: Crew) -> None:
    jobs = [enqueue(CAREFUL, arguments={"items": 1000}) for _job in range(3)]
    supervisor = crew.supervise(2)
    until(lambda: len({pid for *_row, pid in traces()}) == 2, "two workers")
    first = {pid for *_row, pid in traces()}
    os.kill(min(first), signal.SIGKILL)
    until(lambda: len({pid for *_row, pid in traces()}) == 3, "a third worker in place of the dead one")
    workers = {pid for *_row, pid in traces()} - {min(first)}
    supervisor.terminate()
    assert supervisor.wait(20) == 0
    assert [pid for pid in workers if not gone(pid)] == []
    assert not Job.objects.filter(state=JobState.RUNNING).exclude(fence=1).exists()
    assert {job.pk for job in jobs} == set(Job.objects.filter(kind=CAREFUL).values_list("pk", flat=True))


def test_workers_of_a_killed_supervisor_end_by_themselves(crew: Crew) -> None:
    enqueue(CAREFUL, arguments={"items": 5000})
    supervisor = crew.supervise(2)
    until(lambda: len(traces()) > 5, "a working worker")
    (pid,) = {pid for *_row, pid in traces()}
    supervisor.kill()
    supervisor.wait()
    until(lambda: gone(pid), "the worker to notice")
    assert Job.objects.get(kind=CAREFUL).state == JobState.WAITING
