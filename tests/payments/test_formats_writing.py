"""Payment files: what each shipped format writes, byte for byte, and what keeps a row or a batch out of one."""

import io
from hashlib import sha256

import pytest
from openpyxl import load_workbook

from core.errors import Refusal
from documents.spreadsheets import read_table
from payments.formats import Format, Row, carries_controls, faults, format_named, load_formats, write, write_files
from tests.payments.formats_made import FIXED, head, row, sound

ROWS = [row(1), row(2, payee="阿依古丽·买买提", amount_fen=150050, bank_code="", note=""), row(3, amount_fen=1)]
UPPER = "人民币贰仟伍佰元伍角壹分"


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    return {sheet.name: [list(cells) for cells in sheet.rows] for sheet in read_table(data, "a.xlsx").sheets}


def test_three_formats_are_shipped() -> None:
    shipped = load_formats()
    assert {code: (form.kind, form.rows) for code, form in shipped.items()} == {
        "bank-xlsx": ("xlsx", "payee"),
        "bank-gbk-text": ("text", "payee"),
        "treasury-direct": ("xlsx", "claim"),
    }
    assert all(carries_controls(form) and form.result for form in shipped.values())


def test_gbk_text_is_exact() -> None:
    assert write(format_named("bank-gbk-text"), head(ROWS), ROWS) == (
        "H|BF-2025-007|20251124|3|250051\r\n"
        "D|1|BF-2025-007-0001|6222020000000000001|王小明|中国银行泉州分行|104397000001|100000|引工奖补|共1人\r\n"
        "D|2|BF-2025-007-0002|6222020000000000002|阿依古丽·买买提|中国银行泉州分行||150050|引工奖补|\r\n"
        "D|3|BF-2025-007-0003|6222020000000000003|王小明|中国银行泉州分行|104397000001|1|引工奖补|共1人\r\n"
        f"T|3|250051|{UPPER}\r\n"
    ).encode("gbk")


def test_bank_workbook() -> None:
    data = write(format_named("bank-xlsx"), head(ROWS), ROWS)
    read = sheets(data)
    assert list(read) == ["汇总", "明细", "校验"]
    assert read["明细"][0] == [
        "序号", "业务编号", "收款人户名", "证件号码", "收款账号", "开户银行", "联行号", "金额（元）", "用途", "备注",
    ]  # fmt: skip
    assert read["明细"][2] == [
        2, "BF-2025-007-0002", "阿依古丽·买买提", None, "6222020000000000002", "中国银行泉州分行", None, "1500.50", "引工奖补",
    ]  # fmt: skip
    assert len(read["明细"]) == 4, "a total row in 明细 would be paid"
    controls = {line[0]: line[1] for line in read["校验"][1:]}
    assert controls == {
        "批次号": "BF-2025-007", "笔数": "3", "金额合计（元）": "2500.51", "金额合计大写": UPPER,
        "政策版本": "泉台管办规〔2023〕3号", "批次封存SHA-256": "ab" * 32,
    }  # fmt: skip
    assert not load_workbook(io.BytesIO(data))["明细"].merged_cells.ranges
    assert data == write(format_named("bank-xlsx"), head(ROWS), ROWS), "equal input, equal bytes"


def test_treasury_application_is_laid_out_for_paper() -> None:
    sheet = load_workbook(io.BytesIO(write(format_named("treasury-direct"), head(ROWS), ROWS))).active
    assert sheet is not None and sheet["A1"].value == "财政直接支付申请书"
    assert sheet["A2"].value == "申请单位：民生保障局　　　申请日期：2025年11月24日　　　申请书编号：BF-2025-007"
    assert [cell.value for cell in sheet[6]][:5] == [2, "BF-2025-007-0002", "2080701", "30399", "阿依古丽·买买提"]
    assert (sheet["E8"].value, sheet["I8"].value) == ("合计（共3笔）", "2500.51")
    below = [sheet.cell(line, 1).value or "" for line in range(9, sheet.max_row + 1)]
    assert f"申请金额（大写）：{UPPER}　　　（小写）：2500.51元　　　共3笔" in below
    assert sum("（盖章处）" in line for line in below) == 3, "places for seals are left empty, none is drawn"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.page_setup.fitToHeight) == ("$4:$4", 0)
    assert sheet["E6"].alignment.wrap_text and not sheet.merged_cells.ranges


