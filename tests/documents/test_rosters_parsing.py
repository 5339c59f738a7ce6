"""Rosters in: sound rows become values, every other cell gets its sentence, hostile files are refused whole."""

from collections.abc import Mapping
from datetime import date, datetime

import openpyxl
import pytest

from core.identifiers import IdType
from documents.rosters import Roster, RosterKind, RosterRow, columns_of, parse_roster
from tests.documents.rosters_made import VILLAGES, resident_id, roster_csv, roster_xlsx, row_of, uscc

ON = date(2025, 11, 24)


def parsed(data: bytes, kind: RosterKind = "agency", villages: Mapping[str, str] = VILLAGES) -> Roster:
    return parse_roster(data, "名单.xlsx", kind=kind, on=ON, village_codes=villages)


def one(kind: RosterKind = "agency", **changes: object) -> RosterRow:
    """The row that comes of a sound one with some cells changed."""
    (row,) = parsed(roster_xlsx([row_of(1, kind, **changes)], kind), kind).rows
    return row


def test_three_hundred_workers() -> None:
    roster = parsed(roster_xlsx([row_of(seq) for seq in range(1, 301)]))
    assert (len(roster.rows), roster.errors, roster.sheet, roster.header_row) == (300, (), "花名册", 1)
    assert [row.row for row in roster.rows] == list(range(2, 302))
    assert len({row.values.id_number for row in roster.rows if row.values}) == 300


def test_every_field_of_a_referred_worker() -> None:
    values = one().values
    assert values is not None
    assert {name: getattr(values, name) for name in values.__slots__} == {
        "name": "李芳伟", "id_type": IdType.RESIDENT_ID, "id_number": resident_id(1), "seq": "1", "sex": "male",
        "hukou_address": "福建省泉州市惠安县洛阳镇", "hukou_in_zone": True, "village": "350521104204", "education": "初中",
        "phone": "13900000001", "employer_name": "泉州恒源鞋业有限公司", "employer_uscc": uscc(1), "job": "缝纫工",
        "hire_date": date(2025, 3, 1), "contract_from": date(2025, 3, 1), "contract_to": date(2026, 2, 28),
        "insurance_types": frozenset({"养老", "失业", "工伤"}), "insured_from": date(2025, 3, 1), "insured_months": 8,
        "channel": "劳务对接会", "referral_letter_no": "TJ-001", "signed": True, "still_employed": True, "note": "",
        "lender_name": "", "lender_uscc": "", "lending_to": None, "actual_days": None, "payroll_months": (),
    }  # fmt: skip


def test_the_fields_of_a_lent_worker() -> None:
    values = one("platform").values
    assert values is not None
    assert (values.lender_name, values.lender_uscc) == ("泉州百崎湖食品有限公司", uscc(2))
    assert (values.employer_uscc, values.hire_date, values.lending_to) == (uscc(1), date(2025, 3, 1), date(2025, 4, 30))
    assert (values.actual_days, values.payroll_months) == (60, (date(2025, 3, 1), date(2025, 4, 1)))


