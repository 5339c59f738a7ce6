"""An exported list as a workbook: its rows, and a last sheet 说明 that says what they are and lets anybody check them.

The SHA-256 goes over the header and the rows as canonical text: one JSON array of texts a row, without the empty ones at
its end, UTF-8, each followed by a line feed. A number is its shortest decimal form, a day ``2025-11-24``, a moment
``2025-11-24 10:32:05``, line breaks are line feeds. So it can be computed from what any reader sees in the workbook.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import IO, Any

from django.utils.translation import gettext as _

from core.errors import Refusal
from core.money import plain_yuan
from documents.spreadsheets import ColumnSpec, Limits, SheetSpec, read_table, stream_workbook
from documents.spreadsheets.rows import fits

NOTES = "说明"
COUNT, ODD, DIGEST, CHECK = "行数", "无法写入的单元格", "内容SHA-256", "核对方法"
UNWRITABLE = "（无法写入的内容）"
WHOLE = Limits(
    file_bytes=500 * 1024 * 1024,
    rows=999_999,  # the guard counts six digits
    unpacked_bytes=4 * 1024**3,
    text_chars=1_000_000_000,
    memory_bytes=4 * 1024**3,
    cpu_seconds=600,
    wall_seconds=900,
)


@dataclass(slots=True)
class Written:
    """What went into the workbook, as far as it is written."""

    count: int = 0
    odd: int = 0
    _hash: Any = field(default_factory=sha256)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def add(self, texts: Sequence[str]) -> None:
        """Take a line of texts into the hash."""
        self._hash.update(_line(texts))


def write_book(
    *, title: str, columns: Sequence[ColumnSpec], rows: Iterable[Sequence[object]], facts: Iterable[tuple[str, str]],
    out: IO[bytes],
) -> Written:  # fmt: skip
    """Write the rows and 说明 into `out`, in constant memory. A cell that cannot be written is replaced and counted."""
    written = Written()
    written.add([column.title for column in columns])
    sheets = [
        SheetSpec(name=title, columns=columns, rows=_counted(rows, columns, written), odd=_unwritable),
        SheetSpec(
            name=NOTES,
            columns=(ColumnSpec(title=_("项目"), width=20), ColumnSpec(title=_("内容"), width=90)),
            rows=_notes(facts, written),
            odd=_unwritable,
        ),
    ]
    stream_workbook(sheets, out)
    return written


def verify(data: bytes) -> bool:
    """Whether the rows of an exported workbook are those that its 说明 was written for.

    It compares with what the file says of itself: who changes both is found out by the record, which holds the hash too.
    """
    try:
        sheets = read_table(data, "export.xlsx", limits=WHOLE).sheets
    except Refusal:
        return False
    if len(sheets) != 2 or sheets[1].name != NOTES or not sheets[0].rows:
        return False
    said = {str(row[0]): row[1] for row in sheets[1].rows[1:] if len(row) > 1}
    found = Written(count=len(sheets[0].rows) - 1)
    for row in sheets[0].rows:
        found.add([_read(value) for value in row])
    return (said.get(COUNT), said.get(DIGEST)) == (str(found.count), found.sha256)


def _counted(
    rows: Iterable[Sequence[object]], columns: Sequence[ColumnSpec], written: Written
) -> Iterator[Sequence[object]]:
    kinds = [(column.kind, TEXTS[column.kind]) for column in columns]
    for row in rows:
        texts = []
        for (kind, text_of), value in zip(kinds, row, strict=True):
            if fits(kind, value):
                texts.append("" if value is None else text_of(value))
            else:
                texts.append(UNWRITABLE)
                written.odd += 1
        written.add(texts)
        written.count += 1
        yield row


def _notes(facts: Iterable[tuple[str, str]], written: Written) -> Iterator[tuple[str, str]]:
    """Asked for after the rows are written, so that it knows their number and hash."""
    yield from facts
    yield COUNT, str(written.count)
    yield ODD, str(written.odd)
    yield DIGEST, written.sha256
    yield (
        CHECK,
        _(
            "第一张表从表头起逐行写成JSON文本数组（行末空格子略去，UTF-8，每行以换行符结尾），计算SHA-256，应与上值一致；"
            "系统办理记录中存有同一值。"
        ),
    )


def _unwritable(_refusal: Refusal) -> str:
    return UNWRITABLE


def _line(texts: Sequence[str]) -> bytes:
    filled = list(texts)
    while filled and not filled[-1]:
        filled.pop()
    return json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _text(value: Any) -> str:
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _number(value: Any) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)


def _moment(value: Any) -> str:
    """To the second; a reader may have lost a fraction of one. Midnight is a day, as readers give it."""
    whole = (value.replace(tzinfo=None) + timedelta(milliseconds=500)).replace(microsecond=0)
    return (
        f"{whole:%Y-%m-%d}" if (whole.hour, whole.minute, whole.second) == (0, 0, 0) else f"{whole:%Y-%m-%d %H:%M:%S}"
    )


def _read(value: object) -> str:
    """A cell as it was read, as canonical text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else _number(value)


TEXTS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "integer": _number,
    "yuan": lambda fen: _number(fen / 100),
    "yuan_text": plain_yuan,
    "date": date.isoformat,
    "moment": lambda at: _moment(at.replace(microsecond=0)),
}
