"""The pots a fund's money lies in, and the movements between them: the chart of accounts of the ledger.

An account is a fund, a pot and (but for the fund's own two) a payee. Every movement has its roads, which the database
checks as well; nothing else moves money. Codes are stored for ever; labels may change.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pot(models.TextChoices):
    """Where money of a fund lies. `budget` is what the treasury gave (it stands below zero), the rest never is."""

    BUDGET = "budget", _("指标来源")
    AVAILABLE = "available", _("可用指标")
    RESERVED = "reserved", _("预留")
    PAYABLE = "payable", _("应付未付")
    BATCHED = "batched", _("支付在途")
    PAID = "paid", _("已支付")
    CLAIMED = "claimed", _("应追回")
    RECOVERED = "recovered", _("追回入库")
    WRITTEN_OFF = "written_off", _("已核销")


class Movement(models.TextChoices):
    """Why money moves."""

    APPROPRIATED = "appropriated", _("指标下达")
    SUPPLEMENTED = "supplemented", _("追加指标")
    REDUCED = "reduced", _("调减指标")
    RESERVED = "reserved", _("预留")
    RELEASED = "released", _("释放")
    PAYABLE = "payable", _("转应付")
    BATCHED = "batched", _("列入支付")
    UNBATCHED = "unbatched", _("撤出支付")
    SETTLED = "settled", _("支付成功")
    RETURNED = "returned", _("退票")
    RECOVERY_CLAIMED = "recovery_claimed", _("应追回")
    RECOVERY_DROPPED = "recovery_dropped", _("撤销追回")
    RECOVERED = "recovered", _("追回入库")
    OFFSET = "offset", _("抵扣")
    WRITTEN_OFF = "written_off", _("核销")
    MOVED = "moved", _("调整资金来源")


Road = tuple[Pot, Pot]  # taken from, put into

OF_THE_FUND = frozenset({Pot.BUDGET, Pot.AVAILABLE})  # accounts without a payee
OF_THE_BUDGET = frozenset(
    {Movement.APPROPRIATED, Movement.SUPPLEMENTED, Movement.REDUCED}
)  # movements without a claim line
ROADS: dict[Movement, tuple[Road, ...]] = {
    Movement.APPROPRIATED: ((Pot.BUDGET, Pot.AVAILABLE),),
    Movement.SUPPLEMENTED: ((Pot.BUDGET, Pot.AVAILABLE),),
    Movement.REDUCED: ((Pot.AVAILABLE, Pot.BUDGET),),
    Movement.RESERVED: ((Pot.AVAILABLE, Pot.RESERVED),),
    Movement.RELEASED: ((Pot.RESERVED, Pot.AVAILABLE), (Pot.PAYABLE, Pot.AVAILABLE)),
    Movement.PAYABLE: ((Pot.RESERVED, Pot.PAYABLE),),
    Movement.BATCHED: ((Pot.PAYABLE, Pot.BATCHED),),
    Movement.UNBATCHED: ((Pot.BATCHED, Pot.PAYABLE),),
    Movement.SETTLED: ((Pot.BATCHED, Pot.PAID),),
    Movement.RETURNED: ((Pot.BATCHED, Pot.PAYABLE),),
    Movement.RECOVERY_CLAIMED: ((Pot.PAID, Pot.CLAIMED),),
    Movement.RECOVERY_DROPPED: ((Pot.CLAIMED, Pot.PAID),),
    Movement.RECOVERED: ((Pot.CLAIMED, Pot.RECOVERED),),
    Movement.OFFSET: ((Pot.CLAIMED, Pot.RECOVERED), (Pot.PAYABLE, Pot.PAID)),  # of the debt; of the later payment
    Movement.WRITTEN_OFF: ((Pot.CLAIMED, Pot.WRITTEN_OFF),),
    Movement.MOVED: ((Pot.PAYABLE, Pot.AVAILABLE), (Pot.AVAILABLE, Pot.PAYABLE)),  # of the old fund; of the new one
}
