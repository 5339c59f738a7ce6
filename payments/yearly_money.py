"""The money of a calendar year by month and fund: what the chart draws and the table behind it says."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from payments.figures import Cut, figures, plain
from payments.reconciliation import can_reconcile, labels_of

CHARTED = ("approved", "batched", "sent", "settled", "returned", "recovered")
MOST_SERIES = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One fund in the twelve months of a year, in fen."""

    label: str
    fen: list[int]

    @property
    def total(self) -> int:
        return sum(self.fen)


@dataclass(frozen=True, slots=True)
class Money:
    """A measure of a calendar year by month and fund, the biggest funds first."""

    measure: str
    year: int
    years: list[int]
    series: list[Series]

    @property
    def months(self) -> list[tuple[int, list[tuple[str, int]], int]]:
        """Month, each fund with its amount, their sum."""
        told = [[(one.label, one.fen[month]) for one in self.series] for month in range(12)]
        return [(month, amounts, sum(fen for _label, fen in amounts)) for month, amounts in enumerate(told, 1)]

    @property
    def total(self) -> int:
        return sum(one.total for one in self.series)


def money_of(*, by: Actor, measure: str = "", year: int | None = None) -> Money:
    """The money of a calendar year by month and fund; one query for it and one for the funds' names."""
    can_reconcile(by).require()
    measure = measure if measure in CHARTED else "settled"
    figure = figures()[measure]
    rows = figure.cut_by(Cut.MONTH).annotate(of_fund=figure.keys[Cut.FUND]).values_list("cut", "of_fund")
    found = {(plain(at), fund): fen for at, fund, fen in rows.annotate(fen=Sum(figure.fen)) if fen}
    known = {at.year for at, _fund in found if isinstance(at, date)} | {clock.today().year}
    year = year if year in known else max(known)
    mine = {(at.month, fund): fen for (at, fund), fen in found.items() if isinstance(at, date) and at.year == year}
    by_fund = {key: sum(fen for (_m, fund), fen in mine.items() if fund == key) for key in {f for _m, f in mine}}
    biggest = sorted(by_fund, key=lambda key: (-by_fund[key], str(key)))
    labels = labels_of(Cut.FUND, set(biggest))
    series = [
        Series(labels.get(key, "—"), [mine.get((month, key), 0) for month in range(1, 13)])
        for key in biggest[:MOST_SERIES]
    ]
    if rest := biggest[MOST_SERIES:]:
        sums = [sum(mine.get((month, key), 0) for key in rest) for month in range(1, 13)]
        series.append(Series(_("其余%(n)d项") % {"n": len(rest)}, sums))
    return Money(measure, year, sorted(known, reverse=True), series)
