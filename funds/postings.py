"""The ledger's rows: a voucher (记账凭证) is one movement in one fund, a posting one claim line's share of it.

A posting names what the money is taken from, what it is put into and how much (> 0), so that its two entries cannot
but sum to zero, on every engine; `Entry` is a view that shows both sides. Vouchers and postings are append-only by
trigger: what was wrong is put right by a movement back.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from funds.movements import ROADS, Movement, Pot


def _on_its_road() -> Q:
    """A movement takes from and puts into what its road says."""
    roads = Q()
    for movement, allowed in ROADS.items():
        for taken_from, put_into in allowed:
            roads |= Q(movement=movement.value, taken_from=taken_from.value, put_into=put_into.value)
    return roads


class Voucher(models.Model):
    """One movement: `count` postings of together `total_fen`, why, by whom. Written by `funds.ledger.writing` alone.

    `batch` is a batch's number, `case` a recovery case's, `source` where the reason is written (``result:12/item:7``).
    """

    fund = models.ForeignKey("funds.FundSource", models.PROTECT, related_name="vouchers")
    movement = models.CharField(_("事项"), max_length=16, choices=Movement.choices)
    taken_from = models.CharField(max_length=12, choices=Pot.choices)
    put_into = models.CharField(max_length=12, choices=Pot.choices)
    count = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    other_fund = models.ForeignKey("funds.FundSource", models.PROTECT, null=True, related_name="+")
    batch = models.CharField(max_length=20, blank=True)
    case = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=_on_its_road(), name="voucher_on_its_road"),
            models.CheckConstraint(condition=Q(count__gt=0) & Q(total_fen__gt=0), name="voucher_moves_something"),
            models.CheckConstraint(
                condition=Q(movement="moved", other_fund__isnull=False) & ~Q(other_fund=F("fund"))
                | ~Q(movement="moved") & Q(other_fund__isnull=True),
                name="voucher_names_the_other_fund",
            ),
            models.CheckConstraint(
                condition=~Q(movement__in=["batched", "unbatched", "settled", "returned"]) | ~Q(batch=""),
                name="voucher_names_its_batch",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "id"]),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="voucher_batch"),
            models.Index(fields=["case"], condition=~Q(case=""), name="voucher_case"),
        ]


class Posting(models.Model):
    """One claim line's share of a voucher: `amount_fen` from `voucher.taken_from` into `voucher.put_into`.

    `claim_id` and `line_id` are of `workflows`, which lies above; a budget's own postings have none. `payee` is
    ``org:12`` or ``user:7``. `once` (movement and batch) lets a line make each movement once a batch.
    """

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="postings")
    claim_id = models.BigIntegerField(null=True)
    line_id = models.UUIDField(null=True)
    payee = models.CharField(max_length=24, blank=True)
    amount_fen = models.BigIntegerField()
    once = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="posting_amount_positive"),
            models.CheckConstraint(
                condition=Q(claim_id=None, line_id=None, payee="")
                | Q(claim_id__isnull=False, line_id__isnull=False) & ~Q(payee=""),
                name="posting_of_a_line_or_of_none",
            ),
            models.UniqueConstraint(
                fields=["line_id", "once"], condition=~Q(once=""), name="line_moves_so_once_a_batch"
            ),
        ]
        indexes = [
            models.Index(fields=["line_id"]),
            models.Index(fields=["claim_id"]),
            models.Index(fields=["payee"]),
        ]


class Entry(models.Model):
    """One side of a posting as the view shows it: `amount_fen` is below zero where money is taken, above where put."""

    posting = models.ForeignKey(Posting, models.DO_NOTHING, related_name="entries")
    voucher = models.ForeignKey(Voucher, models.DO_NOTHING, related_name="+")
    fund = models.ForeignKey("funds.FundSource", models.DO_NOTHING, related_name="+")
    pot = models.CharField(max_length=12, choices=Pot.choices)
    payee = models.CharField(max_length=24)
    claim_id = models.BigIntegerField(null=True)
    line_id = models.UUIDField(null=True)
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "funds_entry"
        ordering = ["id"]
