"""Hostile payee names and accounts: each goes through every format unchanged, or is refused by its row."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from core.errors import Refusal
from documents.spreadsheets import ColumnSpec, SheetSpec, write_workbook
from payments.formats import Format, Row, faults, format_named, read_answer, write
from tests.payments.formats_made import FIXED, head, row, sound

HOSTILE = [
    '王"明', "王'明", "王,明", "王，明", "王\n明", "王\r\n明", "王\t明", "=cmd|'/c calc'!A1", "+1+1", "-2", "@SUM(A1)", "＝1", "王|明",
    "㛃䶮", "𬱖𫖯", "阿依古丽·买买提", "O'Neil", "Ångström", "王\x00明", "王\x1b明", "王\u200b明", "王\u202e明", "\ufeff王", "王\ud800",
    "_x000D_", "&lt;b&gt;", "<b>", " 王", "王 ", "王　明", "\u3000", " ", "", "0", "1e5", "00012", "长" * 200, "长" * 201, "a" * 200,
    "𬱖" * 200, "王\x85明", "王\u2028明", "王\ufffe", "€", "~", "\\", "{number}", "%s", "合计", "T", "王;明", "王\x1a",
]  # fmt: skip
CHARS = st.sampled_from("".join(name for name in HOSTILE if len(name) < 30)) | st.characters()
NAMES = st.sampled_from(HOSTILE) | st.text(CHARS, max_size=8) | st.text(CHARS, min_size=190, max_size=210)
ACCOUNTS = st.text("0123456789", min_size=8, max_size=32) | st.text("0123456789 -'=E+.\n\u0660１", max_size=40)
ROWS = st.lists(st.builds(lambda name, account, note: (name, account, note), NAMES, ACCOUNTS, NAMES), max_size=6)
COMMAS = FIXED.replace("line_end", 'separator = ","\nquoted = true\nline_end').replace("gb18030", "utf-8-sig", 1)
Got = tuple[str, str, str]


def from_workbook(data: bytes, sheet: str, first: int, columns: tuple[int, int, int], count: int) -> list[Got]:
    found = load_workbook(io.BytesIO(data))[sheet]
    lines = [
        [unescape(str(cell.value or "")) for cell in line]
        for line in found.iter_rows(min_row=first, max_row=first + count - 1)
    ]
    assert all(cell.data_type != "f" for line in found.iter_rows() for cell in line), "nothing is a formula"
    return [(line[columns[0]], line[columns[1]], line[columns[2]]) for line in lines]


def from_bars(data: bytes, count: int) -> list[Got]:
    lines = [line.split("|") for line in data.decode("gbk").split("\r\n")]
    assert [line[0] for line in lines] == ["H", *["D"] * count, "T", ""] and {len(line) for line in lines[1:-2]} <= {10}
    return [(line[4], line[3], line[9]) for line in lines[1:-2]]


def from_fixed(data: bytes, count: int) -> list[Got]:
    lines = data.split(b"\n")
    assert len(lines) == count + 1 and {len(line) for line in lines[1:]} <= {114}
    cells = [[line[52:92], line[20:52], line[104:114]] for line in lines[1:]]
    name, account, note = 0, 1, 2
    told = [[cell.decode("gb18030").rstrip(" ") for cell in line] for line in cells]
    return [(line[name], line[account], line[note].replace("NONE", "")) for line in told]


def from_commas(data: bytes, count: int) -> list[Got]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert len(lines) == count + 1
    return [(line[2], line[1], line[4].replace("NONE", "")) for line in lines[1:]]


READERS: dict[str, tuple[Callable[[], Format], Callable[[bytes, int], list[Got]]]] = {
    "bank-xlsx": (
        lambda: format_named("bank-xlsx"),
        lambda data, count: from_workbook(data, "明细", 2, (2, 4, 9), count),
    ),
    "treasury-direct": (
        lambda: format_named("treasury-direct"),
        lambda data, count: from_workbook(data, "财政直接支付申请书", 5, (4, 5, 10), count),
    ),
    "bank-gbk-text": (lambda: format_named("bank-gbk-text"), from_bars),
    "fixed": (lambda: replace(sound(FIXED), rows_most=1000, total_most_fen=10**12), from_fixed),
    "commas": (lambda: replace(sound(COMMAS), rows_most=1000, total_most_fen=10**12), from_commas),
}


def goes_through_or_is_refused(code: str, values: list[tuple[str, str, str]]) -> set[int]:
    """The rows that are refused, after proof that the others come back as they went in."""
    made, read_back = READERS[code]
    form = made()
    rows = [row(seq, payee=name, account=account, note=note) for seq, (name, account, note) in enumerate(values, 1)]
    refused = {fault.seq for fault in faults(form, rows)}
    kept = [row for row in rows if row.seq not in refused]
    if refused:
        with pytest.raises(Refusal) as whole:
            write(form, head(rows), rows)
        assert whole.value.code == "format_faults"
        assert {int(place.split(":")[0]) for place in whole.value.fields} == refused
    if kept:
        data = write(form, head(kept), kept)
        assert read_back(data, len(kept)) == [(row.payee, row.account, row.note) for row in kept]
    return refused


@pytest.mark.parametrize("code", READERS)
def test_each_hostile_name_alone(code: str) -> None:
    refused = goes_through_or_is_refused(code, [(name, "6222020000000000001", "") for name in HOSTILE])
    through = {name for seq, name in enumerate(HOSTILE, 1) if seq not in refused}
    never = {"王\n明", "王\r\n明", "王\x00明", "王\u202e明", "王\ud800", "", "长" * 201, "王\ufffe"}
    assert not through & never
    always = {"阿依古丽·买买提", "O'Neil", "{number}", "%s", "00012", "王，明", "合计"}
    assert always <= through
    if code in ("bank-xlsx", "treasury-direct"):
        assert {
            '王"明',
            "=cmd|'/c calc'!A1",
            "王,明",
            "㛃䶮",
            "𬱖𫖯",
            "_x000D_",
            "长" * 200,
            " 王",
            "1e5",
            "<b>",
        } <= through
    if code == "bank-gbk-text":
        assert not through & {'王"明', "=cmd|'/c calc'!A1", "王|明", "㛃䶮", "𬱖𫖯", "长" * 200, "€", " 王", "＝1"}
    if code == "commas":
        assert {'王"明', "王,明", "㛃䶮", "长" * 200} <= through and "=cmd|'/c calc'!A1" not in through


@pytest.mark.parametrize("code", READERS)
def test_anything_at_all(code: str) -> None:
    @given(ROWS)
    @settings(max_examples=60, deadline=timedelta(seconds=20))
    def tried(values: list[tuple[str, str, str]]) -> None:
        goes_through_or_is_refused(code, values)

    tried()


@given(st.lists(NAMES, min_size=1, max_size=5))
@settings(max_examples=60, deadline=timedelta(seconds=20))
def test_answers_with_anything_in_them(reasons: list[str]) -> None:
    """Nothing but a Refusal comes out of a text answer, and what is read is what stood there."""
    lines = [f"D|BF-{place}|100|F|{reason}" for place, reason in enumerate(reasons, 1)]
    data = "\r\n".join([*lines, f"T|{len(lines)}|{len(lines) * 100}", ""]).encode("gb18030", "replace")
    try:
        answer = read_answer(format_named("bank-gbk-text"), data, "a.txt")
    except Refusal as refusal:
        assert refusal.code in {"answer_control_character", "answer_encoding", "answer_line_unknown"}
        assert any(not char.isprintable() for reason in reasons for char in reason)
        return
    assert [(got.reference, got.amount_fen, got.outcome, got.fault) for got in answer.rows] == [
        (f"BF-{place}", 100, "returned", "") for place in range(1, len(lines) + 1)
    ]
    assert all(len(got.reason) <= 120 and got.reason.isprintable() for got in answer.rows)


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=timedelta(seconds=20))
def test_bytes_of_anything_are_refused_or_read(data: bytes) -> None:
    for start in (b"", b"D|", b"D|BF-1|100|S|\nT|1|"):
        with pytest.raises(Refusal):
            read_answer(format_named("bank-gbk-text"), start + data + b"\nX", "a.txt")


def test_hostile_references_and_reasons_in_a_workbook() -> None:
    sound_ones = [
        name for name in HOSTILE if name.isprintable() and name.strip() and len(name) <= 60 and name != "合计"
    ]
    columns = [ColumnSpec(title=title) for title in ("业务编号", "金额", "状态", "原因")]
    rows = [(name, "1", "失败", name) for name in sound_ones]
    answer = read_answer(
        format_named("bank-xlsx"), write_workbook([SheetSpec(name="a", columns=columns, rows=rows)]), "a"
    )
    assert [got.reference for got in answer.rows] == [name.strip() for name in sound_ones]
    assert all(got.fault == "" and got.outcome == "returned" for got in answer.rows)


def test_sums_that_overflow_nothing() -> None:
    form = format_named("bank-xlsx")
    rows: list[Row] = [row(1, amount_fen=10**14 - 1)]
    assert faults(form, rows) == [] and write(form, head(rows), rows)
    assert [fault.field for fault in faults(form, [row(1, amount_fen=10**14)])] == ["金额"]
