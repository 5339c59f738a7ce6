"""Where in a workbook the roster is: which sheet, which row is the header, which column is which."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Refusal
from documents.rosters.columns import BARE_USCC, PERIODS, RosterKind, columns_of
from documents.spreadsheets import CellValue, Sheet, Workbook, coordinate

RESULT_TITLE = "校验结果"
_HEADER_WITHIN = 10
_FEWEST_TITLES = 3
_PERIOD_MARK = re.compile(r"\s*(?:至|到|~|～|—+|－|--)\s*|\s+-\s+")
_FOOTERS = ("合计", "总计", "填表人", "填报人", "审核人", "填表说明", "填写说明", "注：", "注:", "说明：", "备注：")


@dataclass(frozen=True, slots=True)
class Located:
    """The roster's sheet, its header rows (1-based, last one), and the 0-based column of each key.

    `periods` are columns that hold two dates of one key each; `result` is an earlier result column.
    """

    sheet: Sheet
    header_row: int
    columns: dict[str, int]
    periods: dict[int, tuple[str, str]]
    result: int | None = None

    @property
    def score(self) -> tuple[int, int]:
        """How much of a roster was found: keys, and among equals those with a column of their own."""
        return len(self.columns) + 2 * len(self.periods), len(self.columns)

    def cell(self, row: int, key: str) -> str:
        """The name of the cell of a key in a 1-based row; the row's first cell when the column is not there."""
        place = self.columns.get(key)
        if place is None:
            place = next((at for at, keys in self.periods.items() if key in keys), 0)
        return coordinate(row, place + 1)

    def raw(self, cells: list[CellValue]) -> dict[str, CellValue]:
        """The cells of a row by key; a cell of two dates is divided."""
        found: dict[str, CellValue] = {
            key: cells[place] if place < len(cells) else None for key, place in self.columns.items()
        }
        for place, (first, last) in self.periods.items():
            value = cells[place] if place < len(cells) else None
            parts = _PERIOD_MARK.split(value, maxsplit=1) if isinstance(value, str) else [value]
            found[first], found[last] = parts[0], parts[1] if len(parts) > 1 else None
        return found

    def filled_rows(self) -> Iterator[tuple[int, list[CellValue]]]:
        """The rows that name somebody, by number: not blank ones, the example, totals and foot notes."""
        for number, cells in enumerate(self.sheet.rows[self.header_row :], self.header_row + 1):
            formulas = any(
                coordinate(number, place + 1) in self.sheet.unread_formulas for place in self.columns.values()
            )
            texts = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
            others = any(cell is not None and not isinstance(cell, str) for cell in cells)
            if not (texts or others or formulas):
                continue
            named = self.raw(cells)
            is_note = not (named.get("name") and named.get("id_number")) and texts and texts[0].startswith(_FOOTERS)
            if not (is_note or (texts and texts[0].startswith("示例"))):
                yield number, cells


def locate(book: Workbook, kind: RosterKind) -> Located:
    """The roster in a workbook; refuses roster_no_header, roster_missing_columns and roster_column_twice."""
    best = best_match(book, kind)
    if best is None:
        seen = "、".join(f"“{sheet.name}”" for sheet in book.sheets if not sheet.hidden) or "（没有可见的工作表）"
        raise Refusal(
            "roster_no_header",
            f"文件“{book.name}”中没有找到花名册的表头，看到的工作表有：{seen}。"
            f"请使用本页下载的模板，表头须在前{_HEADER_WITHIN}行之内，且不改动列名。",
        )
    dated = {key for pair in best.periods.values() for key in pair}
    missing = [c.title for c in columns_of(kind) if c.required and c.key not in best.columns and c.key not in dated]
    if missing:
        raise Refusal(
            "roster_missing_columns",
            f"工作表“{best.sheet.name}”缺少必填的列：{'、'.join(missing)}。请补上这些列，或使用本页下载的模板。",
        )
    return best


def best_match(book: Workbook, kind: RosterKind) -> Located | None:
    """The visible sheet and row where most titles of the kind are found, at least three of them."""
    best, most = None, (_FEWEST_TITLES - 1, 0)
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        for row in range(1, min(_HEADER_WITHIN, len(sheet.rows)) + 1):
            for depth in (1, 2):
                found = _match(sheet, row, depth, kind)
                if found and found.score > most:
                    best, most = found, found.score
    return best


def _match(sheet: Sheet, row: int, depth: int, kind: RosterKind) -> Located | None:
    """Titles of one row, or of a row whose merged titles are divided by the row below."""
    titles = [_plain(cell) for cell in sheet.rows[row - 1]]
    if depth == 2:
        below = [_plain(cell) for cell in sheet.rows[row]] if row < len(sheet.rows) else []
        if not any(below) or len(below) > 2 * len(titles) + 10:
            return None
        titles = _joined(titles, below)
    known = _titles_of(kind)
    columns: dict[str, int] = {}
    periods: dict[int, tuple[str, str]] = {}
    result = before = None
    for place, title in enumerate(titles):
        key = known.get(title)
        if title in BARE_USCC:
            key = "lender_uscc" if before == "lender_name" else "employer_uscc"
        if key in columns:
            if depth == 2:
                return None
            _refuse_twice(sheet, title, place, columns)
        if key:
            columns[key] = place
            before = key
        elif title in PERIODS:
            periods[place] = PERIODS[title]
        elif title == RESULT_TITLE:
            result = place
    if len(columns) < _FEWEST_TITLES:
        return None
    return Located(sheet, row + depth - 1, columns, periods, result)


def _refuse_twice(sheet: Sheet, title: str, place: int, columns: dict[str, int]) -> None:
    if len(columns) >= _FEWEST_TITLES:
        raise Refusal(
            "roster_column_twice",
            f"工作表“{sheet.name}”的列“{title[:20]}”（第{place + 1}列）与前面的列含义重复。请只保留一列后重新上传。",
        )


def _joined(above: list[str], below: list[str]) -> list[str]:
    joined, group = [], ""
    for place in range(max(len(above), len(below))):
        over = above[place] if place < len(above) else ""
        under = below[place] if place < len(below) else ""
        group = over or (group if under else "")
        joined.append(group + under)
    return joined


def _titles_of(kind: RosterKind) -> dict[str, str]:
    return {_plain(title): column.key for column in columns_of(kind) for title in (*column.aliases, column.title)}


def _plain(cell: CellValue) -> str:
    """A title without blanks, stars, and what stands in its brackets about being required."""
    if not isinstance(cell, str) or len(cell) > 60:
        return ""
    text = re.sub(r"[\s*＊:：]", "", cell).replace("（", "(").replace("）", ")").replace("／", "/")
    return re.sub(r"\((?:必填|选填|可不填)\)", "", text)
