"""Annexes 1 to 3 in the notice's layout: title, place, columns, rows a page, fill-in note, print set-up; extras apart.

One sheet a village; its three head rows come again on every page. Numbers run through the workbook, so that the second
sheet, which holds what the official columns lack, names each person by number and name.
"""

import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from documents.annexes.columns import FILL_IN_NOTE, NAMES, ROWS_A_PAGE, SHORT, Column, columns_of, extra_of
from documents.annexes.extras import SHEET
from documents.annexes.parts import Part
from documents.rosters.template import put_text

HEAD_ROWS = 3
_HAIR = Side(style="thin", color="FF000000")
_GRID = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_TITLE, _HEAD, _BODY = (
    Font(name="黑体", size=18, bold=True),
    Font(name="宋体", size=11, bold=True),
    Font(name="宋体", size=11),
)


def annex_book(annex: int, parts: Iterable[Part], titles: Mapping[str, str] | None = None) -> bytes:
    """The xlsx of an annex. Without people it is the blank form of one page."""
    book = Workbook()
    book.remove(book.worksheets[0])
    columns = columns_of(annex, titles)
    seq = 0
    further: list[Mapping[str, str]] = []
    for part in [*parts] or [Part("", "", "", ())]:
        sheet = book.create_sheet((part.village or SHORT[annex])[:31])
        _head(sheet, annex, columns, part)
        rows = []
        for row in part.rows:
            seq += 1
            rows.append({**row, "seq": str(seq)})
        _body(sheet, annex, columns, rows)
        _print_setup(sheet, annex, columns, len(rows))
        further += rows
    if extra_of(annex) and further:
        _extras(book.create_sheet(SHEET), extra_of(annex), further)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, annex: int, columns: Sequence[Column], part: Part) -> None:
    last = len(columns)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=last)
    _put(sheet, 1, 1, NAMES[annex], _TITLE, _CENTRE)
    sheet.row_dimensions[1].height = 56
    if annex != 3:
        place = f"{part.town or '        '}乡（镇）    {part.village or '        '}    {part.group or '    '}组"
        if part.village and not part.group:
            place = f"{part.town}乡（镇）    {part.village}"
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=last)
        _put(sheet, 2, 1, place, _BODY, _LEFT)
    sheet.row_dimensions[2].height = 22
    for place_, column in enumerate(columns, 1):
        _put(sheet, HEAD_ROWS, place_, column.title, _HEAD, _CENTRE, grid=True)
        sheet.column_dimensions[get_column_letter(place_)].width = column.width
    sheet.row_dimensions[HEAD_ROWS].height = 32


def _body(sheet: Worksheet, annex: int, columns: Sequence[Column], rows: Sequence[Mapping[str, str]]) -> None:
    """The rows, the last page filled up with blank ones, and the note."""
    a_page = ROWS_A_PAGE[annex]
    whole = max(a_page, -(-len(rows) // a_page) * a_page)
    for place in range(whole):
        row = rows[place] if place < len(rows) else {}
        for number, column in enumerate(columns, 1):
            _put(sheet, HEAD_ROWS + 1 + place, number, row.get(column.key, ""), _BODY, _CENTRE, grid=True)
        sheet.row_dimensions[HEAD_ROWS + 1 + place].height = 26
    if annex != 3:
        below = HEAD_ROWS + 1 + whole
        sheet.merge_cells(start_row=below, end_row=below, start_column=1, end_column=len(columns))
        _put(sheet, below, 1, FILL_IN_NOTE, _BODY, _LEFT)
        sheet.row_dimensions[below].height = 32


def _print_setup(sheet: Worksheet, annex: int, columns: Sequence[Column], people: int) -> None:
    """A4 across, as wide as the page, the head on each page, a page of the notice's number of rows."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEAD_ROWS}"
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"  # type: ignore[union-attr]
    sheet.freeze_panes = f"A{HEAD_ROWS + 1}"
    for row in range(ROWS_A_PAGE[annex], people, ROWS_A_PAGE[annex]):
        sheet.row_breaks.append(Break(id=HEAD_ROWS + row))


def _extras(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Mapping[str, str]]) -> None:
    whole = (Column(key="seq", title="序号", width=6), Column(key="name", title="姓名", width=10), *columns)
    for place, column in enumerate(whole, 1):
        _put(sheet, 1, place, column.title, _HEAD, _CENTRE, grid=True)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(whole, 1):
            _put(sheet, number, place, row.get(column.key, ""), _BODY, _LEFT, grid=True)
    sheet.freeze_panes = "C2"


def _put(
    sheet: Worksheet, row: int, column: int, text: str, font: Font, alignment: Alignment, *, grid: bool = False
) -> None:
    """Text as text, whatever it begins with."""
    put_text(sheet, row, column, text)
    cell = sheet.cell(row, column)
    cell.font, cell.alignment = font, alignment
    if grid:
        cell.border = _GRID
