"""Answer files of banks: read by title or by place, in any encoding they come in; refused by file, parked by row."""

import codecs
import io
from dataclasses import replace

import pytest
from openpyxl import Workbook

from core.errors import Refusal
from documents.spreadsheets import ColumnSpec, SheetSpec, write_workbook
from payments.formats import Answer, format_named, load_formats, read_answer
from tests.payments.formats_made import FIXED, sound

TITLES = ("序号", "业务编号", "收款人户名", "金额（元）", "处理结果", "失败原因")
TEXT = "H|BF|20251124|2|300\r\nD|BF-1|100|S|\r\nD|BF-2|200|F|账户已销户\r\nT|2|300\r\n"


def book(*rows: tuple[object, ...], kinds: str = "", name: str = "回单", titles: tuple[str, ...] = TITLES) -> SheetSpec:
    """A sheet of an answer; `kinds` makes the amount a number."""
    columns = [ColumnSpec(title=title, kind="yuan" if title == kinds else "text") for title in titles]
    return SheetSpec(name=name, columns=columns, rows=rows, heading=("某某银行回单", "批次：BF-2025-007"))


def short(answer: Answer) -> list[tuple[object, ...]]:
    return [(row.reference, row.amount_fen, row.outcome, row.reason_code, row.where) for row in answer.rows]


def read(data: bytes, code: str = "bank-xlsx") -> Answer:
    return read_answer(format_named(code), data, "回单.xlsx")


def test_workbook_by_titles() -> None:
    rows = [
        ("1", "BF-1", "王", "1,000.00", "成功", None),
        ("2", "BF-2", "李", "20.5", "失败", "收款账号 6222020000000000123 户名不符"),
        ("3", "BF-3", "赵", "30", "退票", "对方行退回"),
        ("4", "BF-4", "钱", "40", "处理中", None),
        (None, None, None, None, None, None),
        (None, "合计", None, "1090.50", None, None),
        (None, None, "制表：某某", None, None, None),
    ]
    answer = read(write_workbook([SheetSpec(name="说明", columns=(), rows=(), heading=("说明",)), book(*rows)]))
    assert short(answer) == [
        ("BF-1", 100000, "settled", "", "回单!B4"),
        ("BF-2", 2050, "returned", "holder_differs", "回单!B5"),
        ("BF-3", 3000, "returned", "other", "回单!B6"),
        ("BF-4", 4000, "unknown", "", "回单!B7"),
    ]
    assert (answer.total_fen, answer.count) == (109050, None)
    assert answer.rows[1].reason == "收款账号 ****0123 户名不符", "a whole account is kept nowhere in the clear"


def test_numbers_two_sheets_and_other_names_of_titles() -> None:
    titles = ("业务流水号", "交易金额", "交易状态")
    good = book(("BF-1", 10001, "交易成功"), ("合计", 10001, None), kinds="交易金额", name="成功", titles=titles)
    bad = book(("BF-2", 3, "交易失败"), ("合计", 3, None), kinds="交易金额", name="失败", titles=titles)
    answer = read(write_workbook([good, bad]))
    assert short(answer) == [
        ("BF-1", 10001, "settled", "", "成功!A4"),
        ("BF-2", 3, "returned", "other", "失败!A4"),
    ]
    assert answer.total_fen == 10004, "each sheet states its own total"


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_text_by_place_in_any_encoding(encoding: str, line_end: str) -> None:
    answer = read(TEXT.replace("\r\n", line_end).encode(encoding), "bank-gbk-text")
    assert short(answer) == [
        ("BF-1", 100, "settled", "", "第2行"),
        ("BF-2", 200, "returned", "account_closed", "第3行"),
    ]
    assert (answer.total_fen, answer.count) == (300, 2)


