"""Rows, heads and format files for the tests of payment formats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from payments.formats import Format, Head, Row, read_format

FIXED = """
code = "fixed-bank"
label = "定长文本银行"
kind = "text"
channels = ["private"]
rows = "claim"
amount_unit = "fen"
dates = "YYYY/MM/DD"

[limits]
rows = 3
amount_fen = 500000
total_fen = 900000

[text]
encoding = "gb18030"
line_end = "lf"
ends_last_line = false
header = [{ cells = [{ text = "批次{number}", width = 30 }, { value = "made_on", width = 10 }] }]

[[columns]]
value = "reference"
title = "编号"
width = 20

[[columns]]
value = "account"
title = "账号"
width = 32

[[columns]]
value = "payee"
title = "户名"
width = 40

[[columns]]
value = "amount"
title = "金额"
width = 12
align = "right"
fill = "0"

[[columns]]
value = "note"
title = "附言"
width = 10
empty = "NONE"

[result]
encoding = "gb18030"
widths = [1, 20, 12, 1, 20]
total_widths = [1, 6, 12]
amount_unit = "fen"
zero_filled = true
skip_first = 1
mark = 1
detail = "D"
total = "T"
total_count = 2
total_amount = 3

[result.columns]
reference = 2
amount = 3
outcome = 4
reason = 5

[result.outcomes]
settled = "Y"
returned = "N"

[result.reasons]
account_frozen = "冻结"
"""


def row(seq: int = 1, **changes: object) -> Row:
    """A sound row."""
    made = Row(
        seq, f"BF-2025-007-{seq:04d}", "王小明", f"{6222020000000000000 + seq}", "中国银行泉州分行", "104397000001", 100000,
        "引工奖补", "共1人",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def head(rows: Sequence[Row], **changes: object) -> Head:
    """The head that fits the rows."""
    made = Head(
        number="BF-2025-007", fund="就业补助资金", allocation_no="闽财社指〔2025〕1号", functional_code="2080701",
        economic_code="30399", channel="private", made_on=date(2025, 11, 24), count=len(rows),
        total_fen=sum(row.amount_fen for row in rows), payer="财政局零余额账户", payer_account="3500160000000000001",
        payer_bank="建设银行", applicant="民生保障局", policy="泉台管办规〔2023〕3号", seal="ab" * 32,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def sound(text: str) -> Format:
    """The format of a file that must be sound."""
    form, problems = read_format(text.encode(), "bank.toml")
    assert problems == [] and form
    return form


def folder_with(path: Path, **files: str) -> str:
    """A folder with format files, as YINGONG_FORMATS names one."""
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return str(path)
