"""Charts of the three-level picture as SVG in the page, without style sheet and script of their own, so that they print.

Drawn by pygal; colours and hatching come from `returns.css`. The table beside each says the same.
"""

from collections.abc import Sequence
from typing import Any

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

WIDE, HIGH, SMALL = 720, 300, 13


def bars(
    title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, lying: bool = False
) -> SafeString:
    """Stacked bars, standing or lying; negative numbers go to the left and are read without their sign."""
    style = Style(label_font_size=SMALL, major_label_font_size=SMALL, legend_font_size=SMALL, value_font_size=SMALL)
    kind: Any = pygal.HorizontalStackedBar if lying else pygal.StackedBar
    chart = kind(
        style=style, width=WIDE, height=max(HIGH, 34 * len(labels)) if lying else HIGH, css=(), js=(), no_prefix=True,
        disable_xml_declaration=True, print_values=False, legend_at_bottom=True, margin=8, spacing=6, title=None,
        value_formatter=lambda n: f"{abs(int(n))}" if n == int(n) else "", classes=("labour-chart",),
    )  # fmt: skip
    chart.x_labels = list(labels)
    for name, values in series:
        chart.add(name, list(values))
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
        node.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-label", title)
    root.set("preserveAspectRatio", "xMinYMin meet")
    return root
