"""The chart of a year's money as an SVG in the page: bars by month, stacked by fund. The table behind it says the same.

Colours are the house's own (`finance.css`).
"""

from typing import Any

import pygal
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from payments.yearly_money import Money
from portals.shared.charts import PLAIN, drawn

WIDE, HIGH = 960, 340


def money_chart(money: Money, title: str) -> SafeString:
    """An ``<svg>`` without style, script, or anything that is loaded."""
    chart: Any = pygal.StackedBar(
        **PLAIN, width=WIDE, height=HIGH, show_legend=False, classes=("money-chart",),
        value_formatter=lambda yuan: f"{yuan:,.0f}",
    )  # fmt: skip
    chart.x_labels = [_("%(month)d月") % {"month": month} for month in range(1, 13)]
    for series in money.series:
        chart.add(series.label, [fen / 100 for fen in series.fen])
    return drawn(chart, title)
