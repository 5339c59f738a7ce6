"""The door for spreadsheets, inward: every kind of file, every hostile one, and never anything but a refusal."""

import io
import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from core.errors import Refusal
from documents.spreadsheets import Limits, Workbook, coordinate, read_table
from documents.spreadsheets.contained import run_contained
from documents.spreadsheets.guard import inspect_zip
from tests.documents.hostile_files import HOSTILE, far_cell, locked, plain_xlsx, with_rows, zip_bomb


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_refused_with_a_sentence(what: str) -> None:
    make, code = HOSTILE[what]
    with pytest.raises(Refusal) as refused:
        read_table(make(), "名单.xlsx")
    assert refused.value.code == code
    assert "名单.xlsx" in refused.value.message
    assert "请" in refused.value.message  # says what to do
    assert [sheet.name for sheet in read_table(plain_xlsx(), "好.xlsx").sheets] == ["Sheet"]  # and we are alive


def test_the_hostile_files_are_as_small_as_they_claim() -> None:
    assert len(far_cell()) < 2048
    assert 1_000_000 < len(zip_bomb()) < 2_000_000


def test_the_guard_itself_catches_the_far_cell_and_the_bomb() -> None:
    for make, code in [(far_cell, "file_too_wide"), (zip_bomb, "file_zip_bomb")]:
        with pytest.raises(Refusal) as refused:
            inspect_zip(make(), "a.xlsx", Limits())
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(cpu_seconds=1), "file_timeout"),
        (Limits(wall_seconds=1, cpu_seconds=30), "file_timeout"),
        (Limits(memory_bytes=40_000_000), "file_too_large"),
        (Limits(text_chars=1000), "file_too_large"),
        (Limits(file_bytes=1000), "file_too_large"),
    ],
)
def test_the_child_is_held_by_each_limit(limits: Limits, code: str) -> None:
    rows = "".join(f"<tr><td>{number}" + "<td>x" * 40 for number in range(30_000))
    with pytest.raises(Refusal) as refused:
        read_table(f"<html><table>{rows}</table>".encode(), "慢.xls", limits=limits)
    assert refused.value.code == code


def test_the_operating_system_holds_the_child(tmp_path: Path) -> None:
    script = tmp_path / "told.py"
    script.write_text(
        "import json, os, resource as r, sys\n"
        "names = ('RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_CORE')\n"
        "told = {name: r.getrlimit(getattr(r, name)) for name in names}\n"
        "sys.stdout.write(json.dumps([told, dict(os.environ), 'django' in sys.modules]))\n"
    )
    answer = run_contained(script, {}, b"", "a.xlsx", Limits(memory_bytes=200_000_000, cpu_seconds=3))
    told, environment, has_django = json.loads(answer)
    assert told == {"RLIMIT_AS": [200_000_000] * 2, "RLIMIT_CPU": [3, 4], "RLIMIT_CORE": [0, 0]}
    assert (set(environment) - {"LC_CTYPE"}, has_django) == (set(), False)


def test_a_hundred_thousand_rows_are_read() -> None:
    lines = "".join(f"{number},x\n" for number in range(100_000))
    (sheet,) = read_table(("编号,值\n" + lines).encode("gb18030"), "a.csv").sheets
    assert (len(sheet.rows), sheet.rows[-1]) == (100_001, ["99999", "x"])


def test_cells_keep_their_types_and_their_places() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C4"], sheet["D4"], sheet["E4"], sheet["F4"] = "001", 1.5, True, date(2025, 3, 1)
    sheet["B6"], sheet["C6"] = datetime(2025, 3, 1, 8, 30), 350521199003070013
    book.create_sheet("字典").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    visible, hidden = read_table(out.getvalue(), "a.xlsx").sheets
    assert visible.rows == [
        [], [], [], [None, None, "001", 1.5, True, date(2025, 3, 1)], [],
        [None, datetime(2025, 3, 1, 8, 30), 3.5052119900307e17],
    ]  # fmt: skip
    assert (visible.hidden, hidden.hidden, hidden.name) == (False, True, "字典")
    assert isinstance(visible.rows[5][2], float)  # a number-typed ID is told from text


def test_formulas_without_a_result_are_named() -> None:
    data = plain_xlsx([["姓名", "人数"], ["张三", "=1+1"], ["=A2", "写着=1的文字"]], title="名单 & 表")
    (sheet,) = read_table(data, "a.xlsx").sheets
    assert sheet.unread_formulas == {"B2", "A3"}
    assert sheet.rows[1] == ["张三"]


