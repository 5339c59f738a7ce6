"""Real `manage.py work` processes on the test's own database: started, killed, started again, and looked after."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import connection

from core.jobs import Job, JobState, enqueue
from tests.killing.tasks import TABLE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a test gives up on a worker
Process = subprocess.Popen[bytes]


class Crew:
    """Workers of one test. `kill_file` is where a point is armed."""

    def __init__(self, folder: Path) -> None:
        self.kill_file = folder / "kill"
        self.workers: list[Process] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.killing.settings",
            "YINGONG_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "YINGONG_KILL_FILE": str(self.kill_file),
        }

    def start(self, *arguments: str) -> Process:
        """One `manage.py work` with these arguments."""
        worker = subprocess.Popen([sys.executable, ROOT / "manage.py", "work", *arguments], env=self.environment)
        self.workers.append(worker)
        return worker

    def dead(self) -> int:
        """How many were killed so far."""
        return sum(worker.poll() == -signal.SIGKILL for worker in self.workers)

    def alive(self) -> list[Process]:
        return [worker for worker in self.workers if worker.poll() is None]

    def keep(self, count: int, *arguments: str) -> None:
        """Start others for those that are gone."""
        for _missing in range(count - len(self.alive())):
            self.start(*arguments)

    def finish(self) -> None:
        """Let one worker do all that is left."""
        told = self.alive()
        for worker in told:
            worker.terminate()
        # One that was still starting has not taken its signals yet, and no job either.
        assert {worker.wait(PATIENCE) for worker in told} <= {0, -signal.SIGTERM}
        last = self.start("--until-empty")
        assert last.wait(PATIENCE) == 0

    def end(self) -> None:
        """Whatever a test left running."""
        for worker in self.alive():
            worker.kill()
            worker.wait(PATIENCE)


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for it; a test that waits in vain says for what."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.03)


def traces() -> list[tuple[str, int, int, int]]:
    """(job, item, number, pid) of each row that is there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT job, item, number, pid FROM {TABLE}")
        return cursor.fetchall()


def top_up(jobs: list[Job], kind: str, *, items: int, waiting: int = 2) -> None:
    """Keep some work waiting, so that there is always something to be killed at."""
    live = Job.objects.filter(kind=kind, state__in=(JobState.WAITING, JobState.RUNNING)).count()
    jobs += [enqueue(kind, arguments={"items": items}) for _missing in range(waiting - live)]


def random_victim(crew: Crew, chance: random.Random) -> Process | None:
    """A worker that has worked already, at some moment of its work."""
    seen = {pid for _job, _item, _number, pid in traces()}
    working = [worker for worker in crew.alive() if worker.pid in seen]
    return chance.choice(working) if working else None


def faults(jobs: Sequence[Job], *, items: int, numbered: bool = True) -> list[str]:
    """Everything that is not exactly once: the checker. Nothing comes from sound work."""
    rows = traces()
    counted = Counter((job, item) for job, item, _number, _pid in rows)
    expected = {(str(job.pk), item) for job in jobs for item in range(1, items + 1)}
    wrong = [f"lost: item {item}" for job, item in sorted(expected - set(counted))]
    wrong += [f"from nowhere: item {item}" for job, item in sorted(set(counted) - expected)]
    wrong += [f"doubled: item {item}" for (job, item), times in sorted(counted.items()) if times > 1]
    if numbered and sorted(number for _job, _item, number, _pid in rows) != list(range(1, len(rows) + 1)):
        wrong.append("numbers with a gap or twice")
    states = Counter(Job.objects.filter(kind=jobs[0].kind).values_list("state", flat=True))
    if states != Counter({JobState.DONE.value: len(jobs)}):
        wrong.append(f"jobs not done: {dict(states)}")
    return wrong
