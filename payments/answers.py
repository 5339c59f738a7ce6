"""What a bank answered, kept as it came: answer files, their rows, and how an officer settled the rows set aside.

All three only grow (database triggers). What a row did to its transfer stands on the transfer; here stands what the
bank said and what was made of it. No accounts and no names of payees: a row is known by its reference.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models import StoredFile


class RowVerdict(models.TextChoices):
    """What the import made of one row of an answer file."""

    BOOKED = "booked", _("已登记")
    SAME = "same", _("与已登记的相同")
    PARKED = "parked", _("挂起待查")


class ParkedFor(models.TextChoices):
    """Why a row was set aside. Nothing of it is booked until a corrected answer comes or an officer settles it."""

    NOT_FOUND = "item_unknown", _("批次中没有这一笔")
    AMOUNT = "amount_differs", _("金额与封存的不一致")
    CONTRADICTS = "contradicts", _("与已登记的结果相反")
    TWICE = "twice_in_file", _("文件中重复出现")
    UNREADABLE = "row_unreadable", _("该行无法识别")
    TOTAL = "total_differs", _("合计与明细不符")


class ResultFile(models.Model):
    """One answer file of one batch, imported once: UNIQUE(batch, SHA-256 of its bytes).

    `stated_*` are the totals the file states of itself (None: it states none).
    """

    batch = models.ForeignKey("payments.Batch", models.PROTECT, related_name="result_files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    format_code = models.CharField(max_length=40)
    rows_count = models.PositiveIntegerField()
    stated_count = models.PositiveIntegerField(null=True)
    stated_fen = models.BigIntegerField(null=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    imported_by_label = models.CharField(max_length=160)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["batch", "sha256"], name="result_file_once_a_batch")]

    @property
    def source(self) -> str:
        """How the ledger names it: ``result:12``."""
        return f"result:{self.pk}"


class ResultRow(models.Model):
    """One row of an answer file and what was made of it. `seq` 0 is the file's own total, when that is wrong.

    `place` is where it stands in the file; `reference` and `reason` are as the bank wrote them, without any number
    that could be an account. `amount_fen` is None when the file states no amounts (or the amount cannot be read).
    """

    class Outcome(models.TextChoices):
        SETTLED = "settled", _("支付成功")
        RETURNED = "returned", _("退票")
        UNKNOWN = "unknown", _("结果不明")

    result_file = models.ForeignKey(ResultFile, models.PROTECT, related_name="rows")
    seq = models.PositiveIntegerField()
    place = models.CharField(max_length=60)
    reference = models.CharField(max_length=64, blank=True)
    transfer = models.ForeignKey("payments.Transfer", models.PROTECT, null=True, related_name="result_rows")
    amount_fen = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    verdict = models.CharField(max_length=8, choices=RowVerdict.choices)
    parked_for = models.CharField(max_length=20, choices=ParkedFor.choices, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["result_file", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["result_file", "seq"], name="result_row_once_a_file"),
            models.UniqueConstraint(
                fields=["result_file", "transfer"], condition=Q(verdict="booked"), name="result_books_a_transfer_once"
            ),
            models.CheckConstraint(
                condition=(Q(verdict="parked") & ~Q(parked_for="") & ~Q(words=""))
                | (~Q(verdict="parked") & Q(parked_for="", transfer__isnull=False)),
                name="result_row_parked_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["result_file"], condition=Q(verdict="parked"), name="result_row_parked"),
        ]


class Settlement(models.Model):
    """How an officer settled a row that was set aside, once and with his reason; not the one who imported the file."""

    class Kind(models.TextChoices):
        SET_ASIDE = "set_aside", _("不采用该行")
        BOOKED = "booked", _("按该行登记")

    row = models.OneToOneField(ResultRow, models.PROTECT, related_name="settlement")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="settlement_has_reason")]
