"""The instruction of a batch: what is sealed, byte for byte, and what every payment file is made from.

ASCII, one line a transfer after one line of head, each a JSON text without spaces, ended by LF: equal batches give equal
bytes, and nothing in a name can end a line. The stored bytes, not the tables, are what the bank is asked to do.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from documents.files import read
from payments.formats import Head, Row
from payments.models import Batch, PaymentItem, Transfer
from payments.transfers import Planned

_ROW = [field.name for field in fields(Row)]


def rows_of(planned: Sequence[Planned]) -> list[Row]:
    """A row a transfer."""
    return [
        Row(
            seq=one.seq,
            reference=one.reference,
            payee=one.account.holder,
            account=one.account.number,
            bank=one.account.bank,
            bank_code=one.account.cnaps,
            amount_fen=one.amount_fen,
            purpose=one.purpose,
            note=one.note,
        )
        for one in planned
    ]


def head_of(batch: Batch, items: Sequence[PaymentItem], rows: Sequence[Row]) -> Head:
    """What stands above the rows, with their control totals; made today."""
    return Head(
        number=batch.number,
        fund=batch.fund.name,
        allocation_no=batch.fund.allocation_no,
        functional_code=batch.fund.functional_code,
        economic_code=batch.fund.economic_code,
        channel=batch.channel,
        made_on=clock.today(),
        count=len(rows),
        total_fen=sum(row.amount_fen for row in rows),
        payer=settings.FINANCE_NAME,
        payer_account=settings.PAYER_ACCOUNT,
        payer_bank=settings.PAYER_BANK,
        applicant=settings.BUREAU_NAME,
        policy="、".join(scheme_labels(items)),
    )


def scheme_labels(items: Sequence[PaymentItem]) -> list[str]:
    """The scheme versions that the paid claims were judged by."""
    return sorted({item.claim.scheme.label for item in items if item.claim.scheme})


def encode(head: Head, rows: Sequence[Row]) -> bytes:
    """The canonical bytes."""
    about = {**asdict(head), "made_on": head.made_on.isoformat()}
    lines = [_json(about), *(_json([getattr(row, name) for name in _ROW]) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def decode(data: bytes) -> tuple[Head, list[Row]]:
    """Head and rows of canonical bytes; the head names the SHA-256 of the bytes as its seal."""
    about, *rows = data.decode().removesuffix("\n").split("\n")
    content = json.loads(about)
    head = Head(**{**content, "made_on": date.fromisoformat(content["made_on"])})
    found = [Row(**dict(zip(_ROW, json.loads(row), strict=True))) for row in rows]
    return replace(head, seal=sha256(data).hexdigest()), found


def sealed_instruction(batch: Batch) -> tuple[Head, list[Row]]:
    """What was sealed, after its seal was verified. Refuses `file_damaged`, `seal_broken` or `seal_earlier`."""
    data = read(batch.file) if batch.file else b""
    if sha256(data).hexdigest() != batch.sha256:
        raise Refusal("file_damaged", _("封存的支付指令与封存时的校验值不符，请勿使用，并联系系统管理员核查。"))
    try:
        head, rows = decode(data)
    except ValueError as error:  # sealed over a workbook, before there were instructions
        raise Refusal(
            "seal_earlier", _("%(batch)s 按旧版方式封存，没有支付指令，请由财政批准撤销后重新编制。") % {"batch": batch}
        ) from error
    transfers = list(Transfer.objects.filter(batch=batch).order_by("seq").select_related("account"))
    written = [(row.reference, row.amount_fen, row.account, row.payee) for row in rows]
    booked = [(one.reference, one.amount_fen, one.account.number, one.account.holder) for one in transfers]
    totals = (head.number, head.total_fen, sum(one.count for one in transfers))
    if written != booked or totals != (batch.number, batch.total_fen, batch.count):
        raise Refusal(
            "seal_broken",
            _("%(batch)s 的支付明细与封存的支付指令不一致，请勿支付，并联系系统管理员核查。") % {"batch": batch},
        )
    return head, rows


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
