"""The rows of background work: `Job` is the truth of one piece of it, `ScheduledRun` that a due time was answered.

Work with them through `core.jobs`; a carrier may carry ids, never state (decision 0007).
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock


class JobState(models.TextChoices):
    WAITING = "waiting", _("等待中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未成功")
    CANCELLED = "cancelled", _("已取消")


LIVE = (JobState.WAITING, JobState.RUNNING)
OVER = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(models.Model):
    """One piece of work outside the request. `arguments`, `saying` and `error_*` hold no personal data.

    `run_after`, `lease_until` and `published_at` are moments of the machine (`clock.machine_now`), the other moments
    business ones. `attempts` counts tries begun, `losses` workers that died under it since its last committed step;
    `fence` rises with every lease, so that a worker that was taken for dead can write nothing more.
    """

    State = JobState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    run_after = models.DateTimeField(default=clock.machine_now)
    attempts = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    saying = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=80, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_post = models.BigIntegerField(null=True)
    enqueued_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-enqueued_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state__in=LIVE) & ~Q(key=""), name="job_once_live_a_key"
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | ~Q(state=JobState.RUNNING) & Q(lease_until=None),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, finished_at__isnull=False) | Q(state__in=LIVE, finished_at=None),
                name="job_over_has_end",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state__in=LIVE), name="job_live"),
            models.Index(fields=["asked_by", "-enqueued_at"], name="job_of_somebody"),
            models.Index(fields=["-finished_at"], condition=Q(state=JobState.FAILED), name="job_failed"),
        ]

    @property
    def is_live(self) -> bool:
        """Still to be done, or being done."""
        return self.state in LIVE

    @property
    def percent(self) -> int | None:
        """0 to 100; None while nobody knows how much there is."""
        if self.state == JobState.DONE:
            return 100
        return self.done * 100 // self.total if self.total else None

    @property
    def label(self) -> Any:
        """What the work is called on a page; the bare kind when no task of this version knows it."""
        from core.jobs.tasks import find

        known = find(self.kind)
        return known.label if known else self.kind


class ScheduledRun(models.Model):
    """A due time of a scheduled task that was answered, once: by the job it was enqueued as (or was live already)."""

    task = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(default=clock.now)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["task", "due_at"]
        constraints = [models.UniqueConstraint(fields=["task", "due_at"], name="scheduled_once_a_due_time")]
