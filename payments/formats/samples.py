"""A made-up payment file in each format: for the page that shows the formats, and to send to a bank beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.money import plain_yuan
from documents.spreadsheets import SheetSpec
from payments.formats.instructions import Head, Row
from payments.formats.layout import Format
from payments.formats.writing import PaymentFile, sheets_of, write

_PERSONS = ("样例收款人甲", "样例收款人乙·买买提", "样例收款人丙")
_COMPANIES = ("样例人力资源有限公司", "样例劳务服务（泉州）有限公司", "样例职业介绍所")
_AMOUNTS = (300000, 150050, 1000000)


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """A sheet as it looks: title and lines above, titles of the columns, rows as text, lines below."""

    name: str
    title: str
    heading: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    footing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a format writes: sheets of a workbook, or the text of a text file."""

    sheets: Sequence[SampleSheet]
    text: str


def sample_file(form: Format, on: date) -> PaymentFile:
    """The sample as a file. Refuses (`format_faults`) when the format takes nothing that the sample has to give."""
    head, rows = _made_up(form, on)
    return PaymentFile(f"样例-{form.file_name(head)}", form.content_type, write(form, head, rows))


def sample_of(form: Format, on: date) -> Sample:
    """The sample to look at; refuses as `sample_file`."""
    head, rows = _made_up(form, on)
    if form.text:
        return Sample((), write(form, head, rows).decode(form.text.encoding))
    write(form, head, rows)
    return Sample([_shown(sheet) for sheet in sheets_of(form, head, rows)], "")


def _made_up(form: Format, on: date) -> tuple[Head, list[Row]]:
    """Three transfers of the format's first channel, fewer when a file takes fewer; nobody's account, no batch's
    number."""
    channel = form.channels[0]
    names = _PERSONS if channel == "private" else _COMPANIES
    some = list(zip(names, _AMOUNTS, strict=True))[: form.rows_most]
    rows = [
        Row(
            seq=seq,
            reference=f"BF-{on.year}-000-{seq:04d}",
            payee=name,
            account=f"62220000000000000{seq:02d}",
            bank="样例银行泉州分行",
            bank_code="000000000000",
            amount_fen=min(amount, form.amount_most_fen, form.total_most_fen // len(some)),
            purpose="引工奖补",
            note="样例",
        )
        for seq, (name, amount) in enumerate(some, 1)
    ]
    head = Head(
        number=f"BF-{on.year}-000",
        fund="样例资金",
        allocation_no=f"样例〔{on.year}〕1号",
        functional_code="2080701",
        economic_code="30399",
        channel=channel,
        made_on=on,
        count=len(rows),
        total_fen=sum(row.amount_fen for row in rows),
        payer="样例付款单位",
        payer_account="00000000000000000000",
        payer_bank="样例银行",
        applicant="样例申请单位",
        policy="样例",
        seal="0" * 64,
    )
    return head, rows


def _shown(sheet: SheetSpec) -> SampleSheet:
    kinds = [column.kind for column in sheet.columns]
    rows = [[_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in sheet.rows]
    titles = [column.title for column in sheet.columns]
    return SampleSheet(sheet.name, sheet.title, sheet.heading, titles, rows, sheet.footing)


def _text(cell: object, kind: str) -> str:
    if cell is None:
        return ""
    return plain_yuan(cell) if kind in ("yuan", "yuan_text") and isinstance(cell, int) else str(cell)
