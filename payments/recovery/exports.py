"""Exports of what recovery lists: the cases, and the re-checks three months after payment."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.acting import Actor
from core.verdict import YES, Verdict, no
from documents.exports import Export, Filters, columns, in_chunks, local, register
from payments.models import Recheck
from payments.recovery import reading
from payments.recovery.access import SEES_CASES
from payments.recovery.rechecks import rechecks_for
from payments.recovery.rows import CaseState

CASES_ONLY = no("recoveries_not_yours", "追回案件和参保复核清单仅供民生保障局、财政和审计岗位导出，请切换岗位。")


def _sees_cases(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in SEES_CASES else CASES_ONLY


def _case_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    for case in in_chunks(reading.cases_for(by, q=filters.get("q", ""), state=filters.get("state", ""))):
        row: Any = case
        yield (
            row.number, row.get_state_display(), str(row.claim), row.claim.claimant_name, row.get_ground_display(),
            row.amount_fen, row.back_fen, row.owed_fen, row.next_due_on, local(row.opened_at),
            row.decided_by.full_name if row.decided_by else "",
        )  # fmt: skip


def _case_words(filters: Filters) -> str:
    states = dict([*CaseState.choices, ("overdue", "逾期")])
    parts = [f"查找：{filters['q']}"] if filters.get("q") else []
    return "；".join(
        [*parts, *([f"状态：{states.get(filters['state'], filters['state'])}"] if filters.get("state") else [])]
    )


def _recheck_rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    for recheck in in_chunks(rechecks_for(by, only=filters.get("only", ""))):
        row: Any = recheck
        line = row.item.line
        yield (
            str(row.claim), line.seq, row.claim.claimant_name, line.worker.name if line.worker else "",
            line.employer_name, line.insured_from, row.paid_on, row.item.amount_fen,
            row.get_outcome_display() if row.outcome else "待复核", row.stopped_on,
            row.checked_by.full_name if row.checked_by else "",
        )  # fmt: skip


def _recheck_words(filters: Filters) -> str:
    words = {"": "待复核", "all": "全部"} | {outcome.value: str(outcome.label) for outcome in Recheck.Outcome}
    return words.get(filters.get("only", ""), "待复核")


register(
    Export(
        kind="recoveries",
        title="追回案件",
        columns=columns(
            ("追回编号", "text", 16), ("状态", "text", 12), ("申请编号", "text", 22), ("申报人", "text", 34),
            ("追回事由", "text", 24), ("追回金额（元）", "yuan", 16), ("已结清（元）", "yuan", 16), ("尚欠（元）", "yuan", 16),
            ("下次应退日期", "date", 14), ("立案时间", "moment", 20), ("决定人", "text", 12),
        ),
        rows=_case_rows,
        may=_sees_cases,
        describe=_case_words,
        filters=("q", "state"),
    )
)  # fmt: skip
register(
    Export(
        kind="rechecks",
        title="参保复核清单",
        columns=columns(
            ("申请编号", "text", 22), ("序号", "integer", 6), ("申报人", "text", 34), ("姓名", "text", 16),
            ("用工企业", "text", 34), ("参保起始", "date", 12), ("支付日期", "date", 12), ("金额（元）", "yuan", 16),
            ("复核结果", "text", 12), ("停保日期", "date", 12), ("复核人", "text", 12),
        ),
        rows=_recheck_rows,
        may=_sees_cases,
        describe=_recheck_words,
        filters=("only",),
    )
)  # fmt: skip
