"""Tables without a domain noun: timeline, working-day calendar, gap-free numbers; jobs stand in `core.job_rows`."""

from django.conf import settings
from django.db import models

from core.job_rows import Job, ScheduledRun

__all__ = ["CalendarYear", "DailyHead", "Event", "Job", "NumberSeries", "ScheduledRun", "Share"]


class Event(models.Model):
    """One thing that happened, in the chain of its subject. Append-only; `data` holds references, never numbers.

    `chain` names the subject (``claim:12``); `seq` counts from 1; `hash` covers the event and `prev_hash`.
    `by_label` is the person and post as it stood then.
    """

    chain = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=160)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="event_seq_once_a_chain")]


class DailyHead(models.Model):
    """The signed end of all chains on a day: catches a tail that was cut off. Append-only."""

    day = models.DateField(unique=True)
    events = models.PositiveBigIntegerField()
    last_event_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)


class CalendarYear(models.Model):
    """A year's exceptions to Monday–Friday, editable: ISO dates off on weekdays, and make-up days on weekends."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    holidays = models.JSONField(default=list)
    make_up_days = models.JSONField(default=list)
    source = models.CharField(max_length=200)


class NumberSeries(models.Model):
    """The last number given out in a series; moved only by `core.numbering.take`."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Share(models.Model):
    """How often one asker asked in one span of time; `key` is a keyed digest of both. Written by `core.shares`."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)
