"""Fund sources with their 指标文号 and where their money lies; the ledger's rows are in `funds.postings`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds.postings import Entry, Posting, Voucher

__all__ = ["Entry", "FundSource", "Posting", "Voucher"]


class FundSource(models.Model):
    """One budget line of a year (预算法 Art. 13: nothing is spent that has no budget). Amounts in fen.

    Every column of money is moved only by `funds.ledger.writing`, with the postings it sums up, and the database lets
    none fall below zero. `reserved_fen` is all that approvals have taken and not given back, paid money included; the
    columns after it say how far that has come.
    """

    name = models.CharField(_("资金来源"), max_length=80)
    allocation_no = models.CharField(_("指标文号"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    amount_fen = models.BigIntegerField(_("指标金额"), default=0)
    reserved_fen = models.BigIntegerField(_("已占用"), default=0)
    payable_fen = models.BigIntegerField(_("应付未付"), default=0)
    batched_fen = models.BigIntegerField(_("支付在途"), default=0)
    paid_fen = models.BigIntegerField(_("已支付"), default=0)
    claimed_fen = models.BigIntegerField(_("应追回"), default=0)
    recovered_fen = models.BigIntegerField(_("追回入库"), default=0)
    written_off_fen = models.BigIntegerField(_("已核销"), default=0)
    functional_code = models.CharField(_("支出功能分类"), max_length=20)
    economic_code = models.CharField(_("经济分类"), max_length=20)

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["allocation_no", "year"], name="allocation_once_a_year"),
            models.CheckConstraint(
                condition=Q(reserved_fen__gte=0) & Q(reserved_fen__lte=F("amount_fen")), name="fund_never_overdrawn"
            ),
            models.CheckConstraint(
                condition=Q(payable_fen__gte=0)
                & Q(batched_fen__gte=0)
                & Q(paid_fen__gte=0)
                & Q(claimed_fen__gte=0)
                & Q(recovered_fen__gte=0)
                & Q(written_off_fen__gte=0),
                name="fund_pots_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    reserved_fen__gte=F("payable_fen")
                    + F("batched_fen")
                    + F("paid_fen")
                    + F("claimed_fen")
                    + F("recovered_fen")
                    + F("written_off_fen")
                ),
                name="fund_pots_within_reserved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.allocation_no}）"

    @property
    def left_fen(self) -> int:
        """可用指标: what an approval may still reserve."""
        return self.amount_fen - self.reserved_fen

    @property
    def held_fen(self) -> int:
        """预留: reserved and not yet payable."""
        return self.reserved_fen - self.unpaid_fen - self.spent_fen

    @property
    def unpaid_fen(self) -> int:
        """Approved and not yet paid out: payable and with the bank."""
        return self.payable_fen + self.batched_fen

    @property
    def spent_fen(self) -> int:
        """What the bank has paid out, whatever became of it later."""
        return self.paid_fen + self.claimed_fen + self.recovered_fen + self.written_off_fen
