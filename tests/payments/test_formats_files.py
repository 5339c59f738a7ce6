"""Format files: a wrong one is told at the start with file and key; a bank is added by a file, without code."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import Refusal
from payments.formats import format_named, format_problems, load_formats, read_answer, read_format, write
from payments.formats.loading import SHIPPED
from project.checks import check_payment_formats
from tests.payments.formats_made import FIXED, folder_with, head, row


def test_a_bank_is_added_by_a_file(tmp_path: Path, settings: Any) -> None:
    settings.FORMATS_DIRS = [folder_with(tmp_path, fixed=FIXED)]
    assert set(load_formats()) == {"bank-xlsx", "bank-gbk-text", "treasury-direct", "fixed-bank"}
    assert check_payment_formats(None) == []
    form, rows = format_named("fixed-bank"), [row(1), row(2)]
    written = write(form, head(rows), rows).decode("gb18030").split("\n")
    assert written[0] == "批次BF-2025-007" + " " * 15 + "2025/11/24"
    assert written[2].startswith("BF-2025-007-0002    6222020000000000002 ")
    line = "D" + written[2][:20] + "000000100000" + "Y" + " " * 20
    answer = read_answer(form, f"head\n{line}\nT000001000000100000".encode(), "a.txt")
    assert [(got.reference, got.amount_fen, got.outcome) for got in answer.rows] == [
        ("BF-2025-007-0002", 100000, "settled")
    ]


def test_a_wrong_file_is_told_and_the_others_go_on(tmp_path: Path, settings: Any) -> None:
    wrong = (
        FIXED.replace('value = "payee"', 'value = "pay"').replace("rows = 3", "rows = 0").replace("[limits]", "[limit]")
    )
    other = FIXED.replace("fixed-bank", "bank-xlsx")
    folder_with(tmp_path, wrong=wrong, broken="code = ", other=other, sound=FIXED)
    (tmp_path / "gbk.toml").write_bytes("label = '银行'".encode("gbk"))
    settings.FORMATS_DIRS = [tmp_path, tmp_path / "missing"]
    assert "fixed-bank" in load_formats()
    told = [(problem.file, problem.key) for problem in format_problems()]
    assert told == [
        ("broken.toml", ""),
        ("gbk.toml", ""),
        ("other.toml", "code"),
        ("wrong.toml", "columns[3].value"),
        ("wrong.toml", "limit"),
        ("wrong.toml", "columns"),
        ("missing", ""),
    ]
    errors = check_payment_formats(None)
    assert [error.id for error in errors] == ["yingong.E007"] * 7
    assert "wrong.toml [columns[3].value]: 应为seq、" in errors[3].msg and errors[3].hint
    with pytest.raises(Refusal) as refused:
        format_named("wrong")
    assert refused.value.code == "format_unknown"


def changed(old: str, new: str, text: str = FIXED) -> str:
    assert old in text
    return text.replace(old, new, 1)


BANK = (SHIPPED / "bank-xlsx.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        (changed('code = "fixed-bank"', ""), "code", "缺少此项"),
        (changed("fixed-bank", "Fixed bank"), "code", "小写字母"),
        (changed('kind = "text"', 'kind = "csv"'), "kind", "xlsx、text之一"),
        (changed('["private"]', '["both"]'), "channels", "public"),
        (changed('["private"]', "[]"), "channels", "不得为空"),
        (changed('rows = "claim"', 'rows = "line"'), "rows", "payee、claim之一"),
        (changed('"fen"\ndates', '"cent"\ndates'), "amount_unit", "yuan、fen之一"),
        (changed("YYYY/MM/DD", "DD.MM.YYYY"), "dates", "YYYYMMDD"),
        (changed("rows = 3", "rows = true"), "limits.rows", "整数"),
        (changed("rows = 3", "rows = -3"), "limits.rows", "之间"),
        (changed('"gb18030"\nline', '"latin-1"\nline'), "text.encoding", "gbk"),
        (changed('line_end = "lf"', 'line_end = "cr"'), "text.line_end", "crlf、lf之一"),
        (changed('line_end = "lf"', 'separator = "a"'), "text.separator", "半角符号"),
        (changed('line_end = "lf"', "quoted = true"), "text.quoted", "分隔符"),
        (changed('line_end = "lf"', "titles = true"), "text.titles", "没有列名行"),
        (changed("批次{number}", "批次{serial}"), "text.header[1].cells[1].text", "“serial”不是"),
        (changed("批次{number}", "批次{payee}"), "text.header[1].cells[1].text", "“payee”不是"),
        (changed("批次{number}", "批次{number"), "text.header[1].cells[1].text", "不成对"),
        (changed('title = "编号"\nwidth = 20', 'title = "编号"'), "columns.width", "width"),
        (changed('title = "编号"', 'title = ""'), "columns[1].title", "不得为空"),
        (changed('title = "编号"', 'title = "账号"'), "columns", "列名重复"),
        (changed('title = "编号"', 'title = "编号"\npattern = "("'), "columns[1].pattern", "正则表达式"),
        (changed('title = "编号"', 'title = "编号"\npattern = "a"'), "columns[1].hint", "hint"),
        (changed('title = "编号"', 'title = "编号"\nempty = "x"'), "columns[1].empty", "必填"),
        (changed('title = "编号"', 'title = "编号"\nnumber = true'), "columns[1].number", "金额"),
        (changed('title = "编号"', 'title = "编号"\nfill = "零"'), "columns[1].fill", "半角"),
        (changed('title = "编号"', 'title = "编号"\ntext = "x"'), "columns[1].text", "只能写一个"),
        (changed('value = "reference"', ""), "columns[1].value", "缺少此项"),
        (changed("[result.columns]\nreference = 2", "[result.columns]"), "result.columns.reference", "缺少此项"),
        (changed("reference = 2", 'reference = "编号"'), "result.columns.reference", "要么"),
        (changed('settled = "Y"', ""), "result.outcomes.settled", "缺少此项"),
        (changed('returned = "N"', 'returned = "Y"'), "result.outcomes.returned", "重复"),
        (changed("account_frozen", "frozen"), "result.reasons.frozen", "没有这一项"),
        (changed("[1, 20, 12, 1, 20]", "[1, 20]"), "result.widths", "位置超过"),
        (changed('detail = "D"', ""), "result.detail", "mark"),
        (changed("[1, 6, 12]", '["1"]'), "result.total_widths", "整数"),
        (changed('value = "payee"', 'value = "bank"', BANK), "columns", "payee"),
        (changed('name = "明细"', 'name = "汇总"', BANK), "sheets", "重复"),
        (changed('name = "明细"', 'name = "明/细"', BANK), "sheets[2].name", "31个字"),
        (changed('name = "明细"', 'name = "明细"\ntotal = { in = "amount" }', BANK), "sheets[2].total.in", "文字列"),
        (changed('name = "校验"', 'name = "校验"\ncolumns = []\nbold = true', BANK), "sheets[3].bold", "没有这一项"),
        (
            changed("reference = 2\namount = 3\noutcome = 4\nreason = 5", 'reference = "号"\noutcome = "果"'),
            "result.mark",
            "位置",
        ),
        (
            changed("reference = 2\namount = 3\noutcome = 4\nreason = 5", 'reference = "号"\noutcome = "果"'),
            "result.widths",
            "位置",
        ),
        (changed("mark = 1\n", ""), "result.mark", "合计行"),
        (changed('total = "T"', "total_required = true"), "result.total", "合计行的标志"),
        (changed("total_amount = 3", "total_amount = 4"), "result.total_widths", "位置超过"),
        (
            changed('account_frozen = "冻结"', 'account_frozen = "冻结"\naccount_wrong = "冻结"'),
            "result.reasons.account_frozen",
            "重复",
        ),
        (changed("[1, 20, 12, 1, 20]", "[]\nquoted = true"), "result.quoted", "分隔符"),
        (changed('title = "编号"', 'title = "编\\n号"'), "columns[1].title", "换行"),
        (changed("[result.columns]", "[result.column]"), "result.column", "没有这一项"),
        (changed('label = "定长文本银行"', "label = 1"), "label", "应为文字"),
        (changed('kind = "text"', 'kind = "text"\nextension = ".txt"'), "extension", "不带点"),
        (changed("mark = 1", "mark = 1\nseparator = '|'"), "result.widths", "只能写一个"),
    ],
)
def test_every_fault_names_its_key(text: str, key: str, told: str) -> None:
    form, problems = read_format(text.encode(), "bank.toml")
    assert form is None
    assert [problem.sentence for problem in problems if problem.key == key and told in problem.sentence], problems


def test_words_that_the_encoding_lacks_are_found_at_the_start() -> None:
    text = changed('"gb18030"\nline', '"gbk"\nline').replace('empty = "NONE"', 'empty = "㛃"')
    _, problems = read_format(text.encode(), "bank.toml")
    assert [(problem.key, "固定文字" in problem.sentence) for problem in problems] == [("text.encoding", True)]


def test_a_file_that_is_no_table_of_keys_at_all() -> None:
    for data in (b"a = [" * 3000, b"x" * 300_000, b"\xff", b"[[sheets]]\nname=1\n[[text]]", b""):
        form, problems = read_format(data, "bank.toml")
        assert form is None and problems and all(problem.file == "bank.toml" for problem in problems)
