"""What hangs on a publicity notice: the sheets that villages put up on their boards, and the objections that came in.

An objection suspends the lines it names, or the whole claim when it names none, until it is decided (brief 2.6).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Post
from core.privacy import SealedTextField
from documents.models import StoredFile
from workflows.claims import Claim, ClaimLine
from workflows.reviews import Notice, NoticeEntry


class BoardPosting(models.Model):
    """A village that must put a notice up on its board. Owed until it is recorded with a photo, or waived with a reason.

    `until` is the last day the sheet hangs, 24:00 local: calendar days, the day of posting not counted.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="boards")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()  # calendar days the scheme asks for
    posted_on = models.DateField(null=True)
    until = models.DateField(null=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waived_at = models.DateTimeField(null=True)
    waived_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "area"], name="village_once_a_notice"),
            models.CheckConstraint(
                condition=Q(posted_on=None, until=None, photo=None, recorded_at=None)
                | Q(posted_on__isnull=False, until__gte=F("posted_on"), photo__isnull=False, recorded_at__isnull=False),
                name="posting_comes_with_its_photo",
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None) | (Q(waived_by__isnull=False) & ~Q(waived_why="")),
                name="posting_waived_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["area"], condition=Q(posted_on=None, waived_at=None), name="postings_owed")]

    @property
    def is_owed(self) -> bool:
        """Nobody has recorded it and nobody has waived it."""
        return self.posted_on is None and self.waived_at is None


class Objection(models.Model):
    """A named person's objection to a published claim, its investigation with a clock of its own, and its end.

    Who objects, how to reach him and what he says lie sealed. Once it has an outcome the row is final.
    """

    class Channel(models.TextChoices):
        DESK = "desk", _("书面")
        ONLINE = "online", _("网上")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("异议成立")
        DISMISSED = "dismissed", _("异议不成立")
        LAPSED = "lapsed", _("核查终止")  # the claim was withdrawn or refused meanwhile

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("异议编号"), max_length=20, unique=True)
    code = models.CharField(_("查询码"), max_length=16, unique=True)
    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="objections")
    lines = models.ManyToManyField(ClaimLine, through="ObjectionLine", related_name="objections")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    name = SealedTextField()
    phone = SealedTextField()
    phone_index = models.CharField(max_length=64)
    address = SealedTextField(blank=True)
    content = SealedTextField()
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    late = models.BooleanField(default=False)  # came after the period, before the money went out
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    received_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    findings = models.CharField(max_length=1000, blank=True)
    proposal = models.CharField(max_length=10, choices=Outcome.choices[:2], blank=True)
    investigated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    investigated_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    investigated_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    opinion = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "phone_index"], condition=Q(outcome=""), name="one_open_objection_a_person_and_claim"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="objection_outcome_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["upheld", "dismissed"])
                | (
                    Q(investigated_by__isnull=False, decided_by__isnull=False)
                    & ~Q(opinion="")
                    & ~Q(investigated_by=F("decided_by"))
                    & (Q(recorded_by=None) | ~Q(recorded_by=F("decided_by")))
                ),
                name="objection_decided_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["claim"], condition=Q(outcome=""), name="open_objections"),
            models.Index(fields=["outcome", "due_on"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return not self.outcome


class ObjectionLine(models.Model):
    """A line an objection names."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="named")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objection", "line"], name="line_once_an_objection")]
