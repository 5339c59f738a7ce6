"""The door for spreadsheets, outward: text stays text, bytes repeat, a bad cell is named."""

import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import pytest

from core.errors import Refusal
from documents.spreadsheets import ColumnSpec, SheetSpec, read_table, stream_workbook, write_workbook

HOSTILE_NAMES = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '引号"逗号,换行\n制表\t', "㛃䶮𬱖𫖯", "_x0041_", "<b>&amp;", "{=1}",
    "http://example.org", "'单引号", "0012", "350521199003070013", " 前后空格 ",
]  # fmt: skip


def one_column(values: list[object], kind: str = "text") -> bytes:
    columns = [ColumnSpec(title="值", kind=kind)]  # type: ignore[arg-type]
    return write_workbook([SheetSpec(name="明细", columns=columns, rows=[[value] for value in values])])


def test_hostile_names_come_back_as_they_were_and_never_as_formulas() -> None:
    data = one_column(list(HOSTILE_NAMES))
    assert [row[0] for row in read_table(data, "a.xlsx").sheets[0].rows[1:]] == HOSTILE_NAMES
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2)]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


def test_equal_rows_make_equal_bytes() -> None:
    def made() -> bytes:
        columns = [ColumnSpec(title="户名"), ColumnSpec(title="金额", kind="yuan"), ColumnSpec(title="日", kind="date")]
        rows = ([f"第{number}人", number * 100, date(2025, 11, 24)] for number in range(300))
        return write_workbook([SheetSpec(name="明细", columns=columns, rows=rows, heading=["标题", "说明"])])

    assert made() == made()


def test_money_is_a_number_or_text_as_the_column_says() -> None:
    columns = [
        ColumnSpec(title="数", kind="yuan"),
        ColumnSpec(title="文", kind="yuan_text"),
        ColumnSpec(title="人", kind="integer"),
    ]
    data = write_workbook([SheetSpec(name="明细", columns=columns, rows=[[123456, 123456, 7], [50, 50, None]])])
    assert read_table(data, "a.xlsx").sheets[0].rows[1:] == [[1234.56, "1234.56", 7], [0.5, "0.50"]]


def test_heading_header_widths_and_freeze() -> None:
    spec = SheetSpec(name="明细", columns=[ColumnSpec(title="户名", width=30)], rows=[["张三"]], heading=["总标题"])
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook([spec]))).active
    assert [row[0].value for row in sheet.iter_rows()] == ["总标题", "户名", "张三"]
    assert sheet.freeze_panes == "A3"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    assert not sheet.merged_cells.ranges


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("a\x07b", "text", "cell_control_character"),
        ("\ud800", "text", "cell_control_character"),
        ("长" * 32_768, "text", "cell_too_long"),
        ("𬱖" * 16_384, "text", "cell_too_long"),
        (3, "text", "cell_type"),
        ("3", "yuan", "cell_type"),
        (3.5, "yuan", "cell_type"),
        (True, "integer", "cell_type"),
        ("2025-01-01", "date", "cell_type"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_with_its_cell(value: object, kind: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        one_column([None, value], kind)
    assert refused.value.code == code
    assert "“明细”单元格A3" in refused.value.message


def test_the_longest_text_fits() -> None:
    assert read_table(one_column(["长" * 32_767]), "a.xlsx").sheets[0].rows[1] == ["长" * 32_767]


@pytest.mark.parametrize("name", ["", "名" * 32, "a/b", "a:b", "[a]", "'a"])
def test_sheet_names_that_excel_refuses(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        write_workbook([SheetSpec(name=name, columns=[], rows=[])])
    assert refused.value.code == "sheet_name"


def test_a_cell_that_cannot_be_written_is_answered_for_and_the_rest_goes_on() -> None:
    odd: list[str] = []

    def answer(refusal: Refusal) -> str:
        odd.append(refusal.code)
        return "（无法写入）"

    columns = [ColumnSpec(title="户名"), ColumnSpec(title="金额", kind="yuan")]
    rows = [["甲\x07", 100], ["乙", "五元"], ["丙", 300]]
    data = write_workbook([SheetSpec(name="明细", columns=columns, rows=rows, odd=answer)])
    assert read_table(data, "a.xlsx").sheets[0].rows[1:] == [["（无法写入）", 1], ["乙", "（无法写入）"], ["丙", 3]]
    assert odd == ["cell_control_character", "cell_type"]


def test_a_later_sheet_may_tell_what_an_earlier_one_held() -> None:
    seen: list[int] = []

    def counted() -> Iterator[list[object]]:
        for number in range(1_000):
            seen.append(number)
            yield [number]

    def told() -> Iterator[list[object]]:
        yield [len(seen)]

    columns = [ColumnSpec(title="数", kind="integer")]
    first, last = (
        SheetSpec(name=name, columns=columns, rows=rows()) for name, rows in (("表", counted), ("说明", told))
    )
    assert read_table(write_workbook([first, last]), "a.xlsx").sheets[1].rows[1:] == [[1_000]]


def test_days_and_moments_are_dates_of_the_sheet() -> None:
    columns = [ColumnSpec(title="日", kind="date"), ColumnSpec(title="时", kind="moment")]
    moment = datetime(2025, 11, 24, 23, 59, 58)
    data = write_workbook([SheetSpec(name="明细", columns=columns, rows=[[date(2024, 2, 29), moment]])])
    (row,) = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(min_row=2)
    assert [cell.value for cell in row] == [datetime(2024, 2, 29), moment]
    assert [cell.number_format for cell in row] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]


def test_a_long_list_is_written_in_flat_memory() -> None:
    columns = [ColumnSpec(title=str(number)) for number in range(10)]

    def peak(rows: int) -> int:
        sheet = SheetSpec(name="明细", columns=columns, rows=([f"第{n}行"] * 10 for n in range(rows)))
        tracemalloc.start()
        with tempfile.TemporaryFile() as out:
            stream_workbook([sheet], out)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(20_000) < 1.5 * peak(2_000)