def test_csv_of_the_workbook_format() -> None:
    text = '业务编号,金额,状态,原因\nBF-1,100,成功,\n"BF,2",5,失败,"冻结,\n止付"\n'
    answer = read(text.encode("gb18030"))
    assert short(answer) == [
        ("BF-1", 10000, "settled", "", "第2行"),
        ("BF,2", 500, "returned", "account_frozen", "第3行"),
    ]
    assert answer.rows[1].reason == "冻结, 止付"


def fixed(reference: str, amount: int, outcome: str, reason: str) -> bytes:
    said = reason.encode("gb18030")
    return f"D{reference:20}{amount:012}{outcome}".encode() + said + b" " * (20 - len(said)) + b"\n"


def test_fixed_width() -> None:
    form = sound(FIXED)
    lines = b"head\n" + fixed("BF-1", 5, "Y", "") + fixed("BF-2", 67890, "N", "账户冻结") + b"T000002000000067895\n"
    answer = read_answer(form, lines, "a.txt")
    assert short(answer) == [
        ("BF-1", 5, "settled", "", "第2行"),
        ("BF-2", 67890, "returned", "account_frozen", "第3行"),
    ]
    assert (answer.total_fen, answer.count) == (67895, 2)
    for broken in (
        lines.replace(b"BF-2 ", b"BF-2"),
        lines.replace(b"T000002", b"T00002"),
        lines.replace(b"N\xd5", b"\xd5N"),
    ):
        with pytest.raises(Refusal) as refused:
            read_answer(form, broken, "a.txt")
        assert refused.value.code in ("answer_line_width", "answer_encoding") and "第" in refused.value.message


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("BF-1", "5OO", "成功"), "回单!B4的金额无法读取"),
        (("BF-1", "1,00", "成功"), "回单!B4的金额无法读取"),
        (("BF-1", "１００", "成功"), "回单!B4的金额无法读取"),
        (("BF-1", "-5", "退票"), "回单!B4的金额无法读取"),
        (("BF-1", "0", "成功"), "回单!B4的金额无法读取"),
        (("BF-1", "1e3", "成功"), "回单!B4的金额无法读取"),
        (("BF-1", None, "成功"), "回单!B4的金额无法读取"),
        ((None, "5", "成功"), "回单!A4没有业务编号"),
        (("B" * 61, "5", "成功"), "回单!A4的业务编号应为文本"),
        (("BF-1", "5", "成功？"), "回单!C4的处理结果不在"),
        (("BF-1", "5", None), "回单!C4没有处理结果"),
    ],
)
def test_a_row_that_cannot_be_believed_is_parked(cells: tuple[object, ...], told: str) -> None:
    data = write_workbook([book(cells, ("BF-2", "7", "成功"), titles=("业务编号", "金额", "状态"))])
    first, second = read(data).rows
    assert first.outcome == "unknown" and first.fault == first.reason and told in first.fault
    assert first.amount_fen is None and first.reason_code == ""
    assert (second.outcome, second.fault) == ("settled", "")


def text(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new).encode("gbk")


