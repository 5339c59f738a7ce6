"""The chart of a year's money as an SVG in the page: bars by month, stacked by fund. The table behind it says the same.

Drawn by pygal without its style sheet and scripts: colours are the house's own (`finance.css`), so the chart prints.
"""

from typing import Any

import pygal
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from pygal.style import Style

from payments.yearly_money import Money

WIDE, HIGH = 960, 340
SMALL = 13  # px, as finance.css sets it


def money_chart(money: Money, title: str) -> SafeString:
    """An ``<svg>`` without style, script, or anything that is loaded."""
    style = Style(label_font_size=SMALL, major_label_font_size=SMALL, legend_font_size=SMALL, value_font_size=SMALL)
    chart: Any = pygal.StackedBar(
        style=style, width=WIDE, height=HIGH, css=(), js=(), no_prefix=True, disable_xml_declaration=True,
        show_legend=False, print_values=False, margin=8, spacing=6, title=None, classes=("money-chart",),
        value_formatter=lambda yuan: f"{yuan:,.0f}",
    )  # fmt: skip
    chart.x_labels = [_("%(month)d月") % {"month": month} for month in range(1, 13)]
    for series in money.series:
        chart.add(series.label, [fen / 100 for fen in series.fen])
    chart.add_xml_filter(lambda root: _bare(root, title))
    return mark_safe(chart.render(is_unicode=True))  # noqa: S308 (drawn here from numbers; pygal escapes the labels)


def _bare(root: Any, title: str) -> Any:
    """Without style, script, comments and what only pygal's script reads; told by its title."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in ("style", "script", "desc"):
                parent.remove(child)
    for node in root.iter():
        if node.tag.rpartition("}")[2] == "title":
            node.text = title
        node.attrib.pop("style", None)
    root.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-label", title)
    root.set("preserveAspectRatio", "xMinYMin meet")
    return root
