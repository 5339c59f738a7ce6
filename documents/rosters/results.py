"""The answer to an upload: the same workbook with a result column, and a workbook of the failed rows only."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path

from core.errors import Refusal
from documents.rosters.columns import BARE_USCC, Column, RosterKind, columns_of
from documents.rosters.finding import RESULT_TITLE, Located, best_match
from documents.rosters.parsing import ROSTER_LIMITS
from documents.spreadsheets import CellValue, ColumnSpec, SheetSpec, Workbook, read_table, write_workbook
from documents.spreadsheets.contained import run_contained
from documents.spreadsheets.reading import shown_name

PASSED = "通过"
RED = "FFF4CCCC"  # ARGB; `template` reads openpyxl (4 MB) and is read where a book is drawn
_MARKER = Path(__file__).with_name("marking_child.py")
_UNSAFE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
_LONGEST = 10_000


def result_workbook(data: bytes, name: str, results: Mapping[int, str], *, cells: Collection[str] = ()) -> bytes:
    """The uploaded workbook as xlsx with a column 校验结果: `results` is the text of each row by its number.

    Results that do not begin with 通过 are filled light red, and so are the `cells` (``"B7"``) of the roster's sheet.
    An xlsx keeps its looks; anything else, and an xlsx that cannot be rewritten, comes back as a new one with the
    same rows. Refuses as `read_table` does, and roster_no_header.
    """
    book = read_table(data, name, limits=ROSTER_LIMITS)
    found = _found(book)
    width = max((len(row) for row in found.sheet.rows), default=0)
    place = found.result if found.result is not None else width
    if book.kind == "xlsx":
        order = {
            "sheet": found.sheet.name,
            "header_row": found.header_row,
            "column": place + 1,
            "title": RESULT_TITLE,
            "passed": PASSED,
            "fill": RED,
            "results": {str(row): _safe(text) for row, text in results.items()},
            "cells": sorted(cells),
        }
        try:
            return run_contained(_MARKER, order, data, shown_name(name), ROSTER_LIMITS)
        except Refusal:
            pass  # its looks are lost, not its rows
    return _rebuilt(found, results, place)


def failed_rows_workbook(data: bytes, name: str, results: Mapping[int, str], *, kind: RosterKind) -> bytes:
    """A roster in the template's form with only the rows named in `results`, and why each failed, to be filled in again.

    Document numbers and credit codes that were number cells are left empty, because their digits are lost.
    """
    book = read_table(data, name, limits=ROSTER_LIMITS)
    found = best_match(book, kind)
    if found is None:
        raise _no_header(book)
    columns = columns_of(kind)
    rows = [(number, found.raw(cells)) for number, cells in found.filled_rows() if number in results]
    texts = [{column.key: _as_text(column, raw.get(column.key)) for column in columns} for _number, raw in rows]
    from documents.rosters.template import roster_book

    return roster_book(kind, texts, results=[_safe(results[number]) for number, _raw in rows])


def _found(book: Workbook) -> Located:
    matches = [best_match(book, kind) for kind in ("agency", "platform")]
    best = max((found for found in matches if found), key=lambda found: len(found.columns), default=None)
    if best is None:
        raise _no_header(book)
    return best


def _no_header(book: Workbook) -> Refusal:
    return Refusal("roster_no_header", f"文件“{book.name}”中没有找到花名册的表头，请使用本页下载的模板。")


def _rebuilt(found: Located, results: Mapping[int, str], place: int) -> bytes:
    """A new workbook with the roster's rows as text in the rows they had, and the result column."""
    by_place = {at: key for key, at in found.columns.items()}
    kinds = {column.key: column for column in (*columns_of("agency"), *columns_of("platform"))}
    first, *others = found.sheet.rows or [[]]
    lines = []
    for number, cells in enumerate(others, 2):
        padded = [*cells, *[None] * (place + 1 - len(cells))]
        line = [_as_text(kinds.get(by_place.get(at, "")), value) or None for at, value in enumerate(padded)]
        line[place] = RESULT_TITLE if number == found.header_row else _safe(results.get(number, "")) or None
        lines.append(line)
    titles = [_as_text(None, value) for value in [*first, *[None] * (place + 1 - len(first))]]
    titles[place] = RESULT_TITLE if found.header_row == 1 else ""
    columns = [ColumnSpec(title=title, width=60 if at == place else 18) for at, title in enumerate(titles)]
    wide = max([len(columns), *map(len, lines)])
    columns += [ColumnSpec(title="")] * (wide - len(columns))
    rows = [[*line, *[None] * (wide - len(line))] for line in lines]
    return write_workbook([SheetSpec(name="花名册", columns=columns, rows=rows)])


def _as_text(column: Column | None, value: CellValue) -> str:
    """A cell as text that reads back the same; a number cell that should be a document number reads back empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if column and (column.kind in ("id_number", "uscc") or column.title in BARE_USCC):
            return ""
        return str(int(value)) if value == value and abs(value) < 10**15 and value == int(value) else str(value)
    return _safe(value)


def _safe(text: str) -> str:
    """The text without characters that no workbook can hold."""
    return text.translate(_UNSAFE)[:_LONGEST]
