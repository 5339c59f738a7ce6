"""Where the roster is in a file, and the files that hold none: wrong sheets, printed forms, pages, hostile files."""

import io
from datetime import date

import openpyxl
import pytest

from core.errors import Refusal
from documents.rosters import Roster, RosterKind, columns_of, parse_roster
from tests.documents.hostile_files import HOSTILE, plain_xlsx
from tests.documents.rosters_made import VILLAGES, resident_id, roster_csv, roster_xlsx, row_of, uscc

KINDS: tuple[RosterKind, ...] = ("agency", "individual", "platform")


def parsed(data: bytes, kind: RosterKind = "agency") -> Roster:
    return parse_roster(data, "名单.xlsx", kind=kind, on=date(2025, 11, 24), village_codes=VILLAGES)


def refusal(data: bytes, kind: RosterKind = "agency") -> Refusal:
    with pytest.raises(Refusal) as refused:
        parsed(data, kind)
    return refused.value


def test_title_lines_blank_rows_and_footers() -> None:
    rows = [row_of(1), {}, row_of(2), {"seq": "合计", "name": "2人"}, {"seq": "填表人：王五"}]
    roster = parsed(roster_xlsx(rows, above=[["引进人员花名册"], [], ["单位：某公司"]]))
    assert [row.row for row in roster.rows] == [5, 7]
    assert roster.header_row == 4
    assert roster.errors == ()


def _merged_header() -> bytes:
    """A printed form's header: a merged title line, cells merged downward, two dates under one merged heading."""
    book = openpyxl.load_workbook(io.BytesIO(roster_xlsx([row_of(1)], above=[["引进人员花名册"], []])))
    sheet = book.active
    sheet.insert_rows(4)
    sheet.merge_cells("A1:X1")
    keys = [column.key for column in columns_of("agency")]
    for place, key in enumerate(keys, 1):
        letter = openpyxl.utils.get_column_letter(place)
        if key == "contract_from":
            following = openpyxl.utils.get_column_letter(place + 1)
            sheet[f"{letter}3"], sheet[f"{letter}4"], sheet[f"{following}4"] = "合同起止", "起", "止"
            sheet[f"{following}3"] = None
            sheet.merge_cells(f"{letter}3:{following}3")
        elif key != "contract_to":
            sheet.merge_cells(f"{letter}3:{letter}4")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_merged_header_is_understood() -> None:
    (row,) = parsed(_merged_header()).rows
    assert (row.row, row.errors) == (5, ())
    assert row.values is not None
    assert (row.values.contract_from, row.values.contract_to) == (date(2025, 3, 1), date(2026, 2, 28))


def test_the_printed_form_with_two_dates_in_a_cell_and_a_bare_code() -> None:
    titles = ["序号", "姓名*", "性别", "证件类型", "证件号码（必填）", "是否本区户籍", "手机", "用工企业", "USCC", "岗位（工种）",
              "入职日期", "合同起止", "参保险种", "参保起始年月", "连续缴费月数"]  # fmt: skip
    row = ["1", "李芳伟", "男", "身份证", resident_id(1), "否", "13900000001", "泉州恒源鞋业有限公司", uscc(1), "工人",
           "2025-03-01", "2025-03-01至2026-02-28", "养老", "2025-03", "6"]  # fmt: skip
    (read,) = parsed(plain_xlsx([titles, row])).rows
    assert read.errors == ()
    assert read.values is not None
    assert (read.values.employer_uscc, read.values.contract_to) == (uscc(1), date(2026, 2, 28))
    row[11] = "2025-03-01至2025-02-30"
    (read,) = parsed(plain_xlsx([titles, row])).rows
    assert [(error.column, error.cell) for error in read.errors] == [("contract_to", "L2")]


def test_the_roster_is_found_on_a_later_sheet_and_never_on_a_hidden_one() -> None:
    book = openpyxl.load_workbook(io.BytesIO(roster_xlsx([row_of(1)])))
    book.create_sheet("封面", 0)["A1"] = "说明"
    out = io.BytesIO()
    book.save(out)
    assert parsed(out.getvalue()).sheet == "花名册"
    book["花名册"].sheet_state = "hidden"
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()).code == "roster_no_header"


def test_a_wrong_sheet_says_which_sheets_were_seen() -> None:
    answer = refusal(plain_xlsx([["月份", "产量"], ["3", "100"]], title="产量表"))
    assert answer.code == "roster_no_header"
    assert "“产量表”" in answer.message


def test_missing_columns_are_named_together() -> None:
    answer = refusal(roster_xlsx([row_of(1)], without=["phone", "insured_months", "channel"]))
    assert answer.code == "roster_missing_columns"
    assert "手机、连续缴费月数。" in answer.message
    assert "引进方式" not in answer.message


def test_a_referral_roster_is_no_platform_roster() -> None:
    answer = refusal(roster_xlsx([row_of(1)]), "platform")
    assert (answer.code, "调出企业" in answer.message) == ("roster_missing_columns", True)


def test_a_column_twice_is_refused() -> None:
    titles = [column.title for column in columns_of("agency")]
    answer = refusal(plain_xlsx([[*titles, "身份证号"], ["1"]]))
    assert (answer.code, "身份证号" in answer.message) == ("roster_column_twice", True)


def test_only_a_header_and_too_many_rows() -> None:
    assert refusal(roster_xlsx([])).code == "roster_no_rows"
    assert refusal(roster_csv([row_of(1)] * 5001)).code == "roster_too_long"


@pytest.mark.parametrize("kind", KINDS)
def test_gb18030_csv_and_utf8_csv(kind: RosterKind) -> None:
    for encoding in ("gb18030", "utf-8-sig", "utf-8"):
        assert len(parsed(roster_csv([row_of(seq, kind) for seq in (1, 2)], kind, encoding), kind).rows) == 2
        assert parsed(roster_csv([row_of(1, kind)], kind, encoding), kind).errors == ()


def test_an_xls_that_is_a_web_page() -> None:
    columns = columns_of("agency")
    cells = row_of(1)
    page = "<html><meta charset=gb2312><table border=1><tr>" + "".join(f"<td>{c.title}</td>" for c in columns)
    page += "</tr><tr>" + "".join(f"<td style='mso-number-format:\"\\@\"'>{cells[c.key]}</td>" for c in columns)
    (row,) = parsed((page + "</tr></table></html>").encode("gb18030")).rows
    assert row.errors == ()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_roster_is_refused_as_the_reader_refuses_it(what: str) -> None:
    make, code = HOSTILE[what]
    answer = refusal(make())
    # A roster's own bounds are tighter, so what is too long for it may also be found by another of them.
    assert answer.code == code or {answer.code, code} == {"file_too_long", "file_too_large"}
    assert "请" in answer.message
