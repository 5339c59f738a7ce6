"""Questions about payments: what waits to be paid, the batches, and one batch with all its page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.acting import Actor
from core.errors import WrongState
from core.models import Event
from core.verdict import Verdict
from funds.models import FundSource
from payments import access
from payments.access import BatchVerb
from payments.file_rows import FormatRow, format_rows
from payments.formats import Format, load_formats
from payments.locking import RELATED
from payments.models import Batch, BatchState, Outcome, PaymentItem
from payments.paid_rows import TransferRow, items_of, transfer_rows, transfers_in
from payments.reissue import unmended
from workflows.claims import Claim, ClaimLine
from workflows.hearings import Objection, ObjectionLine
from workflows.states import ClaimState, LineStatus

PAGE = 50
LIST_PAGE = 25
DONE: dict[str, Promise] = {
    "open_batch": _("发起批次"),
    "draft_batch": _("编制"),
    "choose_format": _("更换文件格式"),
    "check_batch": _("复核通过"),
    "return_batch": _("退回重新编制"),
    "release_batch": _("批准并封存"),
    "cancel_batch": _("撤销批次"),
    "send_batch": _("登记已发送"),
    "answer_batch": _("登记支付结果"),
    "import_result": _("导入银行回单"),
    "settle_result_row": _("处理挂起的回单"),
    "paper_withdrawn": _("撤回拨付审批表"),
    "mark_paid": _("登记已支付"),
    "mark_returned": _("登记退票"),
    "close_batch": _("办结"),
    "download_batch": _("下载支付文件"),
}
EVENTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Station:
    """One step of the batch's road: who did it and when, or who is to do it."""

    label: str | Promise
    who: str
    at: datetime | None
    state: str  # done, now, later


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of heads and sums of fen, all and by answer."""

    transfers: int
    heads: int
    fen: int
    settled_heads: int
    settled_fen: int
    returned_heads: int
    returned_fen: int
    unknown_heads: int
    unknown_fen: int
    pending_heads: int
    pending_fen: int
    withdrawn_heads: int
    withdrawn_fen: int


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it does, and whether the actor may; `timely` when the batch's state asks for it."""

    verb: str
    label: str
    verdict: Verdict
    timely: bool


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the batch's record."""

    at: datetime
    who: str
    label: str | Promise
    words: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Everything the page of a batch shows, read in a fixed number of queries."""

    batch: Batch
    stations: list[Station]
    totals: Totals
    page: Page
    rows: list[TransferRow]
    actions: dict[str, Action]
    files: list[FormatRow]
    form: Format | None
    events: list[Done]


def payable_lines(*, fund_id: int | None = None, channel: str = "") -> QuerySet[ClaimLine]:
    """Lines that can go into a batch (of this fund and channel): live, approved, in no live item, with no open objection.

    In order of approval. What a bank returned is not among them until its account was corrected (`payments.reissue`),
    nor what was set off against a debt.
    """
    asked: dict[str, Any] = {"claim__fund": fund_id} if fund_id is not None else {"claim__fund__isnull": False}
    if channel:
        asked["claim__account__organisation__isnull"] = channel != Batch.Channel.PUBLIC
    taken = PaymentItem.objects.filter(line=OuterRef("pk"), live=True)
    return (
        ClaimLine.objects.filter(
            status=LineStatus.LIVE,
            amount_fen__gt=0,
            claim__state=ClaimState.PAYABLE,
            claim__account__isnull=False,
            offset__isnull=True,
            **asked,
        )
        .exclude(Exists(taken))
        .exclude(Exists(unmended().filter(line=OuterRef("pk"))))
        .exclude(Exists(ObjectionLine.objects.filter(line=OuterRef("pk"), objection__outcome="")))
        .exclude(Exists(Objection.objects.filter(claim=OuterRef("claim"), outcome="", named=None)))
        .order_by("claim__approved_at", "claim_id", "seq")
    )


def payable_claims(*, fund_id: int, channel: str) -> QuerySet[Claim]:
    """The same lines by claim: `open_heads` and `open_fen` are what is still to be paid."""
    lines = payable_lines(fund_id=fund_id, channel=channel).filter(claim=OuterRef("pk")).order_by().values("claim")
    heads = Subquery(lines.annotate(n=Count("pk")).values("n"))
    fen = Subquery(lines.annotate(n=Sum("amount_fen")).values("n"))
    earlier = PaymentItem.objects.filter(claim=OuterRef("pk"), outcome=Outcome.RETURNED)
    return (
        Claim.objects.filter(state=ClaimState.PAYABLE, fund=fund_id)
        .annotate(open_heads=Coalesce(heads, 0), open_fen=Coalesce(fen, 0), was_returned=Exists(earlier))
        .filter(open_heads__gt=0)
        .select_related("claimant_org", "claimant_user", "account")
        .order_by("approved_at", "pk")
    )


def without_account() -> int:
    """Approved claims that cannot be paid because they name no account: somebody must ask for it."""
    return Claim.objects.filter(state=ClaimState.PAYABLE, account=None).count()


def lines_of(*, fund_id: int, channel: str, claim_id: int) -> QuerySet[ClaimLine]:
    """One claim's payable lines with their workers, to choose from one by one."""
    lines = payable_lines(fund_id=fund_id, channel=channel).filter(claim=claim_id)
    return lines.select_related("worker", "claim__claimant_org", "claim__claimant_user").defer("details", "phone")


