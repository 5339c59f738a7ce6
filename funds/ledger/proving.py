"""The proof of the ledger: everything sums to zero, and every balance is what its entries say."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from core.money import yuan
from funds.ledger.writing import COLUMNS
from funds.models import Entry, FundSource, Voucher
from funds.movements import OF_THE_FUND, Pot

MOST = 100  # of each kind: enough to act on


@dataclass(frozen=True, slots=True)
class Imbalance:
    """Something that does not balance: `kind` (stable), what it is about, what it should be and is in fen, a sentence."""

    kind: str  # ledger, posting, voucher, fund, line
    about: str  # "", "posting:9", "voucher:4", "fund:3:paid", "line:<uuid>"
    expected_fen: int
    found_fen: int
    message: str


def prove() -> list[Imbalance]:
    """All that does not balance; empty when the ledger is sound. Six queries, however many entries there are."""
    return [*_whole(), *_postings(), *_vouchers(), *_funds(), *_lines()]


def _whole() -> list[Imbalance]:
    total = Entry.objects.aggregate(total=Sum("amount_fen"))["total"] or 0
    if not total:
        return []
    return [Imbalance("ledger", "", 0, total, _("账簿借贷合计不为零，相差%(fen)s元。") % {"fen": yuan(total)})]


def _postings() -> list[Imbalance]:
    sums = Entry.objects.order_by("posting").values_list("posting").annotate(fen=Sum("amount_fen"), sides=Count("id"))
    return [
        Imbalance("posting", f"posting:{pk}", 0, fen, _("第%(pk)d号分录借贷不相等。") % {"pk": pk})
        for pk, fen, _sides in sums.exclude(fen=0, sides=2)[:MOST]
    ]


def _vouchers() -> list[Imbalance]:
    """The control totals that were written before the postings agree with them."""
    vouchers = Voucher.objects.order_by("pk").annotate(fen=Sum("postings__amount_fen"), rows=Count("postings"))
    return [
        Imbalance(
            "voucher",
            f"voucher:{voucher.pk}",
            voucher.total_fen,
            voucher.fen or 0,  # type: ignore[attr-defined]
            _("第%(pk)d号凭证的笔数或金额与其分录不一致。") % {"pk": voucher.pk},
        )
        for voucher in vouchers.exclude(fen=F("total_fen"), rows=F("count"))[:MOST]
    ]


def _funds() -> list[Imbalance]:
    """Every column of every fund against its entries."""
    entries: dict[int, dict[str, int]] = defaultdict(dict)
    for fund_id, pot, fen in Entry.objects.order_by().values_list("fund", "pot").annotate(fen=Sum("amount_fen")):
        entries[fund_id][pot] = fen
    found = []
    for fund in FundSource.objects.order_by("pk"):
        stored = {pot: getattr(fund, column) for pot, column in COLUMNS.items()}
        stored |= {Pot.BUDGET: -fund.amount_fen, Pot.AVAILABLE: fund.left_fen, Pot.RESERVED: fund.held_fen}
        for pot in Pot:
            if stored[pot] != (fen := entries[fund.pk].get(pot, 0)):
                message = _("%(fund)s 的“%(pot)s”余额%(stored)s元，与分录合计%(fen)s元不符。") % {
                    "fund": fund,
                    "pot": pot.label,
                    "stored": yuan(stored[pot]),
                    "fen": yuan(fen),
                }
                found.append(Imbalance("fund", f"fund:{fund.pk}:{pot}", fen, stored[pot], message))
    return found


def _lines() -> list[Imbalance]:
    """No line's pot lies below zero: nothing left it that was not in it."""
    of_lines = Entry.objects.exclude(Q(line_id=None) | Q(pot__in=OF_THE_FUND)).order_by("line_id")
    sums = of_lines.values_list("line_id", "pot", "fund", "payee").annotate(fen=Sum("amount_fen")).filter(fen__lt=0)
    return [
        Imbalance(
            "line",
            f"line:{line_id}",
            0,
            fen,
            _("一笔款项的“%(pot)s”为负%(fen)s元，请核查其全部分录。") % {"pot": Pot(pot).label, "fen": yuan(-fen)},
        )
        for line_id, pot, _fund, _payee, fen in sums[:MOST]
    ]
