"""A roster, row by row: what is sound becomes values, what is not becomes errors that name their cell."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import Refusal
from core.identifiers import IdType, id_fault, sex_of
from documents.rosters.columns import Column, RosterKind, columns_of
from documents.rosters.finding import Located, locate
from documents.rosters.reading import CellFault, read_cell
from documents.rosters.values import CellError, Roster, RosterRow, RosterValues
from documents.spreadsheets import CellValue, Limits, Sheet, read_table

ROSTER_LIMITS = Limits(rows=6000, columns=100, sheets=20, unpacked_bytes=100 * 1024 * 1024)
MOST_ROWS = 5000
_OPEN_ENDED = ("无固定期限", "无固定期")
# A number of one of these documents under the name of an identity card would be a second identity of one person.
_OTHER_PREFIXES = {
    ("810000", "820000", "830000"): "港澳台居民居住证",
    ("9",): "外国人永久居留身份证",
}


def parse_roster(data: bytes, name: str, *, kind: RosterKind, on: date, village_codes: Mapping[str, str]) -> Roster:
    """The roster in an uploaded file. `on` is today; `village_codes` maps names and codes of units to their code.

    A file that cannot be read, or holds no roster, is refused as a whole: the codes of `read_table`, and
    roster_no_header, roster_missing_columns, roster_column_twice, roster_no_rows, roster_too_long. Everything else
    is an error of its cell, and the row's values are None.
    """
    book = read_table(data, name, limits=ROSTER_LIMITS)
    found = locate(book, kind)
    rows: list[RosterRow] = []
    seen: dict[tuple[Any, str], int] = {}
    for number, cells in found.filled_rows():
        if len(rows) == MOST_ROWS:
            raise Refusal(
                "roster_too_long", f"工作表“{found.sheet.name}”超过{MOST_ROWS}人。请分成几份花名册，分别申报。"
            )
        rows.append(_Row(found, number, cells, columns_of(kind)).read(on, village_codes, seen))
    if not rows:
        raise Refusal(
            "roster_no_rows",
            f"工作表“{found.sheet.name}”在表头下面没有填写人员（“示例”行不计）。请填写后重新上传。",
        )
    return Roster(kind, found.sheet.name, found.header_row, tuple(rows))


def read_row(
    raw: Mapping[str, CellValue], *, kind: RosterKind, on: date, village_codes: Mapping[str, str]
) -> RosterRow:
    """One worker from a form, `raw` by column key: judged and worded exactly as a row of a sheet would be."""
    columns = columns_of(kind)
    found = Located(Sheet("", []), 0, {column.key: place for place, column in enumerate(columns)}, {})
    return _Row(found, 1, [raw.get(column.key) for column in columns], columns).read(on, village_codes, {})


class _Row:
    """One row while it is read."""

    def __init__(self, found: Located, number: int, cells: list[CellValue], columns: tuple[Column, ...]) -> None:
        self.found, self.number, self.columns = found, number, columns
        self.raw = found.raw(cells)
        self.values: dict[str, Any] = {}
        self.errors: list[CellError] = []

    def read(self, on: date, villages: Mapping[str, str], seen: dict[tuple[Any, str], int]) -> RosterRow:
        outside = self._is_outside()
        for column in self.columns:
            value = self.raw.get(column.key)
            if column.key == "village" and outside:
                continue
            if column.key == "contract_to" and isinstance(value, str) and value.strip() in _OPEN_ENDED:
                continue
            try:
                self._read_column(column, value, villages)
            except CellFault as fault:
                self._error(column.key, str(fault))
        self._check_document(on, seen)
        self._check_together()
        sound = None if self.errors else RosterValues(**self.values)
        return RosterRow(self.number, sound, tuple(self.errors))

    def _is_outside(self) -> bool:
        try:
            return read_cell("yes_no", self.raw.get("hukou_in_zone"), {}) is False
        except CellFault:
            return False

    def _read_column(self, column: Column, value: CellValue, villages: Mapping[str, str]) -> None:
        if value is None or (isinstance(value, str) and not value.strip()):
            if self.found.cell(self.number, column.key) in self.found.sheet.unread_formulas:
                raise CellFault(
                    "是公式，没有保存计算结果或结果出错。请改为直接填写的内容（可复制后“选择性粘贴”为数值），再上传。"
                )
            if column.required:
                raise CellFault("未填写，请补充。")
            return
        self.values[column.key] = read_cell(column.kind, value, villages, self.values.get("name", ""))

    def _check_document(self, on: date, seen: dict[tuple[Any, str], int]) -> None:
        kind, number = self.values.get("id_type"), self.values.get("id_number")
        if kind is None or number is None:
            return
        if fault := id_fault(kind, number, on) or _other_document(kind, number):
            self._error("id_number", fault)
            return
        first = seen.setdefault((kind, number), self.number)
        if first != self.number:
            self._error("id_number", f"与第{first}行相同，同一人只能填写一次。请删除多余的一行。")
        sex = sex_of(kind, number)
        if sex and self.values.setdefault("sex", sex) != sex:
            self._error("sex", "与证件号码表示的性别不符，请核对性别和证件号码。")

    def _check_together(self) -> None:
        if self.values.get("hukou_in_zone") and "village" not in self.values and not self._has_error("village"):
            self._error("village", "未填写。本区户籍人员须填写户籍所在的村或社区。")
        for first, last, words in _PERIODS_IN_ORDER:
            start, end = self.values.get(first), self.values.get(last)
            if start and end and end < start:
                self._error(last, words)
        if self.values.get("lender_uscc") and self.values["lender_uscc"] == self.values.get("employer_uscc"):
            self._error("employer_uscc", "与调出企业相同。用工调剂须在两家不同的企业之间，请核对。")

    def _has_error(self, key: str) -> bool:
        return any(error.column == key for error in self.errors)

    def _error(self, key: str, fault: str) -> None:
        title = next(column.title for column in self.columns if column.key == key)
        message = f"第{self.number}行“{title}”：{fault}"
        self.errors.append(CellError(self.found.sheet.name, self.found.cell(self.number, key), message, key))


_PERIODS_IN_ORDER = (
    ("contract_from", "contract_to", "早于合同开始日期，请核对。"),
    ("hire_date", "lending_to", "早于调剂开始日期，请核对。"),
)


def _other_document(kind: IdType, number: str) -> str:
    if kind is not IdType.RESIDENT_ID:
        return ""
    for prefixes, label in _OTHER_PREFIXES.items():
        if number.startswith(prefixes):
            return f"这是{label}的号码，请把证件类型改为“{label}”。"
    return ""