def funds() -> QuerySet[FundSource]:
    """Every fund source, the latest year first."""
    return FundSource.objects.order_by("-year", "name", "pk")


def opened_batches(*, fund_id: int, channel: str) -> QuerySet[Batch]:
    """Batches that wait to be drafted on this fund and channel."""
    return Batch.objects.filter(state=BatchState.OPENED, fund=fund_id, channel=channel).order_by("pk")


def batches_for(by: Actor, *, state: str = "") -> QuerySet[Batch]:
    """The batches the actor sees, newest first, with `heads` and `sum_fen`: fixed when sealed, of live items before."""
    items = PaymentItem.objects.filter(batch=OuterRef("pk"), live=True).order_by().values("batch")
    batches = access.visible_batches(by)
    if state in BatchState.values:
        batches = batches.filter(state=state)
    return (
        batches.select_related(*RELATED)
        .annotate(
            heads=Coalesce("count", Subquery(items.annotate(n=Count("pk")).values("n")), 0),
            sum_fen=Coalesce("total_fen", Subquery(items.annotate(n=Sum("amount_fen")).values("n")), 0),
        )
        .order_by("-pk")
    )


def batch_page(*, batch_id: int, by: Actor, page: int | str = 1) -> BatchPage:
    """The page of a batch, a page of 50 transfers; refuses `batch_not_visible`, the same when there is none."""
    batch = (
        access.visible_batches(by)
        .select_related(*RELATED, "paper__mark__replacement", "paper__bytes", "paper__job", "file")
        .filter(pk=batch_id)
        .first()
    )
    if batch is None:
        access.NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    items = items_of(batch)
    groups = transfers_in(batch)
    shown = Paginator(groups, PAGE).get_page(page)
    return BatchPage(
        batch=batch,
        stations=_stations(batch),
        totals=_totals(items, shown.paginator.count),
        page=shown,
        rows=transfer_rows(batch, list(shown)),
        actions=_actions(batch, by),
        files=format_rows(batch, by),
        form=load_formats().get(batch.format_code),
        events=_events(batch),
    )


def batch_to_fit(*, batch_id: int, by: Actor) -> Batch:
    """A batch whose fit to its format is asked; refuses `batch_not_visible`, and `batch_moved_on` when it is sealed."""
    batch = access.visible_batches(by).select_related(*RELATED).filter(pk=batch_id).first()
    if batch is None:
        access.NOT_VISIBLE.require()
    assert batch is not None
    if batch.state not in (BatchState.DRAFTED, BatchState.CHECKED):
        raise WrongState("batch_moved_on", _now("批次不在复核、批准环节，无需核对文件格式。"))
    return batch


def _totals(items: QuerySet[PaymentItem], transfers: int) -> Totals:
    sums: dict[str, Any] = {"heads": Count("pk"), "fen": Sum("amount_fen")}
    for outcome in Outcome:
        answered = Q(outcome=outcome)
        sums[f"{outcome}_heads"] = Count("pk", filter=answered)
        sums[f"{outcome}_fen"] = Sum("amount_fen", filter=answered)
    return Totals(transfers=transfers, **{name: value or 0 for name, value in items.aggregate(**sums).items()})


def _stations(batch: Batch) -> list[Station]:
    road = [
        (_("发起"), batch.opened_by, batch.opened_at),
        (_("编制"), batch.made_by, batch.made_at),
        (_("复核"), batch.checked_by, batch.checked_at),
        (_("批准封存"), batch.released_by, batch.released_at),
        (_("发送"), batch.sent_by, batch.sent_at),
    ]
    stations, waiting = [], batch.state != BatchState.CANCELLED
    for label, who, at in road:
        state = "done" if at else ("now" if waiting else "later")
        waiting = waiting and bool(at)
        stations.append(Station(label, who.full_name if who else "", at, state))
    closed = batch.state == BatchState.CLOSED
    stations.append(Station(_("支付办结"), "", None, "done" if closed else ("now" if waiting else "later")))
    return stations


def _actions(batch: Batch, by: Actor) -> dict[str, Action]:
    """One verdict a verb; whether the batch pays the actor is asked once."""
    interest = access.disinterested(by, batch) if by.role in access.HANDLERS else None
    return {
        verb.value: Action(
            verb=verb.value,
            label=str(verb.label),
            verdict=access.can(by, batch, verb, interest=interest),
            timely=batch.state in access.STATES[verb],
        )
        for verb in BatchVerb
    }


def _events(batch: Batch) -> list[Done]:
    latest = Event.objects.filter(chain=batch.chain).order_by("-seq")[:EVENTS_SHOWN]
    return [
        Done(e.at, e.by_label, DONE.get(e.verb, e.verb), e.data.get("opinion") or e.data.get("reason") or "")
        for e in reversed(latest)
    ]
