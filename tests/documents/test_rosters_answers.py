"""Rosters out: the template fills and reads back; the result workbook and the failed rows can be uploaded again."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from core.errors import Refusal
from documents.rosters import (
    Roster,
    RosterKind,
    columns_of,
    failed_rows_workbook,
    parse_roster,
    result_workbook,
    roster_template,
)
from documents.spreadsheets import read_table
from tests.documents.hostile_files import SHEET, parts_of, plain_xlsx, zipped
from tests.documents.rosters_made import VILLAGES, resident_id, roster_csv, roster_xlsx, row_of

ON = date(2025, 11, 24)
KINDS: tuple[RosterKind, ...] = ("agency", "individual", "platform")


def parsed(data: bytes, kind: RosterKind = "agency") -> Roster:
    return parse_roster(data, "名单.xlsx", kind=kind, on=ON, village_codes=VILLAGES)


def words(roster: Roster) -> dict[int, str]:
    return {row.row: "；".join(error.message for error in row.errors) or "通过" for row in roster.rows}


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_filled_in_reads_back(kind: RosterKind) -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template(kind, ["后亭村委会", "洛阳村委会"])))
    sheet = book["花名册"]
    for seq in (1, 2, 3):
        cells = row_of(seq, kind)
        sheet.append([cells[column.key] for column in columns_of(kind)])
    out = io.BytesIO()
    book.save(out)
    roster = parsed(out.getvalue(), kind)
    assert [row.row for row in roster.rows] == [3, 4, 5]  # the example in row 2 is nobody
    assert roster.errors == ()


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_the_template_is_itself_sound(kind: RosterKind) -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_template(kind)))
    sheet = book["花名册"]
    sheet["A2"] = "1"
    village = [column.key for column in columns_of(kind)].index("village") + 1
    sheet.cell(2, village).value = "后亭村委会"
    out = io.BytesIO()
    book.save(out)
    roster = parsed(out.getvalue(), kind)
    assert (len(roster.rows), roster.errors) == (1, ())


def test_the_template_has_lists_text_columns_and_an_explanation() -> None:
    villages = [f"第{number}村委会" for number in range(78)]  # more than a rule itself could hold
    book = openpyxl.load_workbook(io.BytesIO(roster_template("agency", villages)))
    assert (book.sheetnames, book["字典"].sheet_state) == (["花名册", "字典", "填写说明"], "hidden")
    sheet = book["花名册"]
    titles = [cell.value for cell in sheet[1]]
    assert titles == [column.title for column in columns_of("agency")]
    rules = {
        str(area).rstrip("0123456789") for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges
    }
    for title in ("性别", "证件类型", "是否本区户籍", "所属村（社区）", "文化程度", "员工本人签名", "是否在职"):
        letter = openpyxl.utils.get_column_letter(titles.index(title) + 1)
        assert f"{letter}2:{letter}" in rules
    for title in ("证件号码", "手机", "用工企业统一社会信用代码"):
        assert sheet.column_dimensions[openpyxl.utils.get_column_letter(titles.index(title) + 1)].number_format == "@"
    explained = {row[0].value for row in book["填写说明"].iter_rows(min_row=6)}
    assert explained == set(titles)


def mixed(kind: RosterKind = "agency") -> bytes:
    rows = [
        row_of(1, kind),
        row_of(2, kind, phone="１３９"),
        row_of(3, kind, id_number=350521199003070013),
        row_of(4, kind),
    ]
    return roster_xlsx(rows, kind, above=[["标题"]])


def test_the_same_workbook_comes_back_with_a_result_column() -> None:
    data = mixed()
    roster = parsed(data)
    answer = result_workbook(data, "名单.xlsx", words(roster), cells=[error.cell for error in roster.errors])
    sheet = openpyxl.load_workbook(io.BytesIO(answer))["花名册"]
    column = len(columns_of("agency")) + 1
    assert [sheet.cell(row, column).value for row in (2, 3, 6)] == ["校验结果", "通过", "通过"]
    assert "第4行“手机”" in sheet.cell(4, column).value
    red = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.start_color.rgb == "FFF4CCCC"]
    assert red == [roster.rows[1].errors[0].cell, sheet.cell(4, column).coordinate,
                   roster.rows[2].errors[0].cell, sheet.cell(5, column).coordinate]  # fmt: skip
    assert words(parsed(answer)) == words(roster)  # and it can be uploaded again


def test_a_second_result_takes_the_place_of_the_first() -> None:
    data = mixed()
    first = result_workbook(data, "名单.xlsx", {3: "旧的"})
    second = result_workbook(first, "名单.xlsx", {3: "新的"})
    titles = read_table(second, "a.xlsx").sheets[0].rows[1]
    assert titles.count("校验结果") == 1
    assert "新的" in read_table(second, "a.xlsx").sheets[0].rows[2]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_csv_comes_back_as_a_workbook(encoding: str) -> None:
    data = roster_csv([row_of(1, note="=1+1"), row_of(2, phone="1")], encoding=encoding)
    roster = parsed(data)
    answer = result_workbook(data, "名单.csv", words(roster))
    rows = read_table(answer, "a.xlsx").sheets[0].rows
    assert [row[-1] for row in rows] == ["校验结果", "通过", words(roster)[3]]
    assert words(parsed(answer)) == words(roster)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(answer)).read(SHEET)


def test_a_workbook_that_openpyxl_cannot_load_still_gets_its_answer() -> None:
    data = roster_xlsx([row_of(1)])
    parts = parts_of(data)
    broken = zipped(parts | {"xl/styles.xml": b"<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"})
    answer = result_workbook(broken, "名单.xlsx", {2: "通过"})
    assert [row[-1] for row in read_table(answer, "a.xlsx").sheets[0].rows] == ["校验结果", "通过"]


def test_a_merge_over_the_whole_sheet_does_not_stop_the_answer() -> None:
    data = roster_xlsx([row_of(1)])
    parts = parts_of(data)
    parts[SHEET] = parts[SHEET].replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>'
    )
    answer = result_workbook(zipped(parts), "名单.xlsx", {2: "通过"})
    assert [row[-1] for row in read_table(answer, "a.xlsx").sheets[0].rows] == ["校验结果", "通过"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_failed_rows_alone_can_be_mended_and_uploaded(kind: RosterKind) -> None:
    data = mixed(kind)
    roster = parsed(data, kind)
    failed = {row.row: words(roster)[row.row] for row in roster.rows if row.errors}
    again = failed_rows_workbook(data, "名单.xlsx", failed, kind=kind)
    second = parsed(again, kind)
    assert [[error.column for error in row.errors] for row in second.rows] == [["phone"], ["id_number"]]
    book = openpyxl.load_workbook(io.BytesIO(again))
    sheet = book["花名册"]
    places = {column.key: place for place, column in enumerate(columns_of(kind), 1)}
    assert sheet.cell(3, places["id_number"]).value is None  # a number that lost its digits is not handed on as text
    assert sheet.cell(2, len(places) + 1).value == failed[4]
    sheet.cell(2, places["phone"]).value = "13900000002"
    sheet.cell(3, places["id_number"]).value = resident_id(3)
    out = io.BytesIO()
    book.save(out)
    mended = parsed(out.getvalue(), kind)
    assert (len(mended.rows), mended.errors) == (2, ())


def test_failed_rows_of_a_file_without_a_roster() -> None:
    for call in (
        lambda data: result_workbook(data, "a.xlsx", {}),
        lambda data: failed_rows_workbook(data, "a.xlsx", {}, kind="agency"),
    ):
        with pytest.raises(Refusal) as refused:
            call(plain_xlsx())
        assert refused.value.code == "roster_no_header"
