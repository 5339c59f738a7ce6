"""The heartbeat: a thread beside the task that keeps the lease alive over a connection of its own."""

import logging
from threading import Event, Thread
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection

from core.jobs.runs import Run

log = logging.getLogger(__name__)


class Heartbeat:
    """Extends the run's lease every few seconds. Short work ends before the first beat and opens no connection.

    During a step on PostgreSQL the beat waits for the row; nobody else can take it either, and the step extends the
    lease when it commits.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._over = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._over.wait(settings.JOBS_BEAT_SECONDS):
                try:
                    if not self.run.beat():  # no longer ours: the next step will find out
                        return
                except DatabaseError as error:  # the lease may still hold at the next beat
                    log.warning("no heartbeat for job %s: %s", self.run.job_id, type(error).__name__)
                    connection.close()
        finally:
            connection.close()