def test_a_formula_with_a_result_reads_as_its_result() -> None:
    (sheet,) = read_table(with_rows(b'<row r="3"><c r="A3"><f>1+1</f><v>2</v></c></row>'), "a.xlsx").sheets
    assert sheet.unread_formulas == frozenset()
    assert sheet.rows[2] == [2.0]


def test_formatted_empty_cells_far_out_do_no_harm() -> None:
    data = with_rows(b'<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    data = data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert len(read_table(data, "a.xlsx").sheets[0].rows) == 2


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        ("姓名,证件\r\n张三,\"1,2\n3\"\r\n".encode("utf-8-sig"), "a.csv", "csv"),
        ("姓名,证件\r\n张三,\"1,2\n3\"\r\n".encode("gb18030"), "a.csv", "csv"),
        ("姓名\t证件\r\n张三\t\"1,2\n3\"\r\n".encode("gb18030"), "a.xls", "csv"),
        ("姓名\t证件\r\n张三\t\"1,2\n3\"\r\n".encode("utf-16"), "a.xls", "csv"),
        ("<html><table><tr><td>姓名<td>证件<tr><td>张三<td>1,2<br>3</table>".encode("gb18030"), "a.xls", "html"),
        ("<meta charset=gbk><style>td{}</style><table><tr><th>姓名</th><th>证件</th></tr>"
         "<tr><td>张三</td><td>1,2<br>3</td></tr></table>".encode(), "a.xlsx", "html"),
    ],
)  # fmt: skip
def test_the_bytes_say_what_it_is_not_the_name(data: bytes, name: str, kind: str) -> None:
    book = read_table(data, name)
    assert (book.kind, book.sheets[0].rows) == (kind, [["姓名", "证件"], ["张三", "1,2\n3"]])


def test_rare_characters_survive_both_encodings() -> None:
    names = ["㛃", "䶮", "𬱖", "𫖯", "𠮷"]
    for encoding in ("utf-8", "gb18030"):
        assert read_table(",".join(names).encode(encoding), "a.csv").sheets[0].rows == [names]


def test_a_merged_cell_of_a_page_takes_its_columns() -> None:
    data = b"<table><tr><td colspan=3>a<td>b<tr><td colspan=99999999>c</table>"
    assert read_table(data, "a.xls").sheets[0].rows == [["a", None, None, "b"], ["c"]]


def test_a_locked_workbook_opens_with_its_password_only() -> None:
    assert isinstance(read_table(locked("引工2025"), "a.xlsx", password="引工2025"), Workbook)
    with pytest.raises(Refusal) as refused:
        read_table(locked("引工2025"), "a.xlsx", password="错")
    assert refused.value.code == "file_encrypted"
    assert "密码不对" in refused.value.message


@pytest.mark.parametrize("most", [9, 99, 100_100, 999_999, 1_000_000, 1_048_575])
def test_a_limit_of_any_length_is_kept_to_the_row(most: int) -> None:
    def told(row: int) -> str:
        data = with_rows(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>'.encode())
        try:
            inspect_zip(data, "a.xlsx", Limits(rows=most))
        except Refusal as refusal:
            return refusal.code
        return ""

    assert [told(row) for row in (most, most + 1, 1_048_576)] == ["", "file_too_long", "file_too_long"]


def test_limits_are_parameters() -> None:
    data = plain_xlsx([["x"]] * 30)
    assert len(read_table(data, "a.xlsx", limits=Limits(rows=30)).sheets[0].rows) == 30
    with pytest.raises(Refusal) as refused:
        read_table(data, "a.xlsx", limits=Limits(rows=29))
    assert refused.value.code == "file_too_long"


@pytest.mark.parametrize("name", ["../../etc/passwd\n.xlsx", "C:\\a\\b.xlsx", "长" * 300 + ".xlsx", "\x00\u202e"])
def test_the_name_in_a_sentence_is_harmless(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_table(b"", name)
    assert len(refused.value.message) < 130
    assert refused.value.message.isprintable()
    assert "/" not in refused.value.message.replace("和", "")


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(7, 2, "B7"), (1, 26, "Z1"), (1, 27, "AA1"), (1048576, 16384, "XFD1048576")]
)
def test_coordinates(row: int, column: int, cell: str) -> None:
    assert coordinate(row, column) == cell
