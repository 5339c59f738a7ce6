"""What the finance pages show of bank answers: a batch's files, one file row by row, what is set aside, what came back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.acting import Actor
from core.errors import Refusal
from core.jobs import Job
from core.verdict import Verdict
from payments import result_access
from payments.access import NOT_VISIBLE, disinterested, visible_batches
from payments.account_rows import AccountChange
from payments.answers import ResultFile, ResultRow, RowVerdict
from payments.formats import Format, load_formats
from payments.models import SENT_STATES, WAITING, Batch, Outcome, Transfer
from payments.parked import can_be_booked
from payments.reissue import returned_transfers_open
from payments.result_jobs import last_import, refusal_of, running

PAGE = 50
ROWS: dict[str, Q] = {
    "parked": Q(verdict=RowVerdict.PARKED),
    "settled": Q(verdict=RowVerdict.BOOKED, outcome=Outcome.SETTLED),
    "returned": Q(verdict=RowVerdict.BOOKED, outcome=Outcome.RETURNED),
    "unknown": Q(verdict=RowVerdict.BOOKED, outcome=Outcome.UNKNOWN),
    "same": Q(verdict=RowVerdict.SAME),
}
STAGES: dict[str, Q] = {
    "wanted": Q(mended_at=None, change_waits=False),
    "waiting": Q(mended_at=None, change_waits=True),
    "ready": Q(mended_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The answers of one batch: what came, how far the import is, what still waits."""

    batch: Batch
    files: list[ResultFile]  # with `booked`, `same`, `parked`, `unsettled`
    sums: dict[str, tuple[int, int]]  # outcome: transfers, fen
    formats: list[Format]
    job: Job | None
    refusal: Refusal | None
    may_import: Verdict


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One answer file, a page of its rows."""

    result_file: ResultFile
    counts: dict[str, int]
    only: str
    page: Page
    bookable: set[int]  # rows set aside that may be taken as true
    may_settle: Verdict


def results_page(*, batch_id: int, by: Actor) -> ResultsPage:
    """Refuses `batch_not_visible`, the same when there is none."""
    batch = visible_batches(by).select_related("fund").filter(pk=batch_id).first()
    if batch is None:
        NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    parked = Q(rows__verdict=RowVerdict.PARKED)
    files = batch.result_files.select_related("file").annotate(
        booked=Count("rows", filter=Q(rows__verdict=RowVerdict.BOOKED)),
        same=Count("rows", filter=Q(rows__verdict=RowVerdict.SAME)),
        parked=Count("rows", filter=parked),
        unsettled=Count("rows", filter=parked & Q(rows__settlement=None)),
    )
    mine = running(batch_id) or last_import(batch_id, by)
    return ResultsPage(
        batch=batch,
        files=list(files),
        sums=_sums(batch),
        formats=[found for found in load_formats().values() if found.result is not None],
        job=mine,
        refusal=refusal_of(mine) if mine and mine.state == Job.State.DONE else None,
        may_import=result_access.can_import(by, batch),
    )


def _sums(batch: Batch) -> dict[str, tuple[int, int]]:
    found = batch.transfers.order_by().values_list("outcome").annotate(Count("pk"), Sum("amount_fen"))
    sums = {outcome: (count, fen) for outcome, count, fen in found}
    return {str(outcome): sums.get(outcome, (0, 0)) for outcome in Outcome.values}


def result_page(*, result_id: int, by: Actor, only: str = "", page: int | str = 1) -> ResultPage:
    """One file; `only` one of ROWS. Refuses `batch_not_visible`, the same when there is none."""
    result_file = file_for(result_id, by)
    rows = ResultRow.objects.filter(result_file=result_file).select_related("transfer", "settlement")
    counts = rows.order_by().aggregate(**{name: Count("pk", filter=which) for name, which in ROWS.items()})
    if only in ROWS:
        rows = rows.filter(ROWS[only])
    interest = disinterested(by, result_file.batch) if by.role in result_access.SETTLES else None
    shown = Paginator(rows.order_by("seq"), PAGE).get_page(page)
    return ResultPage(
        result_file=result_file,
        counts=counts,
        only=only if only in ROWS else "",
        page=shown,
        bookable={row.pk for row in shown if row.transfer and can_be_booked(row, row.transfer.outcome)},
        may_settle=result_access.can_settle(by, result_file, interest),
    )


def file_for(result_id: int, by: Actor) -> ResultFile:
    """An answer file whose batch the actor sees; refuses `batch_not_visible`, the same when there is none."""
    found = (
        ResultFile.objects.filter(pk=result_id, batch__in=visible_batches(by))
        .select_related("batch__fund", "file")
        .first()
    )
    if found is None:
        NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    return found


def parked_rows(by: Actor) -> QuerySet[ResultRow]:
    """Rows set aside that nobody settled yet, the oldest first."""
    rows = ResultRow.objects.filter(verdict=RowVerdict.PARKED, settlement=None)
    seen = rows.filter(result_file__batch__in=visible_batches(by))
    return seen.select_related("result_file__batch", "transfer").order_by("pk")


def unanswered(by: Actor) -> QuerySet[Batch]:
    """Sent batches of which something still waits for an answer, with `waiting` and `unknown` transfers."""
    waits = Transfer.objects.filter(batch=OuterRef("pk"), outcome__in=WAITING)
    return (
        visible_batches(by)
        .filter(Exists(waits), state__in=SENT_STATES)
        .annotate(
            waiting=Count("transfers", filter=Q(transfers__outcome=Outcome.PENDING)),
            unknown=Count("transfers", filter=Q(transfers__outcome=Outcome.UNKNOWN)),
        )
        .order_by("sent_at", "pk")
    )


def returned(by: Actor, stage: str = "") -> QuerySet[Transfer]:
    """Returned transfers that are to be paid again; `stage` one of STAGES."""
    found = returned_transfers_open().filter(batch__in=visible_batches(by))
    return found.filter(STAGES[stage]) if stage in STAGES else found


def returned_counts(by: Actor) -> dict[str, int]:
    """How many stand at each stage; one query."""
    found = returned(by).order_by()
    return dict(found.aggregate(**{name: Count("pk", filter=which) for name, which in STAGES.items()}))


def changes_waiting(by: Actor) -> QuerySet[AccountChange]:
    """Account changes that wait for the second officer, the oldest first."""
    waiting = AccountChange.objects.filter(state=AccountChange.State.WAITING)
    return _visible_changes(by, waiting).order_by("proposed_at")


def change_for(change_id: UUID, by: Actor) -> AccountChange:
    """One account change; refuses `account_change_unknown` for those who see none, and when there is none."""
    found = _visible_changes(by, AccountChange.objects.filter(pk=change_id)).first()
    if found is None:
        NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    return found


def _visible_changes(by: Actor, changes: QuerySet[AccountChange]) -> QuerySet[AccountChange]:
    if by.role not in result_access.SEES_RESULTS:
        return changes.none()
    return changes.select_related("account__organisation", "account__user", "replacement", "evidence")


def transfer_for(transfer_id: int, by: Actor) -> Transfer:
    """A returned transfer that is to be paid again; refuses `batch_not_visible`, the same when there is none."""
    found = returned(by).filter(pk=transfer_id).first()
    if found is None:
        NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    return found


def json_of(done: Any) -> dict[str, Any]:
    """What an import answers in a shell: counts and, for each row set aside, its place, why and what to do."""
    rows = ResultRow.objects.filter(result_file=done.result_file).select_related("transfer").order_by("seq")
    return {
        "batch": done.result_file.batch.number,
        "state": done.state,
        "file": done.result_file.file.name,
        "sha256": done.result_file.sha256,
        "again": done.again,
        "changed": done.changed,
        "rows": done.rows,
        "booked": done.booked,
        "same": done.same,
        "parked": done.parked,
        "waiting": done.waiting,
        "say": done.sentence,
        "items": [
            {
                "place": row.place,
                "reference": row.reference,
                "amount_fen": row.amount_fen,
                "outcome": row.outcome,
                "reason_code": row.reason_code,
                "verdict": row.verdict,
                "code": row.parked_for,
                "say": row.words,
            }
            for row in rows
        ],
    }