@pytest.mark.parametrize(
    ("data", "code", "told"),
    [
        (b"", "file_empty", "空的"),
        (b"%PDF-1.7", "file_type_unknown", "不是可以识别"),
        (text("T|2|300\r\n", ""), "answer_truncated", "没有合计行"),
        (text("D|BF-1|100|S|\r\nD|BF-2|200|F|账户已销户\r\n", ""), "answer_empty", "没有任何明细"),
        (text("D|BF-1", "X|BF-1"), "answer_line_unknown", "第2行的行标志"),
        (text("D|BF-1", "|BF-1"), "answer_line_unknown", "第2行的行标志"),
        (text("T|2|300", "T|2|300\r\nD|BF-3|1|S|"), "answer_after_total", "第5行在合计行之后"),
        (text("T|2|300", "T|2|300\r\nT|2|300"), "answer_totals_twice", "第5行是第二个合计行"),
        (text("T|2|300", "T|2|3.0"), "answer_total_unread", "第4行的合计"),
        (text("T|2|300", "T|x|300"), "answer_total_unread", "第4行的合计"),
        (text("BF-2|", "BF\x07|"), "answer_control_character", "第3行含有控制字符"),
        (TEXT.encode("utf-16"), "answer_encoding", "第1行"),
        (text("H|BF", "H|\0"), "answer_control_character", "第1行"),
        (TEXT.encode("gbk") + b"\xff\xff", "answer_encoding", "第5行的文字不是UTF-8或GB18030编码"),
    ],
)
def test_a_text_file_that_is_not_the_format_is_refused(data: bytes, code: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(data, "bank-gbk-text")
    assert refused.value.code == code and told in refused.value.message


def test_workbooks_that_are_not_the_format_are_refused() -> None:
    other = write_workbook([book(("x",), titles=("姓名",))])
    twice = write_workbook([book(("BF-1", "1", "成功", "失败"), titles=("业务编号", "金额", "状态", "状态"))])
    after = write_workbook([book(("合计", "1", None), ("BF-1", "1", "成功"), titles=("业务编号", "金额", "状态"))])
    for data, code, told in [
        (other, "answer_header_missing", "“业务编号”、“金额（元）”、“处理结果”"),
        (twice, "answer_header_twice", "回单!D3的列名重复"),
        (after, "answer_after_total", "回单!A5在合计行之后"),
    ]:
        with pytest.raises(Refusal) as refused:
            read(data)
        assert refused.value.code == code and told in refused.value.message


def test_hidden_sheets_and_formulas_without_a_result() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (("业务编号", "金额", "状态"), ("BF-1", 5, "成功"), ("BF-2", "=1+1", "成功")):
        sheet.append(line)
    book.create_sheet("空表").sheet_state = "hidden"

    def saved() -> bytes:
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    first, second = read(saved()).rows
    assert (first.amount_fen, first.outcome, first.fault) == (500, "settled", "")
    assert (second.amount_fen, second.outcome) == (None, "unknown")
    assert second.fault == "Sheet!B3是公式，没有计算结果，请用Excel打开并保存后再导入。"
    book.create_sheet("明细")
    book.move_sheet("明细", -2)
    book["明细"].append(("业务编号", "金额", "状态"))
    sheet.sheet_state = "hidden"
    with pytest.raises(Refusal) as refused:
        read(saved())
    assert refused.value.code == "answer_sheet_hidden" and "隐藏的工作表“Sheet”" in refused.value.message


def test_quoted_text() -> None:
    form = sound(
        FIXED.replace("widths = [1, 20, 12, 1, 20]\ntotal_widths = [1, 6, 12]", 'separator = ","\nquoted = true')
    )
    lines = 'head\nD,"BF,""1",5,Y,\nD,BF-2,6,n,"冻结,\n止付"\nT,2,11\n'
    answer = read_answer(form, lines.encode("gb18030"), "a.txt")
    assert short(answer)[:1] == [('BF,"1', 5, "settled", "", "第2行")]
    assert (answer.total_fen, answer.count) == (11, 2)
    assert (answer.rows[1].reason_code, answer.rows[1].where) == ("account_frozen", "第4行")
    for broken, code in ((lines[:-10], "answer_quotes"), (lines.replace("Y", "Y\x07"), "answer_control_character")):
        with pytest.raises(Refusal) as refused:
            read_answer(form, broken.encode("gb18030"), "a.txt")
        assert refused.value.code == code


def test_a_format_without_result_reads_nothing() -> None:
    with pytest.raises(Refusal) as refused:
        read_answer(replace(format_named("bank-xlsx"), result=None), b"x", "a.txt")
    assert refused.value.code == "format_without_result"


def test_a_mark_at_the_start_of_a_file_is_no_part_of_the_first_line() -> None:
    for form in load_formats().values():
        with pytest.raises(Refusal):
            read_answer(form, codecs.BOM_UTF8, "空.txt")
