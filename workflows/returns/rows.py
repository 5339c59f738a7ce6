"""A month's survey: its round, the villages' returns with what they said of each person, the towns' reports, reminders."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from documents.models import StoredFile
from registry.labour.codes import LabourState
from registry.models import GridWorker, LabourPerson


class Filed(models.TextChoices):
    """Where a village's return is."""

    DRAFTED = "drafted", _("填报中")
    SUBMITTED = "submitted", _("已报乡镇")
    SENT_BACK = "sent_back", _("已退回")
    RECEIVED = "received", _("乡镇已汇总")


HANDED_IN = (Filed.SUBMITTED, Filed.RECEIVED)
OPEN = (Filed.DRAFTED, Filed.SENT_BACK)


class Mark(models.TextChoices):
    """What a return says of a person, against the return before."""

    SAME = "same", _("同上月")
    CHANGED = "changed", _("有变化")
    NEW = "new", _("新增")
    GONE = "gone", _("退出")


class SurveyRound(models.Model):
    """A month (its first day) and the last day of its returns: the 10th, or the next working day (A31)."""

    month = models.DateField(unique=True)
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="round_is_a_month")]

    def __str__(self) -> str:
        return f"{self.month.year}年{self.month.month}月"


class TownReturn(models.Model):
    """A town's report of a round to the labour section; one made later (`edition` 2, 3 …) does not replace the first."""

    class State(models.TextChoices):
        REPORTED = "reported", _("已上报")
        RECEIVED = "received", _("已接收")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="town_returns")
    town = models.ForeignKey(Area, models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REPORTED)
    villages, missing = models.PositiveIntegerField(), models.PositiveIntegerField()
    unemployed, employed = models.PositiveIntegerField(), models.PositiveIntegerField()
    warnings = models.PositiveIntegerField(default=0)
    opinion = models.CharField(_("意见"), max_length=200, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_label = models.CharField(max_length=160)
    receipt = models.CharField(_("回执编号"), max_length=20, blank=True)
    received_at = models.DateTimeField(null=True)
    received_label = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["-round__month", "town__path", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["round", "town", "edition"], name="town_return_once_an_edition"),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="town_return_receipt_once"),
            models.CheckConstraint(
                condition=Q(state="received", received_at__isnull=False) & ~Q(receipt="")
                | Q(state="reported", received_at=None, receipt=""),
                name="town_return_received_with_receipt",
            ),
        ]

    @property
    def chain(self) -> str:
        """Its chain of events."""
        return f"town_return:{self.pk}"


class VillageReturn(models.Model):
    """A village's return of a round. A correction after the town merged it is the next edition; the first one stays.

    The counts are those of the last submission; `unemployed` is annex 1, `employed` annex 2.
    """

    class Kind(models.TextChoices):
        NIL = "nil", _("本月无变化")
        CHANGES = "changes", _("有变化")

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="returns")
    village = models.ForeignKey(Area, models.PROTECT, related_name="+")
    number = models.CharField(_("编号"), max_length=30, unique=True)
    edition = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    state = models.CharField(max_length=10, choices=Filed.choices, default=Filed.DRAFTED)
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True)
    unemployed, employed = models.PositiveIntegerField(default=0), models.PositiveIntegerField(default=0)
    changed, new = models.PositiveIntegerField(default=0), models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    first_submitted_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_label = models.CharField(max_length=160, blank=True)
    sent_back_why = models.CharField(_("退回原因"), max_length=200, blank=True)
    town_return = models.ForeignKey(TownReturn, models.PROTECT, null=True, related_name="merged")
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-round__month", "village__path", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["round", "village", "edition"], name="village_return_once_an_edition"),
            models.CheckConstraint(
                condition=Q(edition=1, supersedes=None) | Q(edition__gt=1, supersedes__isnull=False),
                name="village_return_corrects_another",
            ),
            models.CheckConstraint(condition=Q(state__in=Filed.values), name="village_return_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "received"]) | Q(submitted_at__isnull=False) & ~Q(kind=""),
                name="village_return_submitted_when",
            ),
            models.CheckConstraint(condition=~Q(state="sent_back") | ~Q(sent_back_why=""), name="village_return_why"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        """Its chain of events."""
        return f"return:{self.pk}"

    @property
    def people(self) -> int:
        return self.unemployed + self.employed


class ReturnEntry(models.Model):
    """What a return says of a person, and what he did then: kept as it was submitted."""

    village_return = models.ForeignKey(VillageReturn, models.CASCADE, related_name="entries")
    person = models.ForeignKey(LabourPerson, models.PROTECT, related_name="+")
    mark = models.CharField(max_length=8, choices=Mark.choices)
    status = models.CharField(max_length=12, choices=LabourState.choices, blank=True)  # empty: nothing was known
    employer = models.CharField(max_length=120, blank=True)
    trade = models.CharField(max_length=60, blank=True)
    wanted_trade = models.CharField(max_length=60, blank=True)
    destination = models.CharField(max_length=120, blank=True)
    reach = models.CharField(max_length=8, blank=True)
    job_form = models.CharField(max_length=14, blank=True)
    sector = models.CharField(max_length=1, blank=True)

    SNAPSHOT: ClassVar = (
        "status", "employer", "trade", "wanted_trade", "destination", "reach", "job_form", "sector",
    )  # fmt: skip

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["village_return", "person"], name="return_entry_once_a_person"),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="return_entry_mark_known"),
        ]


class Reminder(models.Model):
    """That an area was reminded of a round's return, once a stage (the 5th, the 8th, the last day)."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="reminders")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    stage = models.PositiveSmallIntegerField()
    missing = models.PositiveIntegerField(default=1)  # a town's: how many villages
    worker = models.ForeignKey(GridWorker, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-round__month", "-stage", "area__path"]
        constraints = [models.UniqueConstraint(fields=["round", "area", "stage"], name="reminder_once_a_stage")]
