"""Rows of a sheet as XML, typed cell by typed cell: the part of a workbook that a long list consists of.

A general writer calls several functions a cell; these few lines are what makes 50,000 lines a matter of a second.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, get_args

from core.errors import Refusal
from core.money import plain_yuan
from documents.spreadsheets.cells import column_letters, coordinate

if TYPE_CHECKING:
    from documents.spreadsheets.writing import ColumnSpec

Kind = Literal["text", "integer", "yuan", "yuan_text", "date", "moment"]

ROWS_MOST = 1_048_576
_CELL_CHARS = 32_767
_DAY_ONE = date(1899, 12, 30).toordinal()  # day 0 of the 1900 date system, from March 1900 on
_FIRST_DAY = date(1900, 3, 1)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a text cell cannot take as it stands: marks of XML, controls, blanks at an end, and _x000D_ as a text.
_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\\s|\\s\\Z")
_ESCAPE = re.compile("_(?=x[0-9a-fA-F]{4}_)")

Odd = Callable[[Refusal], str]


class Rows:
    """Turns rows into XML. `styles` holds one style number a column; `odd` answers for a cell that cannot be written.

    Without `odd` such a cell refuses the whole: cell_control_character, cell_too_long, cell_type; too many rows are
    always refused with sheet_too_long.
    """

    def __init__(
        self, sheet: str, columns: Sequence["ColumnSpec"], styles: Sequence[str], odd: Odd | None, text_style: str
    ) -> None:
        self.sheet, self.odd, self.text_style = sheet, odd, text_style
        self.letters = [f'<c r="{column_letters(place)}' for place in range(1, len(columns) + 1)]
        self.cells = [_makers(column.kind, f'" s="{style}"') for column, style in zip(columns, styles, strict=True)]
        self.columns = list(zip(self.letters, self.cells, strict=True))
        self.last = 0

    def xml(self, rows: Iterable[Sequence[object]], first: int) -> Iterator[str]:
        """One `<row>` element a row, the first at the 1-based row `first`; `last` is the number of the last one."""
        self.last = first - 1
        columns = self.columns
        for number, values in enumerate(rows, first):
            if number > ROWS_MOST:
                raise Refusal("sheet_too_long", f"工作表“{self.sheet}”超过{ROWS_MOST}行，请分成几个文件导出。")
            self.last = number
            here = str(number)
            try:
                cells = [letter + here + make(value) for (letter, make), value in zip(columns, values, strict=True)]
            except _Unfit:
                cells = self._slowly(number, values)
            yield f'<row r="{here}">{"".join(cells)}</row>'

    def _slowly(self, number: int, values: Sequence[object]) -> list[str]:
        """The cells of a row with one that does not fit: that one named, or replaced by the answer of `odd`."""
        cells = []
        for place, ((letter, make), value) in enumerate(zip(self.columns, values, strict=True), 1):
            try:
                cell = make(value)
            except _Unfit as unfit:
                refusal = unfit.refusal(self.sheet, coordinate(number, place))
                if self.odd is None:
                    raise refusal from None
                cell = _text_cell(self.odd(refusal), f'" s="{self.text_style}"')
            cells.append(f"{letter}{number}{cell}")
        return cells


class _Unfit(Exception):
    """A value that its cell cannot hold: the kind of cell, or what is wrong with the text."""

    def __init__(self, what: str) -> None:
        self.what = what

    def refusal(self, sheet: str, cell: str) -> Refusal:
        where = f"工作表“{sheet}”单元格{cell}的内容"
        if self.what == "control":
            return Refusal("cell_control_character", f"{where}含有控制字符，请先在系统中更正该项。")
        if self.what == "long":
            return Refusal("cell_too_long", f"{where}超过{_CELL_CHARS}个字，请先在系统中缩短该项。")
        return Refusal("cell_type", f"{where}类型不符（应为{self.what}），导出已停止，请联系管理员。")


def fits(kind: Kind, value: object) -> bool:
    """Whether a cell of this kind can hold the value as it is."""
    try:
        _FITTING[kind](value)
    except _Unfit:
        return False
    return True


def sound_text(text: str, sheet: str, cell: str) -> str:
    """The text, when a cell can hold it unchanged; refuses cell_control_character and cell_too_long otherwise."""
    try:
        _check_text(text)
    except _Unfit as unfit:
        raise unfit.refusal(sheet, cell) from None
    return text


def _check_text(text: str) -> None:
    if _NOT_IN_XML.search(text):
        raise _Unfit("control")
    if len(text) > _CELL_CHARS // 2 and len(text.encode("utf-16-le")) // 2 > _CELL_CHARS:
        raise _Unfit("long")


def _makers(kind: Kind, style: str) -> Callable[[object], str]:
    """The function that makes a cell of this kind, from after its letters and row number on."""
    empty = style + "/>"
    value_of: Callable[[object], str | None] = {
        "integer": _integer, "yuan": _yuan, "yuan_text": _yuan_text, "date": _date, "moment": _moment, "text": _text,
    }[kind]  # fmt: skip
    if kind in ("text", "yuan_text"):
        start, end = style + ' t="inlineStr"><is><t>', "</t></is></c>"
    else:
        start, end = style + "><v>", "</v></c>"

    def make(value: object) -> str:
        if value is None:
            return empty
        inside = value_of(value)
        return start + inside + end if inside is not None else _text_cell(value, style)  # type: ignore[arg-type]

    return make


def _text(value: object) -> str | None:
    """The text when XML takes it as it stands, otherwise None."""
    if not isinstance(value, str):
        raise _Unfit("text")
    if len(value) > _CELL_CHARS // 2 or _SPECIAL.search(value):
        return None
    return value


def _text_cell(text: str, style: str) -> str:
    """A cell with a text that needs looking after."""
    _check_text(text)
    escaped = _ESCAPE.sub("_x005F_", text)
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f'{style} t="inlineStr"><is><t{space}>{escaped}</t></is></c>'


def _integer(value: object) -> str:
    if type(value) is not int:
        raise _Unfit("integer")
    return str(value)


def _yuan(value: object) -> str:
    if type(value) is not int:
        raise _Unfit("yuan")
    return repr(value / 100)


def _yuan_text(value: object) -> str:
    if type(value) is not int:
        raise _Unfit("yuan_text")
    return plain_yuan(value)


def _date(value: object) -> str:
    if not isinstance(value, date) or isinstance(value, datetime) or value < _FIRST_DAY:
        raise _Unfit("date")
    return str(value.toordinal() - _DAY_ONE)


def _moment(value: object) -> str:
    """A moment to the second, in the time that it is given in: a cell knows no time zone."""
    if not isinstance(value, datetime) or value.date() < _FIRST_DAY:
        raise _Unfit("moment")
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return repr(round(value.toordinal() - _DAY_ONE + seconds / 86400, 11))


_FITTING = {kind: _makers(kind, "") for kind in get_args(Kind)}