def test_a_lent_worker_needs_no_contract_and_no_insurance() -> None:
    bare = dict.fromkeys(("contract_from", "contract_to", "insurance_types", "insured_from", "insured_months"))
    data = roster_xlsx([row_of(1, "platform")], "platform", without=bare)
    assert parsed(data, "platform").errors == ()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("id_number", 350521199003070013, "是数字格式，后几位可能已被Excel改成0"),
        ("id_number", "3.50521E+17", "科学计数法"),
        ("id_number", "35052119900307001３", "全角字符"),
        ("id_number", "350521900307001", "15位身份证号码已停止使用"),
        ("id_number", "350521199003070010", "校验码不对"),
        ("id_number", "=1+1", "是公式，没有保存计算结果"),
        ("id_number", None, "未填写"),
        ("id_number", "830000199201300022", "请把证件类型改为“港澳台居民居住证”"),
        ("id_type", "学生证", "不在可选范围内"),
        ("id_type", None, "未填写"),
        ("employer_uscc", 913505210000000000, "是数字格式"),
        ("employer_uscc", "91350521MA0000000O", "不使用字母I、O、S、V、Z"),
        ("phone", "1380000000", "手机号码应为11位"),
        ("phone", "１３９０００００００１", "全角字符"),
        ("phone", "1.39E+10", "科学计数法"),
        ("name", "张3", "不能有数字"),
        ("name", 123, "应为文字"),
        ("name", "=cmd|' /C calc'!A0", "是公式"),
        ("name", "#REF!", "结果出错"),
        ("name", None, "未填写"),
        ("sex", "未知", "请填“男”或“女”"),
        ("sex", "女", "与证件号码表示的性别不符"),
        ("hukou_in_zone", "也许", "请填“是”或“否”"),
        ("village", "火星村", "不是本区的村或社区"),
        ("village", None, "本区户籍人员须填写"),
        ("education", "幼儿园", "不在可选范围内"),
        ("hire_date", "2025-02-30", "日历上不存在"),
        ("hire_date", "2025-13-01", "日历上不存在"),
        ("hire_date", "25-3-1", "不是可以识别的日期"),
        ("hire_date", "2025-3", "不是可以识别的日期"),
        ("hire_date", "２０２５-03-01", "全角数字"),
        ("hire_date", 45717, "是数字而不是日期"),
        ("hire_date", "0203-03-01", "年份应在"),
        ("hire_date", None, "未填写"),
        ("contract_to", "2024-01-01", "早于合同开始日期"),
        ("insurance_types", "车险", "不认识的险种"),
        ("insured_from", "2025-13", "月份不存在"),
        ("insured_months", "500元", "只填半角数字，不带单位"),
        ("insured_months", "６", "全角数字"),
        ("insured_months", "1,000", "逗号"),
        ("insured_months", "5OO", "只填半角数字"),
        ("insured_months", 2.5, "是数字格式"),
        ("insured_months", "-3", "只填半角数字"),
        ("insured_months", "999999", "不能超过"),
        ("insured_months", True, "应为整数"),
        ("job", "缝\u202e纫", "看不见的字符"),
        ("note", "长" * 201, "超过200个字"),
    ],
)  # fmt: skip
def test_a_faulty_cell_is_named_and_told_what_to_do(column: str, value: object, words: str) -> None:
    row = one(**{column: value})
    assert row.values is None
    (error,) = row.errors
    place = [c.key for c in columns_of("agency")].index(column) + 1
    assert (error.column, error.sheet) == (column, "花名册")
    assert error.cell == f"{openpyxl.utils.get_column_letter(place)}2"
    assert error.message.startswith(f"第2行“{columns_of('agency')[place - 1].title}”：")
    assert words in error.message
    if column in ("id_number", "phone") and value:
        assert str(value)[:8] not in error.message


@pytest.mark.parametrize(
    ("column", "value", "meant"),
    [
        ("hire_date", date(2025, 3, 1), date(2025, 3, 1)),
        ("hire_date", datetime(2025, 3, 1), date(2025, 3, 1)),
        ("hire_date", "2025-03-01", date(2025, 3, 1)),
        ("hire_date", "2025/3/1", date(2025, 3, 1)),
        ("hire_date", "2025.3.1", date(2025, 3, 1)),
        ("hire_date", "2025年3月1日", date(2025, 3, 1)),
        ("hire_date", " 2025 年 3 月 1 日 ", date(2025, 3, 1)),
        ("hire_date", "20250301", date(2025, 3, 1)),
        ("hire_date", 20250301, date(2025, 3, 1)),
        ("hire_date", "2025-03-01 00:00:00", date(2025, 3, 1)),
        ("insured_from", "2025年3月", date(2025, 3, 1)),
        ("insured_from", "202503", date(2025, 3, 1)),
        ("insured_from", 202503, date(2025, 3, 1)),
        ("insured_from", date(2025, 3, 17), date(2025, 3, 1)),
        ("insured_from", "2025-03-17", date(2025, 3, 1)),
        ("insured_months", 6, 6),
        ("insured_months", "0", 0),
        ("contract_to", "无固定期限", None),
        ("insurance_types", "基本养老保险,失业险；工伤", frozenset({"养老", "失业", "工伤"})),
        ("insurance_types", "五险", frozenset({"养老", "失业", "工伤", "医疗", "生育"})),
        ("education", "大专", "大学专科"),
        ("phone", 13900000001, "13900000001"),
        ("id_number", resident_id(1).lower(), resident_id(1)),
        ("village", "350521104204", "350521104204"),
        ("village", "后亭", "350521104204"),
        ("village", "洛阳镇后亭村", "350521104204"),
        ("village", "锦峰社区", "350521105212"),
        ("signed", "李芳伟", True),
        ("signed", "未签", False),
        ("still_employed", None, None),
        ("still_employed", True, True),
        ("name", " 买买提．艾力 ", "买买提·艾力"),
    ],
)  # fmt: skip
def test_what_is_meant_is_understood(column: str, value: object, meant: object) -> None:
    row = one(**{column: value})
    assert row.errors == ()
    assert row.values is not None
    assert getattr(row.values, column) == meant


