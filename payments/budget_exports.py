"""Exports of the funds: the list, one fund's statement, and the year-end list of the unpaid."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.acting import Actor
from core.verdict import Verdict
from documents.exports import AT_ONCE, Export, Filters, columns, in_chunks, local, number_in, register
from funds import access, queries
from funds.models import FundSource
from funds.movements import Movement
from payments.budgets import last_day, statements, unpaid_rows, year_or_now


def _may(by: Actor, _filters: Filters) -> Verdict:
    return access.can_see(by)


def _fund_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    for fund in in_chunks(queries.funds_of(number_in(filters, "year"))):
        yield (
            fund.name, fund.allocation_no, fund.year, fund.functional_code, fund.economic_code, fund.amount_fen,
            fund.left_fen, fund.held_fen, fund.payable_fen, fund.batched_fen, fund.paid_fen, fund.claimed_fen,
            fund.recovered_fen, fund.written_off_fen,
        )  # fmt: skip


def _statement_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    fund_id = number_in(filters, "fund")
    if fund_id is None:
        return
    for some in _slices(queries.statement_groups(fund_id, filters.get("movement", ""))):
        for row in statements(fund_id, some):
            line = row.line
            yield (
                local(line.at), line.movement_label, line.road, row.claim, row.who, line.heads, line.fen, line.left_fen,
                line.batch or line.case, "；".join(part for part in (row.other, line.reason) if part), line.by_label,
            )  # fmt: skip


def _unpaid_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    year = year_or_now(number_in(filters, "year"))
    until = last_day(year)
    for some in _slices(queries.unpaid_claims(year, until)):
        for row in unpaid_rows(year, until, some):
            yield (
                row.claim, row.who, row.fund.name, row.fund.allocation_no, local(row.approved_at), row.heads, row.fen,
                row.held, row.payable, row.batched,
            )  # fmt: skip


def _slices(found: Any) -> Iterator[list[dict[str, Any]]]:
    start = 0
    while some := list(found[start : start + AT_ONCE]):
        yield some
        start += AT_ONCE


def _year_words(filters: Filters) -> str:
    year = number_in(filters, "year")
    return f"年度：{year}" if year else ""


def _fund_words(filters: Filters) -> str:
    fund_id = number_in(filters, "fund")
    fund = FundSource.objects.filter(pk=fund_id).first() if fund_id is not None else None
    movement = filters.get("movement", "")
    told = [f"资金来源：{fund or '—'}"]
    return "；".join([*told, f"事项：{Movement(movement).label}"] if movement in Movement.values else told)


def _unpaid_words(filters: Filters) -> str:
    year = year_or_now(number_in(filters, "year"))
    return f"年度：{year}；截至：{last_day(year):%Y-%m-%d}"


register(
    Export(
        kind="funds",
        title="资金来源",
        columns=columns(
            ("名称", "text", 30), ("指标文号", "text", 26), ("年度", "integer", 8), ("功能分类", "text", 12),
            ("经济分类", "text", 12), ("指标金额（元）", "yuan", 18), ("可用（元）", "yuan", 18), ("预留（元）", "yuan", 16),
            ("应付未付（元）", "yuan", 16), ("支付在途（元）", "yuan", 16), ("已支付（元）", "yuan", 18),
            ("应追回（元）", "yuan", 16), ("追回入库（元）", "yuan", 16), ("已核销（元）", "yuan", 16),
        ),
        rows=_fund_rows,
        may=_may,
        describe=_year_words,
        filters=("year",),
    )
)  # fmt: skip
register(
    Export(
        kind="fund_statement",
        title="资金对账单",
        columns=columns(
            ("时间", "moment", 20), ("事项", "text", 14), ("去向", "text", 24), ("申请编号", "text", 22),
            ("收款人", "text", 34), ("人数", "integer", 8), ("金额（元）", "yuan", 16), ("其后可用（元）", "yuan", 18),
            ("批次或追回编号", "text", 18), ("说明", "text", 40), ("办理人", "text", 40),
        ),
        rows=_statement_rows,
        may=_may,
        describe=_fund_words,
        filters=("fund", "movement"),
    )
)  # fmt: skip
register(
    Export(
        kind="unpaid",
        title="年末未支付清单",
        columns=columns(
            ("申请编号", "text", 22), ("收款人", "text", 34), ("资金来源", "text", 30), ("指标文号", "text", 26),
            ("批准时间", "moment", 20), ("人数", "integer", 8), ("未支付（元）", "yuan", 16), ("预留（元）", "yuan", 16),
            ("应付未付（元）", "yuan", 16), ("支付在途（元）", "yuan", 16),
        ),
        rows=_unpaid_rows,
        may=_may,
        describe=_unpaid_words,
        filters=("year",),
    )
)  # fmt: skip
