"""Exports of the exceptions granted and denied, and of what second looks found: for leaders and auditors."""

from collections.abc import Iterator, Sequence

from accounts.acting import Actor
from core.verdict import YES, Verdict, no
from documents.exports import Export, Filters, columns, in_chunks, local, register
from workflows.reverifying import HIDDEN as LOOKS_HIDDEN
from workflows.reverifying import SEEING as LOOKS_SEEING
from workflows.reverifying import second_looks
from workflows.samples import Reverification
from workflows.waivers import Waiver
from workflows.waiving import SEEING, waivers_for

HIDDEN = no("waivers_hidden", "例外记录供民生保障局和审计岗位查看。")


def _may(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in SEEING else HIDDEN


def _row(waiver: Waiver) -> Sequence[object]:
    post = waiver.decided_post.get_role_display() if waiver.decided_post else ""
    return (
        str(waiver.claim), waiver.claim.claimant_name, waiver.line.seq, waiver.rule, waiver.message, waiver.plea,
        waiver.get_outcome_display() or "待决定", waiver.reason, str(waiver.decided_by or ""), post,
        local(waiver.decided_at) if waiver.decided_at else None,
    )  # fmt: skip


def _rows(by: Actor, filters: Filters) -> Iterator[Sequence[object]]:
    return map(_row, in_chunks(waivers_for(by, only=filters.get("only", ""))))


register(
    Export(
        kind="waivers",
        title="例外记录",
        columns=columns(
            ("申请编号", "text", 22), ("申报人", "text", 34), ("行", "integer", 8), ("规则", "text", 8), ("规则说明", "text", 50),
            ("例外理由", "text", 40), ("决定", "text", 12), ("决定理由", "text", 40), ("决定人", "text", 12), ("岗位", "text", 20),
            ("决定时间", "moment", 20),
        ),
        rows=_rows,
        count=lambda by, filters: waivers_for(by, only=filters.get("only", "")).count(),
        may=_may,
        filters=("only",),
    )
)  # fmt: skip


def _looked(work: Reverification) -> Sequence[object]:
    return (
        str(work.claim), work.line.seq, work.line.employer_name, work.get_why_display(), work.area.name, work.due_on,
        work.get_outcome_display() or "待复核", work.get_method_display(), work.note, str(work.decided_by or ""),
        local(work.decided_at) if work.decided_at else None,
    )  # fmt: skip


register(
    Export(
        kind="second_looks",
        title="复核事项",
        columns=columns(
            ("申请编号", "text", 22), ("行", "integer", 8), ("用工企业", "text", 34), ("缘由", "text", 16), ("办理单位", "text", 20),
            ("期限", "date", 12), ("结果", "text", 10), ("方式", "text", 10), ("情况", "text", 40), ("办理人", "text", 12),
            ("办理时间", "moment", 20),
        ),
        rows=lambda by, filters: map(_looked, in_chunks(second_looks(by, only=filters.get("only") or "open"))),
        count=lambda by, filters: second_looks(by, only=filters.get("only") or "open").count(),
        may=lambda by, _filters: YES if by.role in LOOKS_SEEING else LOOKS_HIDDEN,
        filters=("only",),
    )
)  # fmt: skip
