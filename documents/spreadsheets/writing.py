"""Writing workbooks: typed cells, nothing that begins as a formula, the same bytes for the same rows."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

from core.errors import Refusal
from core.money import plain_yuan
from documents.spreadsheets.cells import coordinate

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed date in the file's properties, so that bytes repeat)
_CELL_CHARS = 32_767
_ROWS = 1_048_576
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")

Kind = Literal["text", "integer", "yuan", "yuan_text", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column. `kind` says what its values are:

    text (str), integer (int), yuan (int fen, written as a number with two decimals), yuan_text (int fen, written as
    text such as 1000.00), date (date, written as a date cell). None leaves a cell empty. `width` is in characters.
    """

    title: str
    kind: Kind = "text"
    width: float = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """One sheet: text lines above the header (`heading`), a frozen header, rows of one value a column."""

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[object]]
    heading: Sequence[str] = ()


def write_workbook(sheets: Sequence[SheetSpec]) -> bytes:
    """The bytes of an xlsx. Rows are streamed; equal input gives equal bytes.

    Text is always text: leading zeros, 18-digit numbers and anything that begins with = + - @ stay as they are.
    Refuses with the cell named: cell_control_character, cell_too_long, cell_type; and sheet_name, sheet_too_long.
    """
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _MADE})
    formats = _formats(book)
    for sheet in sheets:
        _write_sheet(book, sheet, formats)
    book.close()
    return out.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "heading": book.add_format({"bold": True, "font_size": 12}),
        "header": book.add_format(
            {
                "bold": True,
                "bg_color": "#E8EEF4",
                "border": 1,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
            }
        ),
        "text": book.add_format({"num_format": "@", "border": 1}),
        "yuan_text": book.add_format({"num_format": "@", "border": 1, "align": "right"}),
        "integer": book.add_format({"num_format": "0", "border": 1}),
        "yuan": book.add_format({"num_format": "#,##0.00", "border": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "border": 1, "align": "center"}),
    }


def _write_sheet(book: xlsxwriter.Workbook, spec: SheetSpec, formats: dict[str, Any]) -> None:
    if not 1 <= len(spec.name) <= 31 or _BAD_SHEET_NAME.search(spec.name):
        raise Refusal("sheet_name", f"工作表名称“{spec.name}”不能用：应为1至31个字，不含 [ ] : * ? / \\ 等符号。")
    sheet = book.add_worksheet(spec.name)
    for place, column in enumerate(spec.columns):
        sheet.set_column(place, place, column.width)
    top = len(spec.heading)
    sheet.freeze_panes(top + 1, 0)
    for row, line in enumerate(spec.heading):
        sheet.write_string(row, 0, sound_text(line, spec.name, coordinate(row + 1, 1)), formats["heading"])
    for place, column in enumerate(spec.columns):
        sheet.write_string(
            top, place, sound_text(column.title, spec.name, coordinate(top + 1, place + 1)), formats["header"]
        )
    last = top
    for last, values in enumerate(spec.rows, top + 1):
        if last >= _ROWS:
            raise Refusal("sheet_too_long", f"工作表“{spec.name}”超过{_ROWS}行，请分成几个文件导出。")
        for place, (column, value) in enumerate(zip(spec.columns, values, strict=True)):
            _write_cell(sheet, last, place, column.kind, value, spec.name, formats[column.kind])
    if spec.columns:
        sheet.ignore_errors({"number_stored_as_text": f"A1:{coordinate(last + 1, len(spec.columns))}"})


def _write_cell(sheet: Any, row: int, place: int, kind: Kind, value: object, name: str, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, place, None, style)
    elif kind == "text" and isinstance(value, str):
        sheet.write_string(row, place, sound_text(value, name, coordinate(row + 1, place + 1)), style)
    elif kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, place, value, style)
    elif kind in ("integer", "yuan", "yuan_text") and isinstance(value, int) and not isinstance(value, bool):
        if kind == "yuan_text":
            sheet.write_string(row, place, plain_yuan(value), style)
        else:
            sheet.write_number(row, place, value / 100 if kind == "yuan" else value, style)
    else:
        cell = coordinate(row + 1, place + 1)
        raise Refusal(
            "cell_type", f"工作表“{name}”单元格{cell}的内容类型不符（应为{kind}），导出已停止，请联系管理员。"
        )


def sound_text(text: str, sheet: str, cell: str) -> str:
    """The text, when a cell can hold it unchanged; refuses cell_control_character and cell_too_long otherwise."""
    if _NOT_IN_XML.search(text):
        raise Refusal(
            "cell_control_character", f"工作表“{sheet}”单元格{cell}的内容含有控制字符，请先在系统中更正该项。"
        )
    if len(text) > _CELL_CHARS // 2 and len(text.encode("utf-16-le")) // 2 > _CELL_CHARS:
        raise Refusal(
            "cell_too_long", f"工作表“{sheet}”单元格{cell}的内容超过{_CELL_CHARS}个字，请先在系统中缩短该项。"
        )
    return text
