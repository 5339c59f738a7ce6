"""A worker process: takes jobs until it is told to stop; and the parent that keeps several of them alive."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import Event
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from core import clock
from core.job_rows import LIVE, Job
from core.jobs.running import run_job
from core.jobs.schedule import fire_due

log = logging.getLogger(__name__)
RESTART_SECONDS = 1.0


class Worker:
    """One process, one job at a time. SIGTERM or SIGINT: the step at hand commits, the lease is given back, the end."""

    def __init__(self, *, parent: int | None = None) -> None:
        self._told = Event()
        self._parent = parent
        self._scheduled = float("-inf")

    def stopping(self) -> bool:
        """Told to stop, or the supervisor that started it is gone."""
        return self._told.is_set() or (self._parent is not None and os.getppid() != self._parent)

    def listen(self) -> None:
        """Take the signals of this process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._told.set()

    def forever(self) -> None:
        """Scheduled work is asked for now and then; jobs are taken as they come."""
        self._loop(idle=lambda: False, planning=True)

    def until_empty(self) -> None:
        """Until no job waits or runs, here or elsewhere; back-offs and leases of the dead are waited for."""
        self._loop(idle=lambda: not Job.objects.filter(state__in=LIVE).exists(), planning=False)

    def once(self) -> None:
        """At most one job."""
        run_job(stopping=self.stopping)

    def _loop(self, *, idle: Callable[[], bool], planning: bool) -> None:
        while not self.stopping():
            close_old_connections()
            try:
                if planning:
                    self._plan()
                if run_job(stopping=self.stopping) is not None:
                    continue
                if idle():
                    return
            except DatabaseError as error:  # the server restarts, the file is busy: a worker outlives that
                log.warning("worker: %s", type(error).__name__)
                connection.close()
            self._told.wait(settings.JOBS_POLL_SECONDS)

    def _plan(self) -> None:
        if clock.ticks() - self._scheduled >= settings.JOBS_SCHEDULE_SECONDS:
            fire_due()
            self._scheduled = clock.ticks()


class Supervisor:
    """Starts `processes` workers, starts another for each that dies, and ends them all when it is told to stop.

    Should it be killed itself, its workers see that and end after their step.
    """

    def __init__(self, processes: int, arguments: list[str]) -> None:
        self.processes = processes
        self.command = [sys.executable, sys.argv[0], "work", f"--parent={os.getpid()}", *arguments]
        self._told = Event()

    def run(self, *, restarting: bool = True) -> int:
        """Returns when told to stop, or, without `restarting`, when all have ended well; the worst exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._told.set())
        children = [self._start() for _ in range(self.processes)]
        try:
            while not self._told.wait(RESTART_SECONDS):
                for place, child in enumerate(children):
                    if child.poll() is not None and (restarting or child.returncode != 0):
                        log.warning("worker %s ended with %s: starting another", child.pid, child.returncode)
                        children[place] = self._start()
                if not restarting and all(child.poll() == 0 for child in children):
                    return 0
        finally:
            for child in children:
                if child.poll() is None:
                    child.terminate()
            codes = [child.wait() for child in children]
        return max(map(abs, codes), default=0)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command)  # noqa: S603 (our own command line)
