"""Charts as SVG in the page: drawn by pygal without its style sheet and scripts, so that they print and load nothing."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

SMALL = 13  # px, as the style sheets set it
PLAIN: dict[str, Any] = {
    "style": Style(label_font_size=SMALL, major_label_font_size=SMALL, legend_font_size=SMALL, value_font_size=SMALL),
    "css": (), "js": (), "no_prefix": True, "disable_xml_declaration": True, "print_values": False, "margin": 8,
    "spacing": 6, "title": None,
}  # fmt: skip


def drawn(chart: Any, title: str) -> SafeString:
    """The ``<svg>`` of a pygal chart made with `PLAIN`: no style, no script, told by its title to who cannot see it."""
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