def test_fixed_width_and_its_control_sheet() -> None:
    form, rows = sound(FIXED), [row(1, note=""), row(2, payee="李㛃", amount_fen=234500)]
    payment, control = write_files(form, head(rows), rows)
    lines = payment.data.split(b"\n")
    assert [len(line) for line in lines] == [40, 114, 114], "no line end after the last line, as the file says"
    assert lines[1][92:].decode() == "000000100000" + "NONE      "
    assert lines[2][52:92].decode("gb18030").rstrip(" ") == "李㛃"
    stated = {line[0]: line[1] for line in sheets(control.data)["控制单"][1:]}
    assert stated["支付文件SHA-256"] == sha256(payment.data).hexdigest()
    assert (stated["笔数"], stated["金额合计大写"]) == ("2", "人民币叁仟叁佰肆拾伍元整")
    assert (payment.name, control.name) == ("BF-2025-007-fixed-bank.txt", "BF-2025-007-fixed-bank-控制单.xlsx")


def test_comma_files_quote_what_they_must() -> None:
    form = sound(
        FIXED.replace("rows = 3", "rows = 30")
        .replace('encoding = "gb18030"\nline_end', 'encoding = "utf-8-sig"\nseparator = ","\nquoted = true\ntitles = true\nline_end')
    )  # fmt: skip
    rows = [row(1, payee='福建"引工",有限公司')]
    assert write(form, head(rows), rows).decode("utf-8-sig").split("\n") == [
        "批次BF-2025-007,2025/11/24",
        "编号,账号,户名,金额,附言",
        'BF-2025-007-0001,6222020000000000001,"福建""引工"",有限公司",100000,共1人',
    ]


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"payee": "李㛃"}, "收款人户名", "第2个字（U+36C3）在GBK编码中没有"),
        ({"payee": "𬱖某"}, "收款人户名", "第1个字（U+2CC56）在GBK编码中没有"),
        ({"payee": "王|明"}, "收款人户名", "含有本格式的分隔符"),
        ({"payee": '王"明'}, "收款人户名", "含有引号"),
        ({"payee": "王\n明"}, "收款人户名", "第2个字是换行"),
        ({"payee": "王\u200b明"}, "收款人户名", "看不见的字符"),
        ({"payee": "=cmd"}, "收款人户名", "当作公式"),
        ({"payee": " 王明"}, "收款人户名", "首尾有空格"),
        ({"payee": "长" * 61}, "收款人户名", "超过120个字节（现为122）"),
        ({"payee": ""}, "收款人户名", "未填写"),
        ({"account": "6222 02"}, "收款账号", "应为8至32位数字"),
        ({"account": "1" * 33}, "收款账号", "应为8至32位数字"),
        ({"bank_code": "12"}, "联行号", "应为12位数字"),
        ({"amount_fen": 0}, "金额", "大于零"),
        ({"reference": "BF-2025-007-0001"}, "业务编号", "重复"),
    ],
)
def test_faults_name_row_and_column_never_the_value(changes: dict[str, object], field: str, told: str) -> None:
    rows = [row(1), row(2, **changes), row(3)]
    found = faults(format_named("bank-gbk-text"), rows)
    assert [(fault.seq, fault.field) for fault in found] == [(2, field)]
    assert told in found[0].sentence and found[0].sentence.startswith("第2笔")
    value = str(next(iter(changes.values())))
    assert len(value) < 4 or field == "业务编号" or value not in found[0].sentence
    with pytest.raises(Refusal) as refused:
        write(format_named("bank-gbk-text"), head(rows), rows)
    assert refused.value.code == "format_faults" and list(refused.value.fields) == [f"2:{field}"]


def test_a_head_the_encoding_cannot_carry_is_told_too() -> None:
    form, rows = format_named("bank-gbk-text"), [row(1)]
    found = faults(form, rows, head(rows, number="BF-㛃"))
    assert [(fault.seq, fault.field) for fault in found] == [(0, "number")]
    assert faults(form, rows) == []


@pytest.mark.parametrize(
    ("rows", "changes", "code"),
    [
        ([row(1)], {"channel": "public"}, "format_channel"),
        ([], {}, "format_no_rows"),
        ([row(seq) for seq in range(1, 5)], {}, "format_too_many"),
        ([row(1)], {"total_fen": 1}, "control_total"),
        ([row(1)], {"count": 2}, "control_total"),
        ([row(seq, amount_fen=400000) for seq in range(1, 4)], {}, "format_total"),
        ([row(1, amount_fen=500001)], {}, "format_faults"),
    ],
)
def test_batches_that_a_format_does_not_take(rows: list[Row], changes: dict[str, object], code: str) -> None:
    form: Format = sound(FIXED)
    with pytest.raises(Refusal) as refused:
        write(form, head(rows, **changes), rows)
    assert refused.value.code == code
