"""Payment batches: opened by the bureau, made, checked and released by three finance officers, then sealed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from documents.models import Paper, StoredFile
from funds.models import FundSource
from registry.models import BankAccount
from workflows.models import Claim, ClaimLine


class BatchState(models.TextChoices):
    """A sealed batch never changes; what the bank did stands on its items."""

    OPENED = "opened", _("待编制")
    DRAFTED = "drafted", _("待复核")
    CHECKED = "checked", _("待批准")
    SEALED = "sealed", _("已封存待支付")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已撤销")


class ItemOutcome(models.TextChoices):
    """What became of an item; `pending` until somebody marks it."""

    PENDING = "pending", _("待支付")
    PAID = "paid", _("已支付")
    RETURNED = "returned", _("退票")


class Batch(models.Model):
    """One 拨付审批表. `count`, `total_fen` and `sha256` are fixed when it is sealed; the workbook is stored with it."""

    class Channel(models.TextChoices):
        PUBLIC = "public", _("对公")
        PRIVATE = "private", _("对私")

    number = models.CharField(_("批次号"), max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPENED)
    fund = models.ForeignKey(FundSource, models.PROTECT, related_name="batches")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    note = models.CharField(max_length=300, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(null=True)
    total_fen = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(made_by=None) | Q(checked_by=None) | ~Q(made_by=F("checked_by")))
                & (Q(made_by=None) | Q(released_by=None) | ~Q(made_by=F("released_by")))
                & (Q(checked_by=None) | Q(released_by=None) | ~Q(checked_by=F("released_by"))),
                name="batch_three_different_officers",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sealed", "closed"])
                | (Q(count__gt=0, total_fen__gt=0, released_by__isnull=False, file__isnull=False) & ~Q(sha256="")),
                name="batch_sealed_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        return f"batch:{self.pk}"


class PaymentItem(models.Model):
    """One claim line in a batch. A line stands in one live item only; a returned or removed item is no longer live."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payment_items")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="payment_items")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    live = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, choices=ItemOutcome.choices, default=ItemOutcome.PENDING)
    reason = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(live=True), name="line_in_one_live_item"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="item_amount_positive"),
        ]
        indexes = [models.Index(fields=["batch", "outcome"])]
