"""Exports of what finance lists: what waits to be paid, the batches, and the transfers of one batch."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import payments.budget_exports
import payments.reconciliation_exports  # noqa: F401 - and those of the reconciliation
from accounts.acting import Actor
from core.identifiers import mask_account
from core.verdict import YES, Verdict, no
from documents.exports import AT_ONCE, Export, Filters, columns, in_chunks, local, number_in, register
from payments import access, queries
from payments.models import Batch, BatchState
from payments.paid_rows import transfer_rows, transfers_in
from payments.recovery import exports as recovery_exports
from payments.waiting import Waiting, all_waiting, chosen
from workflows.claims import Claim
from workflows.states import Kind

__all__ = ["recovery_exports"]  # registers its lists too
PAYABLE_ONLY = no("payable_not_yours", "待拨付名单仅供财政、劳动保障科经办和审计岗位导出，请切换岗位。")
BATCHES_ONLY = no("batches_not_yours", "拨付批次仅供民生保障局、财政和审计岗位导出，请切换岗位。")


def _sees_payable(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in access.SEES_PAYABLE else PAYABLE_ONLY


def _sees_batches(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in access.SEES_BATCHES else BATCHES_ONLY


def _sees_batch(by: Actor, filters: Filters) -> Verdict:
    return YES if _batch(by, filters) else access.NOT_VISIBLE


def _batch(by: Actor, filters: Filters) -> Batch | None:
    number = number_in(filters, "batch")
    return None if number is None else access.visible_batches(by).filter(pk=number).first()


def _wanted(filters: Filters) -> Waiting | None:
    """The fund and the channel the page shows."""
    return chosen(all_waiting(), fund_id=number_in(filters, "fund") or 0, channel=filters.get("channel", ""))


def _payable_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    place = _wanted(filters)
    wanted = queries.payable_claims(fund_id=place.fund.pk, channel=place.channel) if place else Claim.objects.none()
    for claim in in_chunks(wanted):
        row: Any = claim
        yield (
            str(row), str(Kind(row.kind).label), "曾退票" if row.was_returned else "", row.claimant_name,
            row.account.bank, mask_account(row.account.number), row.open_heads, row.open_fen,
        )  # fmt: skip


def _payable_line_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    place, claim = _wanted(filters), number_in(filters, "claim")
    if place is None or claim is None:
        return
    for line in in_chunks(queries.lines_of(fund_id=place.fund.pk, channel=place.channel, claim_id=claim)):
        name = line.worker.name if line.worker else ""
        yield line.seq, str(line.claim), line.claim.claimant_name, name, line.employer_name, line.amount_fen


def _payable_words(filters: Filters) -> str:
    place, claim = _wanted(filters), number_in(filters, "claim")
    named = Claim.objects.filter(pk=claim).first() if claim is not None else None
    fund, way = (place.fund, place.channel_label) if place else ("—", "—")
    parts = [f"资金来源：{fund}", f"收款方式：{way}"]
    return "；".join([*parts, *([f"申报：{named}"] if named else [])])


def _batch_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    for batch in in_chunks(queries.batches_for(by, state=filters.get("state", ""))):
        row: Any = batch
        yield (
            row.number, row.get_state_display(), str(row.fund), row.note, row.get_channel_display(), row.heads,
            row.sum_fen, row.opened_by.full_name, local(row.opened_at),
        )  # fmt: skip


def _batch_words(filters: Filters) -> str:
    state = filters.get("state", "")
    return f"状态：{BatchState(state).label}" if state in BatchState.values else ""


def _transfer_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    batch = _batch(by, filters)
    if batch is None:
        return
    groups = iter(list(transfers_in(batch)))
    while some := list(islice(groups, AT_ONCE)):
        for row in transfer_rows(batch, some):
            yield (
                str(row.transfer or ""), str(row.claim), row.claims, row.account.holder, row.account.bank, row.masked,
                row.heads, row.amount_fen, str(row.outcome.label), row.reason,
            )  # fmt: skip


def _transfer_words(filters: Filters) -> str:
    number = number_in(filters, "batch")
    batch = Batch.objects.filter(pk=number).first() if number is not None else None
    return f"批次：{batch or '—'}"


register(
    Export(
        kind="payable",
        title="待拨付申报",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("备注", "text", 10), ("收款人", "text", 34),
            ("开户银行", "text", 34), ("账号（隐去）", "text", 22), ("人数", "integer", 8), ("金额（元）", "yuan", 16),
        ),
        rows=_payable_rows,
        may=_sees_payable,
        describe=_payable_words,
        filters=("fund", "channel"),
    )
)  # fmt: skip
register(
    Export(
        kind="payable_lines",
        title="待拨付人员",
        columns=columns(
            ("序号", "integer", 6), ("申请编号", "text", 22), ("申报人", "text", 34), ("姓名", "text", 16),
            ("用工企业", "text", 34), ("金额（元）", "yuan", 16),
        ),
        rows=_payable_line_rows,
        may=_sees_payable,
        describe=_payable_words,
        filters=("fund", "channel", "claim"),
    )
)  # fmt: skip
register(
    Export(
        kind="batches",
        title="拨付批次",
        columns=columns(
            ("批次号", "text", 18), ("状态", "text", 14), ("资金来源", "text", 34), ("说明", "text", 30),
            ("方式", "text", 8), ("人数", "integer", 8), ("金额（元）", "yuan", 16), ("发起人", "text", 12),
            ("发起时间", "moment", 20),
        ),
        rows=_batch_rows,
        may=_sees_batches,
        describe=_batch_words,
        filters=("state",),
    )
)  # fmt: skip
register(
    Export(
        kind="transfers",
        title="批次付款明细",
        columns=columns(
            ("付款编号", "text", 20), ("申请编号", "text", 22), ("申报件数", "integer", 10), ("收款人户名", "text", 34),
            ("开户银行", "text", 34), ("账号（隐去）", "text", 22), ("人数", "integer", 8), ("金额（元）", "yuan", 16),
            ("支付结果", "text", 12), ("退票原因", "text", 30),
        ),
        rows=_transfer_rows,
        may=_sees_batch,
        describe=_transfer_words,
        filters=("batch",),
    )
)  # fmt: skip
