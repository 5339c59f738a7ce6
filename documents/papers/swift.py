"""Shorter ways through WeasyPrint 70 to the same bytes: what a profile of our papers showed, and no more.

Taken with the version they were measured on; with any other WeasyPrint does all of it in its own way. A test renders
every kind of paper both ways and compares the bytes.
"""

import io
from copy import copy
from typing import Any
from xml.etree import ElementTree

import pydyf
import tinyhtml5
import weasyprint
from cssselect2 import Matcher
from weasyprint import CSS, HTML, draw
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.draw import border, color, text
from weasyprint.formatting_structure.boxes import Box
from weasyprint.html import UA_STYLESHEET
from weasyprint.layout import inline, percent
from weasyprint.pdf import fonts

VERSION = "70.0"
ASKED = {"position", "float", "display", "page", *PHYSICAL_FUNCTIONS}  # whose value hangs on others
HANDED_DOWN = frozenset(name for name in INHERITED if name not in ASKED and not name.startswith("text_decoration_"))
AT_REST = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED | INITIAL_NOT_COMPUTED | ASKED and not name.startswith("text_decoration_")
}
_missing, _resolve, _strut = ComputedStyle.__missing__, percent.resolve_one_percentage, inline.strut


def _style(style: Any, name: str) -> Any:
    """A property no rule names: the parent's value or the initial one, without the questions only others need."""
    parent = style.parent_style
    if parent is not None and name not in style.cascaded:
        if name in HANDED_DOWN:
            value = style[name] = parent[name]
            return value
        if name in AT_REST:
            value = style[name] = AT_REST[name]
            return value
    return _missing(style, name)


def _used(box: Any, name: str, whole: Any) -> None:
    """A length in px is used as it is."""
    value = box.style[name]
    if getattr(value, "unit", None) == "px":
        setattr(box, name, value.value)
    else:
        _resolve(box, name, whole)


def _line(style: Any) -> tuple[float, float]:
    """The height of an empty line, asked once a style."""
    known: tuple[float, float] | None = style.__dict__.get("strut")
    if known is None:
        known = style.strut = _strut(style)
    return known


class _Whole:
    """A font's whole file is read from it only when it was not cut down to what a paper uses."""

    def __get__(self, font: Any, kind: type | None = None) -> Any:
        known = font.__dict__.get("file_content")
        return known if known is not None else _data(font.hb_face)

    def __set__(self, font: Any, data: Any) -> None:
        font.__dict__["file_content"] = data


def _font(font: Any, *given: Any) -> None:
    fonts.get_hb_object_data = lambda face: None
    try:
        _init(font, *given)
    finally:
        fonts.get_hb_object_data = _data


def _flows(box: Any) -> bool:
    """Most boxes neither float nor are they placed."""
    style = box.style
    if style["float"] == "none" and style["position"] in ("static", "relative"):
        return True
    return bool(_normal(box))


def _colour(style: Any, name: str) -> Any:
    """Colours are dear to compare with a word."""
    value = style[name]
    return style["color"] if isinstance(value, str) and value == "currentcolor" else value


def _bytes(item: Any) -> bytes:
    """Each number and word of a PDF, by its type."""
    kind = type(item)
    if kind is bytes:
        return item  # type: ignore[no-any-return]
    if kind is str:
        return item.encode("ascii")  # type: ignore[no-any-return]
    if kind is int:
        return b"%d" % item
    return _written(item)  # type: ignore[no-any-return]


def _parse(page: Any, **given: Any) -> Any:
    """Our pages are well-formed; one that is not (a control character in a text) is read as any HTML."""
    text = page.read()
    try:
        return ElementTree.fromstring(text)  # noqa: S314 (our own templates, every value in them escaped)
    except ElementTree.ParseError:
        return _read(io.StringIO(text), **given)


def _own_rules(page: Any, forms: bool = False) -> list[CSS]:
    """The default style sheet without the rules that are asked of every element and meet none of ours."""
    if not RULES:
        rules = copy(UA_STYLESHEET)
        rules.matcher = Matcher()
        rules.matcher.lower_local_name_selectors = UA_STYLESHEET.matcher.lower_local_name_selectors
        RULES.append(rules)
    return RULES


RULES: list[CSS] = []
_read, _all_rules = tinyhtml5.parse, HTML._ua_stylesheets
_data, _init = fonts.get_hb_object_data, fonts.Font.__init__
_normal, _written = Box.is_in_normal_flow, pydyf._to_bytes
_get_color = color.get_color
COLOURED = [module for module in (color, draw, border, text) if getattr(module, "get_color", None) is _get_color]


def take(short: bool = True) -> None:
    """Take the shorter ways, or go back to the long ones."""
    short = short and weasyprint.__version__ == VERSION
    tinyhtml5.parse = _parse if short else _read
    HTML._ua_stylesheets = _own_rules if short else _all_rules
    ComputedStyle.__missing__ = _style if short else _missing
    percent.resolve_one_percentage = _used if short else _resolve
    inline.strut = _line if short else _strut
    fonts.Font.__init__ = _font if short else _init
    Box.is_in_normal_flow = _flows if short else _normal
    pydyf._to_bytes = _bytes if short else _written
    for module in COLOURED:
        module.get_color = _colour if short else _get_color
    if short:
        fonts.Font.file_content = _Whole()
    elif "file_content" in vars(fonts.Font):
        del fonts.Font.file_content
