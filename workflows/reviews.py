"""Work owed on a claim, and what was decided: reviews, decisions, corrections, assessments, publicity."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Post
from documents.models import Paper
from workflows.claims import Claim, ClaimLine
from workflows.states import ReviewOutcome, Step, Verb


class Review(models.Model):
    """One piece of work somebody owes: the step, in the area responsible, by a day. Inboxes are queries over it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=16, choices=Step.choices)
    round = models.PositiveSmallIntegerField(default=1)
    area = models.ForeignKey(Area, models.PROTECT, related_name="reviews")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=ReviewOutcome.choices, blank=True)
    opinion = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # by a deputy
    suspended_at = models.DateTimeField(null=True)  # its clock stands still since then
    stopped_days = models.PositiveSmallIntegerField(default=0)  # working days it stood still before

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "step", "area"], condition=Q(outcome=""), name="one_open_review_a_step_and_area"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="review_outcome_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(suspended_at=None) | Q(outcome=""), name="only_an_open_review_is_suspended"
            ),
        ]
        indexes = [
            models.Index(fields=["step", "area", "due_on"], condition=Q(outcome=""), name="open_reviews"),
            models.Index(fields=["area", "due_on", "id"], condition=Q(outcome=""), name="open_by_due"),  # an inbox
        ]

    @property
    def is_open(self) -> bool:
        return not self.outcome


class Decision(models.Model):
    """What an officer decided, on the whole claim or on one line. Append-only; the remedies stand on its paper."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="decisions")
    line = models.ForeignKey(ClaimLine, models.PROTECT, null=True, related_name="decisions")
    verb = models.CharField(max_length=24, choices=Verb.choices)
    reason_code = models.CharField(max_length=40, blank=True)
    opinion = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Correction(models.Model):
    """One round of correction asked by one level; only the named parts open again. One round a level."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="corrections")
    level = models.CharField(max_length=12)  # the state that asked: filed, village, township, bureau
    note = models.CharField(max_length=500)
    parts = models.JSONField(default=dict)  # {"lines": [line ids], "evidence": [kinds], "claim": bool}
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    changes = models.JSONField(default=list)  # [{"line": id|None, "field": key, "before": .., "after": ..}], masked

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "level"], name="one_correction_round_a_level")]


class AssessmentRecord(models.Model):
    """An assessment frozen with the decision it supported. Append-only. `result` is `Assessment.as_json()`."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="assessments")
    stage = models.CharField(max_length=16)  # filed, corrected, approved
    result = models.JSONField()
    total_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Notice(models.Model):
    """A publicity notice 公示: a number, a period of working days, and the claims it publishes."""

    number = models.CharField(_("公示编号"), max_length=20, unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField()  # the last day of the period, 24:00 local
    provisional = models.BooleanField(default=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]


class NoticeEntry(models.Model):
    """A claim as published: its headcount and amount on that day."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="entries")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="publicity")
    headcount = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "claim"], name="claim_once_a_notice")]
