"""The bytes of an answer file as rows of cells that know their place: workbooks by the one door, text line by line."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.spreadsheets import CellValue, Limits, coordinate, read_table
from documents.spreadsheets.reading import refuse_at_sight, shown_name
from payments.formats.layout import ResultLayout

_LIMITS = Limits(columns=60, sheets=20)
_ENCODINGS = {"auto": ("utf-8-sig", "gb18030"), "utf-8": ("utf-8-sig",), "gb18030": ("gb18030",)}
_TOLD = {"auto": "UTF-8或GB18030", "utf-8": "UTF-8", "gb18030": "GB18030"}
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its number from 1, and its cells."""

    number: int
    cells: Sequence[CellValue] = field(repr=False)

    def at(self, position: int) -> CellValue:
        """The cell at a position from 1; None beyond the last."""
        return self.cells[position - 1] if 0 < position <= len(self.cells) else None

    @property
    def blank(self) -> bool:
        return not any(words(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of a workbook, or the one table of a text file (`sheet` is then empty)."""

    sheet: str
    lines: Sequence[Line] = field(repr=False)
    hidden: bool = False
    unread: frozenset[str] = frozenset()

    def place(self, line: Line, position: int) -> str:
        """How a person finds the cell: 明细!B7, or 第7行."""
        if not self.sheet:
            return _("第%(number)d行") % {"number": line.number}
        return f"{self.sheet}!{coordinate(line.number, max(position, 1))}"

    def unread_at(self, line: Line, position: int) -> bool:
        """Whether the cell holds a formula without a result."""
        return bool(self.unread) and coordinate(line.number, max(position, 1)) in self.unread


def words(cell: CellValue) -> str:
    """A text cell without blanks around it; other cells as they print."""
    return "" if cell is None else str(cell).strip()


def tables_of(layout: ResultLayout, data: bytes, name: str) -> list[Table]:
    """The tables of an answer file. Refuses what `documents.spreadsheets.read_table` refuses, and for text files
    answer_encoding, answer_control_character, answer_line_width, answer_too_long and answer_quotes."""
    is_text = not data.startswith(_WORKBOOKS) and not data[:512].lstrip().lower().startswith(b"<")
    if is_text and (layout.separator or layout.widths):
        refuse_at_sight(data, name, limits=_LIMITS)
        return [Table("", list(_text_lines(layout, data, shown_name(name))))]
    book = read_table(data, name, limits=_LIMITS)
    tables = []
    for sheet in book.sheets:
        lines = [Line(number, cells) for number, cells in enumerate(sheet.rows, 1)]
        tables.append(Table("" if book.kind == "csv" else sheet.name, lines, sheet.hidden, sheet.unread_formulas))
    return tables


def _text_lines(layout: ResultLayout, data: bytes, name: str) -> Iterator[Line]:
    text, encoding = _decoded(layout.encoding, data, name)
    if layout.quoted:
        yield from _quoted(layout, text, name)
        return
    lines = text.removesuffix("\x1a").replace("\r\n", "\n").split("\n")  # 0x1A ends a file of DOS
    if len(lines) > _LIMITS.rows:
        raise _too_long(name)
    for number, line in enumerate(lines, 1):
        _refuse_unseen(line, number, name)
        if layout.widths:
            yield Line(number, _sliced(layout, line, encoding, number, name))
        else:
            yield Line(number, line.split(layout.separator) if layout.separator else [line])


def _decoded(wanted: str, data: bytes, name: str) -> tuple[str, str]:
    bad = 1
    for encoding in _ENCODINGS[wanted]:
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError as error:
            bad = data[: error.start].count(b"\n") + 1
    raise Refusal(
        "answer_encoding",
        _("文件“%(name)s”第%(line)d行的文字不是%(encoding)s编码。请向银行重新下载，不要另存或改动。")
        % {"name": name, "line": bad, "encoding": _TOLD[wanted]},
    )


def _quoted(layout: ResultLayout, text: str, name: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.separator, strict=True)
    try:
        for cells in reader:
            if reader.line_num > _LIMITS.rows:
                raise _too_long(name)
            for cell in cells:
                _refuse_unseen(cell, reader.line_num, name, allowed="\t\r\n")
            yield Line(reader.line_num, cells)
    except csv.Error:
        raise Refusal(
            "answer_quotes",
            _("文件“%(name)s”第%(line)d行的引号不成对，无法读取。请向银行重新下载，不要另存或改动。")
            % {"name": name, "line": reader.line_num},
        ) from None


def _sliced(layout: ResultLayout, line: str, encoding: str, number: int, name: str) -> list[str]:
    """The values of a line of fixed width; a line of another length is refused, or values would move."""
    if not line.strip() or number <= layout.skip_first:
        return [line]
    raw = line.encode(encoding)
    widths = layout.widths
    if layout.mark:
        start = sum(widths[: layout.mark - 1])
        mark = raw[start : start + widths[layout.mark - 1]].decode(encoding, "replace").strip()
        if mark != layout.detail and mark != layout.total:
            return [""] * (layout.mark - 1) + [mark]
        widths = layout.total_widths or widths if mark == layout.total else widths
    wanted = sum(widths)
    cells, start = [], 0
    try:
        for width in widths:
            cells.append(raw[start : start + width].decode(encoding).strip())
            start += width
    except UnicodeDecodeError:
        wanted = -1  # a character lies across two values
    if len(raw) != wanted:
        raise Refusal(
            "answer_line_width",
            _(
                "文件“%(name)s”第%(line)d行的长度应为%(wanted)d个字节，现为%(length)d个，或有字跨在两项之间。请核对是否选对了格式，或向银行重新下载。"
            )
            % {"name": name, "line": number, "wanted": sum(widths), "length": len(raw)},
        )
    return cells


def _refuse_unseen(text: str, number: int, name: str, allowed: str = "\t") -> None:
    if not text.isprintable() and any(unicodedata.category(char) == "Cc" and char not in allowed for char in text):
        raise Refusal(
            "answer_control_character",
            _("文件“%(name)s”第%(line)d行含有控制字符，无法读取。请向银行重新下载，不要另存或改动。")
            % {"name": name, "line": number},
        )


def _too_long(name: str) -> Refusal:
    return Refusal(
        "answer_too_long",
        _("文件“%(name)s”超过%(most)d行，无法读取。请向银行分批下载。") % {"name": name, "most": _LIMITS.rows},
    )
