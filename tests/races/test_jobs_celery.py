"""Jobs carried by Celery over a real Redis: published after the commit, done once, not lost with worker or broker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from core.jobs import Job, JobState, enqueue
from tests.killing.tasks import CAREFUL, TABLE, arm
from tests.killing.workers import PATIENCE, ROOT, Crew, Process, faults, traces, until

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = 30


class Redis:
    """A server on a free port of this machine that keeps nothing; it may go away and come back."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed: bin/setup --dev installs it (apt-get install redis-server)"
        self.folder, self.program = folder, program
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self.folder), "--daemonize", "no"],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until(self.answers, "redis")

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(PATIENCE)


@pytest.fixture
def redis() -> Iterator[Redis]:
    with tempfile.TemporaryDirectory(prefix="yingong-redis-") as folder:
        redis = Redis(Path(folder))
        redis.start()
        yield redis
        redis.stop()


class CeleryCrew(Crew):
    """A relay and Celery workers beside it, each a process of its own."""

    def __init__(self, folder: Path, redis: Redis, *, settings: str = "tests.killing.settings") -> None:
        super().__init__(folder, settings=settings)
        self.environment |= {"YINGONG_BROKER": redis.url, "YINGONG_TEST_CARRIER": "celery"}

    def worker(self) -> Process:
        return self._run("-m", "celery", "-A", "project.celery", "worker", "--pool=solo", "--loglevel=WARNING",
                         "--without-gossip", "--without-mingle", "--without-heartbeat")  # fmt: skip

    def relay(self) -> Process:
        return self._run(str(ROOT / "manage.py"), "relay")

    def _run(self, *arguments: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL
        )
        self.workers.append(process)
        return process


@pytest.fixture(autouse=True)
def carried(settings: Any, transactional_db: None) -> Iterator[None]:
    """The trace table, and jobs that only the relay hands over."""
    settings.JOBS_CARRIER = "celery"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (job varchar(36), item integer, number integer, pid integer)")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


@pytest.fixture
def crew(tmp_path: Path, redis: Redis, carried: None) -> Iterator[CeleryCrew]:
    crew = CeleryCrew(tmp_path, redis)
    yield crew
    crew.end()


def done(*jobs: Job) -> bool:
    return not Job.objects.filter(pk__in=[job.pk for job in jobs]).exclude(state=JobState.DONE).exists()


def test_committed_jobs_are_done_once_and_others_never_leave(crew: CeleryCrew) -> None:
    kept = [enqueue(CAREFUL, arguments={"items": ITEMS}) for _ in range(3)]
    with transaction.atomic():
        enqueue(CAREFUL, arguments={"items": ITEMS})
        transaction.set_rollback(True)
    crew.relay(), crew.relay(), crew.worker()  # two relays do no harm
    until(lambda: done(*kept), "three jobs")
    assert faults(kept, items=ITEMS) == []
    assert Job.objects.filter(published_at=None).count() == 0


def test_a_killed_worker_loses_nothing(crew: CeleryCrew) -> None:
    job = enqueue(CAREFUL, arguments={"items": ITEMS})
    crew.relay()
    arm(crew.kill_file, "inside", 12)
    first = crew.worker()
    assert first.wait(PATIENCE) == -signal.SIGKILL
    assert len(traces()) == 11
    crew.worker()
    until(lambda: done(job), "the job to go on from its checkpoint")
    assert faults([job], items=ITEMS) == []
    job.refresh_from_db()
    assert (job.attempts, job.fence) == (1, 2)


def test_a_broker_that_is_away_keeps_no_job_back_for_good(crew: CeleryCrew, redis: Redis) -> None:
    redis.stop()
    relay = crew.relay()
    job = enqueue(CAREFUL, arguments={"items": ITEMS})
    crew.worker()
    assert relay.poll() is None
    redis.start()
    until(lambda: done(job), "the job, once the broker is back")
    assert faults([job], items=ITEMS) == []


def test_messages_lost_with_the_broker_are_sent_again(crew: CeleryCrew, redis: Redis) -> None:
    job = enqueue(CAREFUL, arguments={"items": ITEMS})
    crew.relay()
    until(lambda: Job.objects.filter(pk=job.pk, published_at__isnull=False).exists(), "the message to be sent")
    redis.stop()
    redis.start()  # it kept nothing
    crew.worker()
    until(lambda: done(job), "the job, by a second message")
    assert faults([job], items=ITEMS) == []


def test_told_to_stop_a_worker_gives_the_job_back(crew: CeleryCrew) -> None:
    job = enqueue(CAREFUL, arguments={"items": 150})
    crew.relay()
    worker = crew.worker()
    until(lambda: len(traces()) > 5, "the first rows")
    worker.terminate()
    worker.wait(PATIENCE)
    assert not done(job)
    crew.worker()
    until(lambda: done(job), "the job to go on")
    assert faults([job], items=150) == []
    assert os.getpid() not in {pid for _job, _item, _number, pid in traces()}
