"""Check lists of other authorities as files: who stands on them, row by row, or the errors of their cells.

A list is taken in whole or not at all: a row left out would be a person let off. Read through the one door for
spreadsheets; plain text with one number a line is read as a sheet of one column.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Refusal
from core.identifiers import IdType, id_fault
from documents.rosters.reading import CellFault, read_cell
from documents.spreadsheets import CellValue, Sheet, coordinate, read_table

HEADER_WITHIN = 20
TITLES: dict[str, tuple[str, ...]] = {
    "id_number": ("证件号码", "身份证号码", "身份证号", "公民身份号码", "身份证", "证件号", "社会保障号码", "社会保障号"),
    "uscc": ("统一社会信用代码", "信用代码", "单位信用代码", "社会信用代码"),
    "since": ("开始日期", "起始日期", "死亡日期", "入狱日期", "参保起", "参保起始年月", "参保开始年月", "入学日期", "入伍日期", "列入日期", "开始领取日期", "起"),
    "until": ("结束日期", "终止日期", "停保年月", "参保止", "参保终止年月", "刑满日期", "毕业日期", "退役日期", "移出日期", "止"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: the person's number and/or the unit's code, and the days it says. Never shown, never logged."""

    id_number: str = ""
    uscc: str = ""
    since: date | None = None
    until: date | None = None

    def __repr__(self) -> str:
        return "ListRow(…)"


@dataclass(frozen=True, slots=True)
class ReadList:
    """What was read: rows, and (cell, sentence) of what is wrong; with errors nothing may be taken in."""

    rows: list[ListRow]
    errors: list[tuple[str, str, str]]  # sheet, cell, sentence


def read_list(data: bytes, name: str, *, kind: str, on: date) -> ReadList:
    """Read a list of a kind. Refuses the codes of `read_table`, and list_no_header, list_empty.

    An insurance list needs number, unit and start in each row; a blacklist number or unit; any other the number.
    """
    book = read_table(data, name)
    for sheet in book.sheets:
        if not sheet.hidden and (found := _header(sheet)):
            start, columns = found
            read = _rows(sheet, start, columns, kind, on)
            if not read.rows and not read.errors:
                raise Refusal("list_empty", f"工作表“{sheet.name}”的表头下面没有内容，请核对文件。")
            return read
    raise Refusal(
        "list_no_header", f"文件“{book.name}”前{HEADER_WITHIN}行中没有“证件号码”或“统一社会信用代码”列，请补上表头。"
    )


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The number of rows above the first entry, and the column of each key; a bare list of numbers needs no header."""
    for number, cells in enumerate(sheet.rows[:HEADER_WITHIN], 1):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            title = cell.replace("\n", "").replace(" ", "").strip("*＊：:") if isinstance(cell, str) else ""
            key = next((key for key, titles in TITLES.items() if title in titles), None)
            if key:
                columns.setdefault(key, place)
        if "id_number" in columns or "uscc" in columns:
            return number, columns
    first = next((cells[0] for cells in sheet.rows if cells and cells[0] is not None), None)
    if isinstance(first, str) and len(first.strip()) == 18 and first.strip()[:17].isdigit():
        return 0, {"id_number": 0}
    return None


def _rows(sheet: Sheet, start: int, columns: Mapping[str, int], kind: str, on: date) -> ReadList:
    rows: list[ListRow] = []
    errors: list[tuple[str, str, str]] = []
    for number, cells in enumerate(sheet.rows[start:], start + 1):
        raw = {key: cells[place] if place < len(cells) else None for key, place in columns.items()}
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in raw.values()):
            continue
        values, faults = _read_row(raw, kind, on)
        errors += [
            (sheet.name, coordinate(number, columns.get(key, 0) + 1), f"第{number}行：{fault}") for key, fault in faults
        ]
        if not faults:
            rows.append(ListRow(**values))
    return ReadList(rows, errors)


def _read_row(raw: Mapping[str, CellValue], kind: str, on: date) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for key, value in raw.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            values[key] = _read(key, value)
        except CellFault as fault:
            faults.append((key, str(fault)))
    number = values.get("id_number")
    if number and (fault := id_fault(IdType.RESIDENT_ID, number, on)):
        faults.append(("id_number", fault))
    if not faults:
        faults = _lacking(values, kind)
    return values, faults


def _read(key: str, value: CellValue) -> Any:
    if key in ("id_number", "uscc"):
        return read_cell(key, value, {})  # type: ignore[arg-type]
    try:
        return read_cell("date", value, {})
    except CellFault:
        return read_cell("month", value, {}) if key == "since" else _month_end(read_cell("month", value, {}))


def _month_end(first: date) -> date:
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return date.fromordinal(following.toordinal() - 1)


def _lacking(values: Mapping[str, Any], kind: str) -> list[tuple[str, str]]:
    needed = {"insurance": ("id_number", "uscc", "since"), "blacklist": ()}.get(kind, ("id_number",))
    words = {"id_number": "没有证件号码", "uscc": "没有参保单位的统一社会信用代码", "since": "没有参保起始年月"}
    faults = [(key, f"{words[key]}，请补充。") for key in needed if key not in values]
    if not needed and not ("id_number" in values or "uscc" in values):
        faults.append(("id_number", "证件号码和统一社会信用代码至少填写一项。"))
    if values.get("since") and values.get("until") and values["until"] < values["since"]:
        faults.append(("until", "结束日期早于开始日期，请核对。"))
    return faults
