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
    """A sealed batch never changes; what the bank did stands on its transfers and items."""

    OPENED = "opened", _("待编制")
    DRAFTED = "drafted", _("待复核")
    CHECKED = "checked", _("待批准")
    SEALED = "sealed", _("已封存待发送")
    SENT = "sent", _("已发送待回执")
    ANSWERED = "answered", _("部分回执")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已撤销")


SEALED_STATES = (BatchState.SEALED, BatchState.SENT, BatchState.ANSWERED, BatchState.CLOSED)
SENT_STATES = (BatchState.SENT, BatchState.ANSWERED, BatchState.CLOSED)


class Outcome(models.TextChoices):
    """What became of a transfer and of each item in it. Settled and returned are final; unknown waits for an answer.

    `withdrawn`: it left its batch before the batch was sent, so the bank never heard of it.
    """

    PENDING = "pending", _("待支付")
    SETTLED = "settled", _("已支付")
    RETURNED = "returned", _("退票")
    UNKNOWN = "unknown", _("结果不明")
    WITHDRAWN = "withdrawn", _("已撤出")


LIVE = (Outcome.PENDING, Outcome.SETTLED, Outcome.UNKNOWN)
WAITING = (Outcome.PENDING, Outcome.UNKNOWN)
ANSWERED = (Outcome.SETTLED, Outcome.RETURNED, Outcome.UNKNOWN)


class ReturnReason(models.TextChoices):
    """Why a bank gives a payment back (brief section 8)."""

    HOLDER_DIFFERS = "holder_differs", _("户名不符")
    ACCOUNT_WRONG = "account_wrong", _("账号错误")
    ACCOUNT_CLOSED = "account_closed", _("账户已销户")
    ACCOUNT_FROZEN = "account_frozen", _("账户冻结")
    OTHER = "other", _("其他原因")


class Batch(models.Model):
    """One 拨付审批表. Sealing fixes its items, `count` (heads), `total_fen` and `sha256` of the instruction bytes in `file`.

    `format_code` is the payment format it is made for, chosen with the draft; `rows` is that format's way of grouping,
    and decides what a transfer is. `sent_format` is the format of the file that was handed over.
    """

    class Rows(models.TextChoices):
        CLAIM = "claim", _("每件申报一笔")
        PAYEE = "payee", _("每个收款人一笔")

    class Channel(models.TextChoices):
        PUBLIC = "public", _("对公")
        PRIVATE = "private", _("对私")

    number = models.CharField(_("批次号"), max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.OPENED)
    fund = models.ForeignKey(FundSource, models.PROTECT, related_name="batches")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    note = models.CharField(max_length=300, blank=True)
    rows = models.CharField(max_length=8, choices=Rows.choices, default=Rows.CLAIM)
    format_code = models.CharField(max_length=40, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_format = models.CharField(max_length=40, blank=True)
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
                condition=~Q(state__in=SEALED_STATES)
                | (Q(count__gt=0, total_fen__gt=0, released_by__isnull=False, file__isnull=False) & ~Q(sha256="")),
                name="batch_sealed_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SENT_STATES)
                | (Q(sent_by__isnull=False, sent_at__isnull=False) & ~Q(sent_format="")),
                name="batch_sent_is_told",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        return f"batch:{self.pk}"


class Transfer(models.Model):
    """One instruction to the bank, made at sealing: an amount to an account, over `count` lines of one batch.

    `claim` is None when it is a payee's row over several claims. `reissue_of` is the transfer of an earlier batch that
    the bank gave back and that this one pays again; a withdrawn one has not, so another may.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="transfers")
    seq = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, unique=True)  # BF-2025-007-0001
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    count = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reason_code = models.CharField(max_length=16, choices=ReturnReason.choices, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    reissue_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reissues")

    class Meta:
        ordering = ["batch", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "seq"], name="transfer_seq_once_a_batch"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0, count__gt=0), name="transfer_amount_positive"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.RETURNED) & ~Q(reason_code="")
                | ~Q(outcome=Outcome.RETURNED) & Q(reason_code=""),
                name="transfer_returned_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["reissue_of"], condition=~Q(outcome=Outcome.WITHDRAWN), name="transfer_reissued_once"
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome"])]

    def __str__(self) -> str:
        return self.reference


class PaymentItem(models.Model):
    """One claim line in a batch, on the day it was entered. A line stands in one live item only.

    `transfer` is None until the batch is sealed; from then on nothing of the item changes but its outcome.
    """

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payment_items")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="payment_items")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, related_name="items")
    amount_fen = models.BigIntegerField()
    entered_on = models.DateField()
    live = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(live=True), name="line_in_one_live_item"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="item_amount_positive"),
            models.CheckConstraint(
                condition=Q(live=True, outcome__in=LIVE) | Q(live=False) & ~Q(outcome__in=LIVE),
                name="item_live_by_outcome",
            ),
            models.CheckConstraint(
                condition=Q(transfer__isnull=False) | Q(outcome__in=[Outcome.PENDING, Outcome.WITHDRAWN]),
                name="item_answered_in_a_transfer",
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome"])]


class PaymentFile(models.Model):
    """A sealed batch in one format, made once from the instruction bytes; every download serves the same.

    `part` is the payment file, or the control sheet that goes with a format that has no room for totals.
    """

    class Part(models.TextChoices):
        PAYMENT = "payment", _("支付文件")
        CONTROL = "control", _("控制单")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="files")
    format_code = models.CharField(max_length=40)
    part = models.CharField(max_length=8, choices=Part.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField()  # rows
    total_fen = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["batch", "format_code", "-part"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "format_code", "part"], name="payment_file_once_a_format")
        ]


from payments.account_rows import AccountChange  # noqa: E402 (they name the rows above)
from payments.answers import ResultFile, ResultRow, Settlement  # noqa: E402
from payments.reconciliation_rows import ReconciliationRun  # noqa: E402
from payments.recovery.rows import (  # noqa: E402
    Instalment,
    OffsetLine,
    Recheck,
    RecoveryCase,
    RecoveryLine,
    Repayment,
)

__all__ = [
    "ANSWERED", "LIVE", "SEALED_STATES", "SENT_STATES", "WAITING", "AccountChange", "Batch", "BatchState", "Instalment",
    "OffsetLine", "Outcome", "PaymentFile", "PaymentItem", "Recheck", "ReconciliationRun",
    "RecoveryCase", "RecoveryLine", "Repayment",
    "ResultFile", "ResultRow", "ReturnReason", "Settlement", "Transfer",
]  # fmt: skip
