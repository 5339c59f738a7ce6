"""Writing workbooks: typed cells, nothing that begins as a formula, the same bytes for the same rows.

XlsxWriter draws everything but the rows (styles, widths, frozen header); the rows are streamed into its sheets.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from core.errors import Refusal
from documents.spreadsheets.cells import coordinate
from documents.spreadsheets.rows import ROWS_MOST, Kind, Odd, Rows, sound_text

if TYPE_CHECKING:
    import xlsxwriter

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed date in the file's properties, so that bytes repeat)
_ZIPPED_AT = (1980, 1, 31, 0, 0, 0)
_BAD_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_MODEL_ROW = re.compile(r'<row r="(\d+)"[^>]*>((?:<c r="[A-Z]+\d+" s="\d+"/>)+)</row></sheetData>')
_STYLE = re.compile(r's="(\d+)"')
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_AT_ONCE = 200  # rows joined before they are packed


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column. `kind` says what its values are:

    text (str), integer (int), yuan (int fen, written as a number with two decimals), yuan_text (int fen, written as
    text such as 1000.00), date (date, written as a date cell), moment (datetime, local time to the second). None
    leaves a cell empty. `width` is in characters.
    """

    title: str
    kind: Kind = "text"
    width: float = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """One sheet: text lines above the header (`heading`), a frozen header, rows of one value a column, and text lines
    below them (`footing`). `title` stands above all of it, across the columns without merging a cell.

    `printed` lays the sheet out for paper: A4 across, one page wide, texts wrapped, the header on every page.
    `odd` answers, for a cell that cannot be written, with the text that stands in its place; without it the refusal
    ends the writing.
    """

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[object]]
    heading: Sequence[str] = ()
    odd: Odd | None = None
    title: str = ""
    footing: Sequence[str] = ()
    printed: bool = False


def write_workbook(sheets: Sequence[SheetSpec]) -> bytes:
    """The bytes of an xlsx. Equal input gives equal bytes.

    Text is always text: leading zeros, 18-digit numbers and anything that begins with = + - @ stay as they are.
    Refuses with the cell named: cell_control_character, cell_too_long, cell_type; and sheet_name, sheet_too_long.
    """
    out = io.BytesIO()
    stream_workbook(sheets, out)
    return out.getvalue()


def stream_workbook(sheets: Sequence[SheetSpec], out: IO[bytes]) -> None:
    """`write_workbook` into a file, in constant memory.

    The rows are taken sheet by sheet, in order: the rows of a later sheet may tell what the earlier ones held.
    """
    drawn = zipfile.ZipFile(io.BytesIO(_drawn(sheets)))
    with drawn, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        by_part = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
        for entry in sorted(drawn.infolist(), key=lambda entry: _order(entry.filename)):
            part = zipfile.ZipInfo(entry.filename, _ZIPPED_AT)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            with made.open(part, "w", force_zip64=entry.filename in by_part) as target:
                if sheet := by_part.get(entry.filename):
                    for piece in _filled(drawn.read(entry).decode(), sheet):
                        target.write(piece.encode())
                else:
                    target.write(drawn.read(entry))


def _order(part: str) -> tuple[bool, int, str]:
    """Content types first, as Excel writes them; sheets in their order."""
    number = re.search(r"sheet(\d+)\.xml$", part)
    return part != "[Content_Types].xml", int(number[1]) if number else 0, part


def _filled(xml: str, spec: SheetSpec) -> Iterator[str]:
    """A drawn sheet with its rows in the place of the model row, which tells the style of each column."""
    found = _MODEL_ROW.search(xml)
    if found is None:  # a sheet without columns has no rows either
        yield xml
        return
    *styles, text_style, plain_style = _STYLE.findall(found[2])
    rows = Rows(spec.name, spec.columns, styles, spec.odd, text_style)
    yield _DIMENSION.sub("", xml[: found.start()])  # how far it reaches is not known yet, and the element is optional
    pieces = rows.xml(spec.rows, int(found[1]))
    while some := "".join(islice(pieces, _AT_ONCE)):
        yield some
    below = Rows(spec.name, [ColumnSpec(title="")], [plain_style], None, plain_style)
    yield "".join(below.xml([[line or None] for line in spec.footing], rows.last + 1))
    yield "</sheetData>" + xml[found.end() :]


def _drawn(sheets: Sequence[SheetSpec]) -> bytes:
    """The workbook without its rows."""
    import xlsxwriter  # 2 MB that a process without lists does without

    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": _MADE})
    formats = _formats(book)
    for sheet in sheets:
        _draw_sheet(book, sheet, formats)
    book.close()
    return out.getvalue()


def _formats(book: "xlsxwriter.Workbook") -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 18, "align": "center_across", "valign": "vcenter"}),
        "heading": book.add_format({"bold": True, "font_size": 12}),
        "plain": book.add_format({"font_size": 11}),
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
        "wrapped": book.add_format({"num_format": "@", "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "yuan_text": book.add_format({"num_format": "@", "border": 1, "align": "right"}),
        "integer": book.add_format({"num_format": "0", "border": 1}),
        "yuan": book.add_format({"num_format": "#,##0.00", "border": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "border": 1, "align": "center"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "border": 1, "align": "center"}),
    }


def _draw_sheet(book: "xlsxwriter.Workbook", spec: SheetSpec, formats: dict[str, Any]) -> None:
    if not 1 <= len(spec.name) <= 31 or _BAD_SHEET_NAME.search(spec.name):
        raise Refusal("sheet_name", f"工作表名称“{spec.name}”不能用：应为1至31个字，不含 [ ] : * ? / \\ 等符号。")
    sheet = book.add_worksheet(spec.name)
    for place, column in enumerate(spec.columns):
        sheet.set_column(place, place, column.width)
    above = 1 if spec.title else 0
    top = above + len(spec.heading)
    sheet.freeze_panes(top + 1, 0)
    if spec.printed:
        _lay_out(sheet, top)
    if spec.title:
        sheet.set_row(0, 32)
        sheet.write_string(0, 0, sound_text(spec.title, spec.name, "A1"), formats["title"])
        for place in range(1, len(spec.columns)):
            sheet.write_blank(0, place, None, formats["title"])
    for row, line in enumerate(spec.heading, above):
        sheet.write_string(row, 0, sound_text(line, spec.name, coordinate(row + 1, 1)), formats["heading"])
    if not spec.columns:
        return
    for place, column in enumerate(spec.columns):
        title = sound_text(column.title, spec.name, coordinate(top + 1, place + 1))
        sheet.write_string(top, place, title, formats["header"])
        wrapped = spec.printed and column.kind == "text"
        sheet.write_blank(top + 1, place, None, formats["wrapped" if wrapped else column.kind])
    sheet.write_blank(top + 1, len(spec.columns), None, formats["text"])
    sheet.write_blank(top + 1, len(spec.columns) + 1, None, formats["plain"])
    sheet.ignore_errors({"number_stored_as_text": f"A1:{coordinate(ROWS_MOST, len(spec.columns))}"})


def _lay_out(sheet: Any, header: int) -> None:
    """For paper: A4 across, as wide as the page, the header (0-based row) again on each page, numbered pages."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&C第 &P 页，共 &N 页")
