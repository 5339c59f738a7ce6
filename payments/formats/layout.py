"""What a format file says, once it has been found sound. Everything here is data; docs/formats.md explains each key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from payments.formats.instructions import REASONS, Head, Outcome

Kind = Literal["xlsx", "text"]
Unit = Literal["yuan", "fen"]
Measure = Literal["characters", "bytes"]

ENCODINGS = ("gbk", "gb2312", "gb18030", "utf-8", "utf-8-sig")
LINE_ENDS: dict[str, str] = {"crlf": "\r\n", "lf": "\n"}
DATES = ("YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD", "YYYY年M月D日")
ROW_VALUES = (
    "seq", "reference", "payee", "account", "bank", "bank_code", "amount", "purpose", "note", "id_number",
)  # fmt: skip
HEAD_VALUES = (
    "number", "fund", "allocation_no", "functional_code", "economic_code", "channel", "made_on", "payer", "payer_account",
    "payer_bank", "applicant", "policy", "seal", "count", "total", "total_upper",
)  # fmt: skip
LABELS = {
    "seq": "序号", "reference": "业务编号", "payee": "收款人户名", "account": "收款账号", "bank": "开户银行",
    "bank_code": "联行号", "amount": "金额", "purpose": "用途", "note": "备注", "id_number": "证件号码", "number": "批次号",
    "fund": "资金来源", "allocation_no": "指标文号", "functional_code": "支出功能分类", "economic_code": "支出经济分类",
    "channel": "收款方式", "made_on": "制表日期", "payer": "付款单位", "payer_account": "付款账号", "payer_bank": "付款银行",
    "applicant": "申请单位", "policy": "政策版本", "seal": "批次封存SHA-256", "count": "笔数", "total": "金额合计",
    "total_upper": "金额合计大写",
}  # fmt: skip
OUTCOME_LABELS: dict[Outcome, str] = {"settled": "已支付", "returned": "退票", "unknown": "未明"}
CONTENT_TYPES: dict[Kind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text": "text/plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column, one cell of a header or trailer, or one line of a control sheet.

    Holds a `value` (one of ROW_VALUES and HEAD_VALUES) or a `text` with values in braces. `longest` is counted by
    `measure`; `width` is characters in a workbook, bytes in a line of fixed width. `empty` stands where a value that
    is not required is empty. `number` writes an amount of a workbook as a number instead of text.
    """

    title: str = ""
    value: str = ""
    text: str = ""
    longest: int = 200
    measure: Measure = "characters"
    required: bool = False
    empty: str = ""
    pattern: re.Pattern[str] | None = None
    hint: str = ""
    width: int = 0
    align: Literal["left", "right"] = "left"
    fill: str = " "
    number: bool = False

    @property
    def holds(self) -> str:
        """What an official calls the value, or the text itself."""
        return LABELS.get(self.value, "") or self.text or self.empty


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """A sheet of transfers (`columns`) or of control `lines`. Title, heading and footing are texts with {values}."""

    name: str
    columns: tuple[Cell, ...] = ()
    lines: tuple[Cell, ...] = ()
    title: str = ""
    heading: tuple[str, ...] = ()
    footing: tuple[str, ...] = ()
    total_in: str = ""
    total_label: str = ""
    printed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayout:
    """A text file, line by line. An empty `separator` means columns of fixed width, in bytes of the encoding."""

    encoding: str
    line_end: str
    ends_last_line: bool
    separator: str
    quoted: bool
    titles: bool
    header: tuple[tuple[Cell, ...], ...]
    trailer: tuple[tuple[Cell, ...], ...]

    @property
    def fixed(self) -> bool:
        return not self.separator


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLayout:
    """How the bank's answer is read: columns by title (each with its other names) or by position, from 1.

    `separator` or `widths` (bytes) are for text files, in `encoding` (auto: UTF-8, then GB 18030); without them the
    delimiter is found out. With positions, `mark` is the place of the word that says what a line is: `detail`, one of `skip`, or `total`.
    """

    titles: Mapping[str, tuple[str, ...]]
    positions: Mapping[str, int]
    outcomes: Mapping[str, Outcome]
    reasons: Mapping[str, str]
    unit: Unit = "yuan"
    thousands: bool = False
    encoding: str = "auto"
    separator: str = ""
    quoted: bool = False
    widths: tuple[int, ...] = ()
    total_widths: tuple[int, ...] = ()
    zero_filled: bool = False
    skip_first: int = 0
    mark: int = 0
    detail: str = ""
    skip: tuple[str, ...] = ()
    total: str = ""
    total_required: bool = False
    total_count: int | tuple[str, ...] = 0
    total_amount: int = 0

    def outcome_of(self, said: str) -> Outcome | None:
        """What the bank's word means, capitals or not; None when it is none of the format's words."""
        text = said.casefold()
        return next((outcome for word, outcome in self.outcomes.items() if word.casefold() == text), None)

    def reason_code_of(self, said: str) -> str:
        """The code of the longest of the format's words that the reason holds; `other` when it holds none."""
        text = said.casefold()
        held = [word for word in self.reasons if word.casefold() in text]
        return self.reasons[max(held, key=len)] if held else "other"

    def described(self) -> list[tuple[str, list[str]]]:
        """For a page: each column with its titles or its place, each outcome and reason with the bank's words."""
        told = [(LABELS.get(name, "") or _ANSWER_LABELS[name], list(names)) for name, names in self.titles.items()]
        told += [
            (LABELS.get(name, "") or _ANSWER_LABELS[name], [f"第{place}项"]) for name, place in self.positions.items()
        ]
        for outcome, label in OUTCOME_LABELS.items():
            told.append((label, [word for word, found in self.outcomes.items() if found == outcome]))
        for code, label in REASONS.items():
            told.append((label, [word for word, found in self.reasons.items() if found == code]))
        return [(label, words) for label, words in told if words]


_ANSWER_LABELS = {"outcome": "处理结果", "reason": "原因"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A bank's or treasury's format. `rows` says what one row is: a payee with all his claims, or one claim."""

    code: str
    label: str
    about: str
    kind: Kind
    channels: tuple[str, ...]
    rows: Literal["payee", "claim"]
    unit: Unit
    dates: str
    extension: str
    columns: tuple[Cell, ...]
    sheets: tuple[SheetLayout, ...]
    text: TextLayout | None
    result: ResultLayout | None
    rows_most: int
    amount_most_fen: int
    total_most_fen: int
    source: str

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.kind]

    def file_name(self, head: Head) -> str:
        """The name of the payment file of a batch: its number, the format, the extension."""
        return f"{head.number}-{self.code}.{self.extension}"
