"""Charts of the three-level picture; colours and hatching come from `returns.css`. The table beside each says the same."""

from collections.abc import Sequence
from typing import Any

import pygal
from django.utils.safestring import SafeString

from portals.shared.charts import PLAIN, drawn

WIDE, HIGH = 720, 300


def bars(
    title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, lying: bool = False
) -> SafeString:
    """Stacked bars, standing or lying; negative numbers go to the left and are read without their sign."""
    kind: Any = pygal.HorizontalStackedBar if lying else pygal.StackedBar
    chart = kind(
        **PLAIN, width=WIDE, height=max(HIGH, 34 * len(labels)) if lying else HIGH, legend_at_bottom=True,
        value_formatter=lambda n: f"{abs(int(n))}" if n == int(n) else "", classes=("labour-chart",),
    )  # fmt: skip
    chart.x_labels = list(labels)
    for name, values in series:
        chart.add(name, list(values))
    return drawn(chart, title)
