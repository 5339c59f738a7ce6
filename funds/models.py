"""Fund sources with their 指标文号 and what approvals have reserved on them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class FundSource(models.Model):
    """One budget line of a year. `reserved_fen` is moved only by `funds.commands`; the database refuses past the amount."""

    name = models.CharField(_("资金来源"), max_length=80)
    allocation_no = models.CharField(_("指标文号"), max_length=60)
    year = models.PositiveSmallIntegerField(_("年度"))
    amount_fen = models.BigIntegerField(_("指标金额"))
    reserved_fen = models.BigIntegerField(default=0)
    functional_code = models.CharField(_("支出功能分类"), max_length=20)
    economic_code = models.CharField(_("经济分类"), max_length=20)

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["allocation_no", "year"], name="allocation_once_a_year"),
            models.CheckConstraint(
                condition=Q(reserved_fen__gte=0) & Q(reserved_fen__lte=F("amount_fen")), name="fund_never_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.allocation_no}）"

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.reserved_fen
