"""Exports of the lists of claims, reviews, people and notices: the querysets of the pages, one row each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, OFFICIALS
from core.verdict import YES, Verdict, no
from documents.exports import Export, Filters, columns, in_chunks, local, register
from workflows import check_exports, export_people, notices, publicity, queries
from workflows.claims import Claim
from workflows.returns import exports as return_exports
from workflows.reviews import Notice, Review
from workflows.states import ClaimState, Kind, PaymentState

__all__ = ["check_exports", "export_people", "return_exports"]  # registers their lists too
OFFICIALS_ONLY = no("desk_only", "该清单供村（社区）、乡镇、民生保障局、财政和审计岗位导出，请切换岗位。")
CLAIMANTS_ONLY = no("claimants_only", "该清单供申报岗位导出，请切换岗位。")
DUE = {"today": "今日到期", "overdue": "已逾期"}


def _officials(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in OFFICIALS else OFFICIALS_ONLY


def _claimants(by: Actor, _filters: Filters) -> Verdict:
    return YES if by.role in CLAIMANTS else CLAIMANTS_ONLY


def _rows_of(
    found: Callable[[Actor, Filters], QuerySet[Any]], row: Callable[[Any], Sequence[object]]
) -> Callable[[Actor, Filters], Iterator[Sequence[object]]]:
    return lambda by, filters: map(row, in_chunks(found(by, filters)))


def _count_of(found: Callable[[Actor, Filters], QuerySet[Any]]) -> Callable[[Actor, Filters], int]:
    return lambda by, filters: found(by, filters).count()


def _in_words(filters: Filters, names: Mapping[str, str], values: Mapping[str, Mapping[str, Any]]) -> str:
    """``类别：机构引进；状态：公示``; an unknown value stands as it is."""
    parts = [(name, label) for name, label in names.items() if filters.get(name)]
    return "；".join(f"{label}：{values.get(name, {}).get(filters[name], filters[name])}" for name, label in parts)


# Claims


def _claims(by: Actor, filters: Filters) -> QuerySet[Claim]:
    kind, state = filters.get("kind", ""), filters.get("state", "")
    return queries.claims_for(by, q=filters.get("q", ""), kind=kind if kind in Kind.values else "", state=state)


def _my_claims(by: Actor, filters: Filters) -> QuerySet[Claim]:
    state = filters.get("state", "")
    return _claims(by, {**filters, "state": state if state in ClaimState.values else ""})


def _payment(claim: Claim) -> str:
    return str(PaymentState(claim.payment_state).label) if claim.state == ClaimState.PAYABLE else ""  # type: ignore[attr-defined]


def _claim_row(claim: Any) -> Sequence[object]:
    state, kind = str(ClaimState(claim.state).label), str(Kind(claim.kind).label)
    counts = (claim.lines_count, claim.live_count, claim.total_fen)
    return (str(claim), kind, claim.claimant_name, state, _payment(claim), *counts, claim.filed_on)


def _my_claim_row(claim: Any) -> Sequence[object]:
    title, draft = claim.kind == Kind.AMBASSADOR, claim.state == ClaimState.DRAFT
    heads = (None, None) if title else (claim.lines_count, None if draft else claim.live_count)
    amount = None if title or draft else claim.total_fen
    head = (str(claim), str(Kind(claim.kind).label), claim.count_year, claim.claimant_name)
    return (*head, str(ClaimState(claim.state).label), _payment(claim), *heads, amount, claim.filed_on)


def _claim_words(filters: Filters) -> str:
    values = {"kind": dict(Kind.choices), "state": dict([*ClaimState.choices, *PaymentState.choices])}
    return _in_words(filters, {"q": "查找", "kind": "类别", "state": "状态"}, values)


CLAIM_FILTERS = ("q", "kind", "state")
register(
    Export(
        kind="claims",
        title="申报清单",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("申报人", "text", 34), ("状态", "text", 18), ("拨付", "text", 12),
            ("申报人数", "integer", 10), ("有效人数", "integer", 10), ("金额（元）", "yuan", 16), ("申报日期", "date", 12),
        ),
        rows=_rows_of(_claims, _claim_row),
        count=_count_of(_claims),
        may=_officials,
        describe=_claim_words,
        filters=CLAIM_FILTERS,
    )
)  # fmt: skip
register(
    Export(
        kind="my_claims",
        title="我的申报",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("年度", "integer", 8), ("申报人", "text", 34), ("状态", "text", 18),
            ("拨付", "text", 12), ("申报人数", "integer", 10), ("有效人数", "integer", 10), ("金额（元）", "yuan", 16),
            ("申报日期", "date", 12),
        ),
        rows=_rows_of(_my_claims, _my_claim_row),
        count=_count_of(_my_claims),
        may=_claimants,
        describe=_claim_words,
        filters=CLAIM_FILTERS,
    )
)  # fmt: skip


# Reviews


def _inbox(by: Actor, filters: Filters) -> QuerySet[Review]:
    return queries.inbox(by, kind=filters.get("kind", ""), due=filters.get("due", ""), risk=bool(filters.get("risk")))


def _head(claim: Claim) -> tuple[str, str, str]:
    return str(claim), str(Kind(claim.kind).label), claim.claimant_name


def _owed_row(review: Any) -> Sequence[object]:
    figures = (review.lines_count, review.amount_fen, review.risk)
    return (
        *_head(review.claim), review.get_step_display(), review.round, *figures, review.due_on,
        "是" if review.due_provisional else "",
    )  # fmt: skip


def _inbox_words(filters: Filters) -> str:
    values: dict[str, Mapping[str, Any]] = {
        "kind": dict(Kind.choices),
        "due": DUE,
        "risk": dict.fromkeys([filters.get("risk", "")], "有"),
    }
    return _in_words(filters, {"kind": "类别", "due": "时限", "risk": "风险"}, values)


def _done(by: Actor, _filters: Filters) -> QuerySet[Review]:
    return queries.done(by)


def _done_row(review: Any) -> Sequence[object]:
    return (
        *_head(review.claim), review.get_step_display(), review.get_outcome_display(), review.opinion,
        local(review.decided_at), review.claim.get_state_display(),
    )  # fmt: skip


register(
    Export(
        kind="inbox",
        title="待办事项",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("申报人", "text", 34), ("环节", "text", 22), ("轮次", "integer", 8),
            ("人数", "integer", 8), ("金额（元）", "yuan", 16), ("需核查人数", "integer", 12), ("到期日", "date", 12), ("暂定", "text", 8),
        ),
        rows=_rows_of(_inbox, _owed_row),
        count=_count_of(_inbox),
        may=_officials,
        describe=_inbox_words,
        filters=("kind", "due", "risk"),
    )
)  # fmt: skip
register(
    Export(
        kind="done",
        title="已办事项",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("申报人", "text", 34), ("环节", "text", 22), ("我的处理", "text", 14),
            ("意见", "text", 40), ("办理时间", "moment", 20), ("目前状态", "text", 18),
        ),
        rows=_rows_of(_done, _done_row),
        count=_count_of(_done),
        may=_officials,
    )
)  # fmt: skip


# Publicity


def _waiting(by: Actor, _filters: Filters) -> QuerySet[Claim]:
    return publicity.waiting_for_publicity(by)


def _notices(by: Actor, _filters: Filters) -> QuerySet[Notice]:
    return notices.notices_for(by).prefetch_related(None)


register(
    Export(
        kind="publicity_waiting",
        title="待公示申报",
        columns=columns(
            ("申请编号", "text", 22), ("类别", "text", 12), ("申报人", "text", 34), ("核定人数", "integer", 10),
            ("金额（元）", "yuan", 16),
        ),
        rows=_rows_of(_waiting, lambda claim: (*_head(claim), claim.heads, claim.total_fen or 0)),
        count=_count_of(_waiting),
        may=_officials,
    )
)  # fmt: skip
register(
    Export(
        kind="notices",
        title="公示记录",
        columns=columns(
            ("公示编号", "text", 18), ("开始", "date", 12), ("截止", "date", 12), ("暂定", "text", 8), ("件数", "integer", 8),
            ("人数", "integer", 8), ("金额（元）", "yuan", 16),
        ),
        rows=_rows_of(
            _notices,
            lambda notice: (
                notice.number, notice.opens_on, notice.closes_on, "是" if notice.provisional else "",
                notice.claims_count, notice.heads, notice.total_fen,
            ),
        ),
        count=_count_of(_notices),
        may=_officials,
    )
)  # fmt: skip
