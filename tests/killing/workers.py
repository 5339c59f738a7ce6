"""Processes of `manage.py work` on the test's own database: started, killed, started again, and looked after."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from django.db import connection

from core.jobs import Job, JobState, enqueue
from tests.killing.tasks import TABLE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a test gives up on a worker
Process = subprocess.Popen[bytes]


class Nursery:
    """The process that forks the workers of one test (tests/killing/nursery.py)."""

    def __init__(self, environment: dict[str, str], modules: Sequence[str]) -> None:
        command = [sys.executable, "-m", "tests.killing.nursery", *modules]
        self._process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, *words: object) -> str:
        assert self._process.stdin and self._process.stdout
        print(*words, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, "the nursery is gone"
        return answer.strip()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Forked:
    """A worker of a nursery, asked and told as a `subprocess.Popen` is."""

    def __init__(self, nursery: Nursery, arguments: Sequence[str]) -> None:
        self._nursery = nursery
        self.pid = int(nursery.ask("work", *arguments))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and (code := self._nursery.ask("ended", self.pid)):
            self.returncode = int(code)
        return self.returncode

    def wait(self, timeout: float = PATIENCE) -> int:
        give_up = time.monotonic() + timeout
        while (code := self.poll()) is None:
            assert time.monotonic() < give_up, f"waited in vain for worker {self.pid} to end"
            time.sleep(0.01)
        return code

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Crew:
    """Workers of one test. `kill_file` is where a point is armed, `modules` what workers would read in their work."""

    def __init__(self, folder: Path, *, settings: str = "tests.killing.settings", modules: Sequence[str] = ()) -> None:
        self.kill_file = folder / "kill"
        self.workers: list[Process | Forked] = []
        self.modules = modules
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "YINGONG_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "YINGONG_TEST_FILES": str(folder / "files"),
            "YINGONG_KILL_FILE": str(self.kill_file),
        }

    @cached_property
    def nursery(self) -> Nursery:
        return Nursery(self.environment, self.modules)

    def start(self, *arguments: str) -> Forked:
        """One `manage.py work` with these arguments, forked."""
        worker = Forked(self.nursery, arguments)
        self.workers.append(worker)
        return worker

    def supervise(self, processes: int) -> Process:
        """A real `manage.py work` over this many workers, each an interpreter of its own."""
        command = [sys.executable, ROOT / "manage.py", "work", "--processes", str(processes)]
        supervisor = subprocess.Popen(command, env=self.environment)
        self.workers.append(supervisor)
        return supervisor

    def dead(self) -> int:
        """How many were killed so far."""
        return sum(worker.poll() == -signal.SIGKILL for worker in self.workers)

    def alive(self) -> list[Process | Forked]:
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
        if "nursery" in self.__dict__:
            self.nursery.end()


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


def random_victim(crew: Crew, chance: random.Random) -> Process | Forked | None:
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