@pytest.mark.parametrize(
    ("value", "count"),
    [("2025-03至2025-05", 3), ("2024年11月~2025年2月", 4), ("202503 202504", 2), ("2025-03、2025-03", 1)],
)
def test_payroll_months(value: str, count: int) -> None:
    row = one("platform", payroll_months=value)
    assert row.values is not None
    assert len(row.values.payroll_months) == count


@pytest.mark.parametrize("value", ["2025-05至2025-03", "1990-01至2025-01", "两个月", "2", "、"])
def test_payroll_months_that_mean_nothing(value: str) -> None:
    assert [error.column for error in one("platform", payroll_months=value).errors] == ["payroll_months"]


@pytest.mark.parametrize("name", ["㛃䶮𬱖𫖯", "张𠮷", "欧阳㛃", "Anna O'Neil-Smith"])
def test_rare_names_are_kept_as_they_are(name: str) -> None:
    for data in (roster_xlsx([row_of(1, name=name)]), roster_csv([row_of(1, name=name)])):
        (row,) = parsed(data).rows
        assert row.values is not None
        assert row.values.name == name


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", '张"三', "张,三", "张\n三", "+张三", "@张三"])
def test_hostile_names_are_refused_as_names(name: str) -> None:
    (row,) = parsed(roster_csv([row_of(1, name=name)])).rows
    assert [error.column for error in row.errors] == ["name"]


def test_people_from_elsewhere_need_no_village() -> None:
    row = one(hukou_in_zone="否", village="四川省某村")
    assert row.values is not None
    assert (row.values.hukou_in_zone, row.values.village) == (False, None)


def test_other_documents() -> None:
    permit = {"id_type": "港澳台居民居住证", "id_number": "830000199201300022", "sex": None}
    passport = {"id_type": "护照", "id_number": "E12345678", "sex": None}
    assert [row.values and row.values.id_type for row in (one(**permit), one(**passport))] == [
        IdType.RESIDENCE_PERMIT, IdType.PASSPORT,
    ]  # fmt: skip


def test_the_second_row_of_one_person_names_the_first() -> None:
    roster = parsed(roster_xlsx([row_of(1), row_of(2), row_of(1, name="王小明")]))
    assert [len(row.errors) for row in roster.rows] == [0, 0, 1]
    assert "与第2行相同" in roster.rows[2].errors[0].message


def test_a_row_tells_all_its_faults_at_once() -> None:
    row = one(phone="1", insured_months="500元", hire_date="昨天")
    assert [error.column for error in row.errors] == ["phone", "hire_date", "insured_months"]


def test_lender_and_borrower_are_two_enterprises() -> None:
    assert [error.column for error in one("platform", lender_uscc=uscc(1)).errors] == ["employer_uscc"]


def test_values_do_not_print_personal_data() -> None:
    row = one()
    assert resident_id(1) not in repr(row)
    assert "13900000001" not in repr(row)
