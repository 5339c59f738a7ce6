"""The sealed payment workbook: 汇总, 明细, 校验 (brief section 8). Text cells, no formula, the same bytes every time."""

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from core.money import plain_yuan, rmb_upper
from documents.spreadsheets import ColumnSpec, SheetSpec, write_workbook
from payments.models import Batch, PaymentItem
from payments.transfers import Planned
from workflows.states import Kind

DETAIL = (
    ColumnSpec(title="序号", kind="integer", width=6),
    ColumnSpec(title="业务编号", width=22),
    ColumnSpec(title="收款人户名", width=34),
    ColumnSpec(title="收款账号", width=26),
    ColumnSpec(title="开户银行", width=34),
    ColumnSpec(title="联行号", width=16),
    ColumnSpec(title="金额（元）", kind="yuan_text", width=16),
    ColumnSpec(title="用途", width=24),
    ColumnSpec(title="备注", width=16),
)


def build(batch: Batch, items: Sequence[PaymentItem], transfers: Sequence[Planned]) -> bytes:
    """The workbook of a batch as it is released. Refuses what a cell cannot hold, naming the cell."""
    return write_workbook([_summary(batch, transfers), _detail(transfers), _control(batch, items, transfers)])


def cells(transfer: Planned) -> tuple[int, str, str, str, str, str, int, str, str]:
    """The row of 明细."""
    account = transfer.account
    return (
        transfer.seq,
        transfer.reference,
        account.holder,
        account.number,
        account.bank,
        account.cnaps,
        transfer.amount_fen,
        transfer.purpose,
        transfer.note,
    )


def digest(transfers: Sequence[Planned]) -> str:
    """SHA-256 over the rows of 明细, to check a copy of the sheet by its content."""
    rows = [cells(transfer) for transfer in transfers]
    return sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def scheme_labels(items: Sequence[PaymentItem]) -> list[str]:
    """The scheme versions that the paid claims were judged by."""
    return sorted({item.claim.scheme.label for item in items if item.claim.scheme})


def _summary(batch: Batch, transfers: Sequence[Planned]) -> SheetSpec:
    counts, heads, amounts = Counter[str](), Counter[str](), Counter[str]()
    for transfer in transfers:
        counts[transfer.items[0].claim.kind] += 1
        for item in transfer.items:
            heads[item.claim.kind] += 1
            amounts[item.claim.kind] += item.amount_fen
    rows = [(str(Kind(kind).label), counts[kind], heads[kind], amounts[kind]) for kind in Kind.values if heads[kind]]
    rows.append(("合计", len(transfers), sum(heads.values()), sum(amounts.values())))
    return SheetSpec(
        name="汇总",
        heading=(
            f"拨付批次：{batch.number}",
            f"资金来源：{batch.fund.name}　指标文号：{batch.fund.allocation_no}",
            f"支出功能分类：{batch.fund.functional_code}　经济分类：{batch.fund.economic_code}",
            f"收款方式：{batch.get_channel_display()}",
        ),
        columns=(
            ColumnSpec(title="类别", width=16),
            ColumnSpec(title="笔数", kind="integer", width=10),
            ColumnSpec(title="人数", kind="integer", width=10),
            ColumnSpec(title="金额（元）", kind="yuan_text", width=18),
        ),
        rows=rows,
    )


def _detail(transfers: Sequence[Planned]) -> SheetSpec:
    return SheetSpec(name="明细", columns=DETAIL, rows=[cells(transfer) for transfer in transfers])


def _control(batch: Batch, items: Sequence[PaymentItem], transfers: Sequence[Planned]) -> SheetSpec:
    total = sum(transfer.amount_fen for transfer in transfers)
    rows = [
        ("批次号", batch.number),
        ("笔数", str(len(transfers))),
        ("人数", str(len(items))),
        ("金额合计（元）", plain_yuan(total)),
        ("金额合计大写", rmb_upper(total)),
        ("政策版本", "、".join(scheme_labels(items))),
        ("明细内容SHA-256", digest(transfers)),
    ]
    return SheetSpec(
        name="校验", columns=(ColumnSpec(title="项目", width=20), ColumnSpec(title="内容", width=70)), rows=rows
    )
