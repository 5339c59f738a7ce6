"""Exports of the reconciliation: the groups of a cut, and the people behind one figure of a group."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.acting import Actor
from core.errors import Refusal
from core.verdict import Verdict
from documents.exports import Export, Filters, columns, in_chunks, number_in, register
from payments.figures import Cut
from payments.reconciliation import MEASURES, can_reconcile, groups_by, labels_of
from payments.reconciliation_pages import WORDS, cut_in, is_red, key_in, lines_of, row_of


def _may(by: Actor, _filters: Filters) -> Verdict:
    return can_reconcile(by)


def _measure(filters: Filters) -> str:
    return filters.get("of", "") if filters.get("of", "") in MEASURES else "approved"


def _group_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    for group in groups_by(cut_in(filters.get("by", "")), year=number_in(filters, "year")):
        row = row_of(group)
        said = "平" if group.balanced else "不平：" + "".join(row.faults)
        yield (group.label, row.cells[0].fen, row.reserved_fen, *(cell.fen for cell in row.cells[1:]), said)


def _line_rows(_by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    try:
        found = lines_of(
            cut=cut_in(filters.get("by", "")),
            code=filters.get("key", ""),
            measure=_measure(filters),
            year=number_in(filters, "year"),
        )
    except Refusal:  # no such group: an empty list, as for any filter that finds nothing
        return
    for line in in_chunks(found):
        row: Any = line
        paid = "；".join(f"{i.transfer or i.batch} {i.get_outcome_display()}" for i in row.payment_items.all())
        yield (
            str(row.claim), row.seq, row.worker.name if row.worker else "", row.claim.claimant_name, row.approved_fen,
            row.approved_ledger_fen, row.batched_fen, row.batched_ledger_fen, row.settled_fen, row.settled_ledger_fen,
            row.returned_fen, row.returned_ledger_fen, paid, "不平" if is_red(row) else "平",
        )  # fmt: skip


def _words(filters: Filters) -> str:
    year = number_in(filters, "year")
    parts = [f"分组：{Cut(cut_in(filters.get('by', ''))).label}", *([f"指标年度：{year}"] if year else [])]
    return "；".join(parts)


def _line_words(filters: Filters) -> str:
    cut = cut_in(filters.get("by", ""))
    try:
        key = key_in(cut, filters.get("key", ""))
    except Refusal:
        return _words(filters)
    return f"{_words(filters)}；{labels_of(cut, {key}).get(key, '—')}；环节：{WORDS[_measure(filters)]}"


register(
    Export(
        kind="reconciliation",
        title="对账",
        columns=columns(
            ("分组", "text", 40), ("批准（元）", "yuan", 18), ("预留占用（元）", "yuan", 18), ("列入批次（元）", "yuan", 18),
            ("已发送（元）", "yuan", 18), ("已支付（元）", "yuan", 18), ("退票（元）", "yuan", 16), ("应追回（元）", "yuan", 16),
            ("追回（元）", "yuan", 16), ("核对", "text", 60),
        ),
        rows=_group_rows,
        may=_may,
        describe=_words,
        filters=("by", "year"),
    )
)  # fmt: skip
register(
    Export(
        kind="reconciliation_lines",
        title="对账人员",
        columns=columns(
            ("申请编号", "text", 22), ("序号", "integer", 6), ("姓名", "text", 14), ("申报人", "text", 34),
            ("批准（元）", "yuan", 14), ("账簿占用（元）", "yuan", 14), ("列入批次（元）", "yuan", 14),
            ("账簿列入（元）", "yuan", 14), ("已支付（元）", "yuan", 14), ("账簿支付（元）", "yuan", 14),
            ("退票（元）", "yuan", 14), ("账簿退票（元）", "yuan", 14), ("付款", "text", 40), ("核对", "text", 10),
        ),
        rows=_line_rows,
        may=_may,
        describe=_line_words,
        filters=("by", "key", "of", "year"),
    )
)  # fmt: skip
