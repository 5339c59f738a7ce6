"""What a task holds in its hand: its arguments, where it stands, and the step that commits work with its progress."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import sleep
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core import clock
from core.job_rows import Job, JobState
from core.jobs.errors import Cancelled, Lost, Stopping

Who = TypeVar("Who")
TELL_EVERY = 0.5  # seconds between two progress-only writes
SHORTEST_WAY, LONGEST_WAY = 0.002, 0.1  # seconds


@dataclass(slots=True)
class Step:
    """Where the job stands when the step has committed; the body may still set what it finds out on the way."""

    done: int | None = None
    total: int | None = None
    saying: str | None = None
    checkpoint: Mapping[str, Any] | None = None

    def columns(self) -> dict[str, Any]:
        """The columns it changes: those that were given."""
        given = {"done": self.done, "total": self.total, "saying": self.saying, "checkpoint": self.checkpoint}
        return {name: value for name, value in given.items() if value is not None}


def _give_way(seconds: float) -> None:
    """After a step of this length let other writers of an SQLite file have their turn: it has no queue for them."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(min(max(SHORTEST_WAY, seconds / 2), LONGEST_WAY))


class Run:
    """One attempt at a job, under a lease. Everything a task writes belongs into a `step`."""

    def __init__(self, job: Job, *, lease_seconds: float, stopping: Callable[[], bool] = lambda: False) -> None:
        self.job_id: UUID = job.pk
        self.kind: str = job.kind
        self.arguments: dict[str, Any] = job.arguments
        self.checkpoint: dict[str, Any] = job.checkpoint
        self.attempt: int = job.attempts
        self.asked_by_id: int | None = job.asked_by_id
        self.asked_post_id: int | None = job.asked_post
        self.lease_seconds = lease_seconds
        self._fence = job.fence
        self._stopping = stopping
        self._told = -TELL_EVERY
        self._untold: dict[str, Any] = {}

    @contextmanager
    def step(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        saying: str | None = None,
        checkpoint: Mapping[str, Any] | None = None,
    ) -> Iterator[Step]:
        """ONE transaction: what the body writes commits together with progress and checkpoint, or not at all.

        The job's row is locked first and the fence checked, so a worker that was taken for dead cannot commit: each
        step takes effect exactly once, wherever a process is killed. Raises Lost, Cancelled or Stopping before the
        body; let them through. `done` of `total` are units of the task's own; `saying` is words without personal data.
        """
        if self._stopping():
            raise Stopping
        step = Step(done, total, saying, checkpoint)
        began = clock.ticks()
        with transaction.atomic(durable=True):
            self._check(self.mine().select_for_update())
            yield step
            self._write({**self._untold, **step.columns(), "losses": 0})
        self._untold = {}
        if step.checkpoint is not None:
            self.checkpoint = dict(step.checkpoint)
        _give_way(clock.ticks() - began)

    def tell(self, *, done: int | None = None, total: int | None = None, saying: str | None = None) -> None:
        """Progress alone, written at most twice a second (the rest with the next write); raises as `step` does.

        For work between steps, outside any transaction: inside a step nobody sees it before the step commits.
        """
        self._untold |= Step(done, total, saying).columns()
        if clock.ticks() - self._told < TELL_EVERY:
            return
        if self._stopping():
            raise Stopping
        self._check(self.mine())
        self._write(self._untold)
        self._untold, self._told = {}, clock.ticks()

    def started_by(self, actor_of: Callable[[int, int | None], Who]) -> Who | None:
        """Who asked, as `actor_of(user_id, post_id)` makes him; None for the system."""
        return None if self.asked_by_id is None else actor_of(self.asked_by_id, self.asked_post_id)

    def mine(self) -> QuerySet[Job]:
        """The job's row as long as this run holds it."""
        return Job.objects.filter(pk=self.job_id, fence=self._fence, state=JobState.RUNNING)

    def beat(self) -> bool:
        """Extend the lease; False when it is no longer ours."""
        return bool(self.mine().update(lease_until=Now() + timedelta(seconds=self.lease_seconds)))

    def end(self, state: str, **columns: Any) -> None:
        """Write how the run ended and give the lease back; nothing when it is no longer ours."""
        over = {} if state == JobState.WAITING else {"finished_at": clock.now()}
        with transaction.atomic():  # what cannot be written breaks no transaction around an inline run
            self.mine().update(state=state, lease_until=None, **self._untold, **over, **columns)

    def _check(self, rows: QuerySet[Job]) -> None:
        found = rows.values_list("cancel_asked_at", flat=True)[:1]
        for cancel_asked_at in found:
            if cancel_asked_at is not None:
                raise Cancelled
            return
        raise Lost

    def _write(self, columns: Mapping[str, Any]) -> None:
        if not self.mine().update(lease_until=Now() + timedelta(seconds=self.lease_seconds), **columns):
            raise Lost
