"""Import of a bank's answer file (brief section 8; C17, C19): by file hash and by item, whole and once.

Read and judged outside of locks first, so that a file that cannot be read is refused before anything is saved; then
judged again under the batch's lock and saved in one transaction: the file, every row with its verdict, and through
`payments.answering` what the rows do to transfers, ledger and batch.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from core.inserting import insert_rows
from core.timeline import Signer, record
from documents.files import Put, enter, put
from documents.models import StoredFile
from payments import result_access
from payments.answering import Answer as Answered
from payments.answering import answer_transfers
from payments.answers import ParkedFor, ResultFile, ResultRow, RowVerdict
from payments.formats import Answer, Format, format_named, read_answer
from payments.judging import Expected, Judged, judge, kept, wrong_total
from payments.locking import batch_locked
from payments.models import Batch, Outcome, Transfer

UPLOADED = "application/octet-stream"
AT_ONCE = 500  # rows of one statement
LARGEST = 20 * 1024 * 1024  # bytes; 5,000 rows of an xlsx are 0.4 MB
Tell = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `again`: this very file was imported before, and nothing changed."""

    result_file: ResultFile
    again: bool
    rows: int
    booked: dict[str, int]  # outcome: rows
    same: int
    parked: int
    waiting: int  # transfers of the batch that still wait for an answer
    state: str  # of the batch

    @property
    def changed(self) -> int:
        """How many transfers changed."""
        return 0 if self.again else sum(self.booked.values())

    @property
    def sentence(self) -> str:
        """What happened, for a page, a job or a terminal."""
        if self.again:
            return _("这份文件已由%(who)s于%(when)s导入，本次未作任何改动。") % {
                "who": self.result_file.imported_by_label,
                "when": moment(self.result_file.imported_at),
            }
        return _(
            "登记支付成功%(settled)s笔、退票%(returned)s笔、结果不明%(unknown)s笔，相同%(same)s笔，挂起待查%(parked)s条。"
        ) % {**self.booked, "same": self.same, "parked": self.parked}


def moment(at: Any) -> str:
    """A moment as a sentence says it."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def import_result(*, batch_id: int, data: bytes, name: str, by: Signer, format_code: str = "") -> Imported:
    """Import an answer file at once, in this process. `format_code` is the batch's own when left out.

    Refuses `batch_unknown`, `batch_not_sent`, whoever may not (`result_not_yours`, `batch_pays_you`), and what the
    format's reader refuses; then nothing is saved. Importing the same bytes again changes nothing and says so.
    """
    batch = _seen(batch_id, by)
    require_size(data)
    answer, used = examine(batch, data, name, format_code)
    laid = put(data)
    with transaction.atomic():
        known = known_file(batch_locked(batch_id), laid.sha256)
        if known:
            return told(known, again=True)
        file = enter(laid, name=name, content_type=UPLOADED, by_id=by.user_id)
        return save(batch_id=batch_id, answer=answer, file=file, format_code=used, by=by)


def examine(batch: Batch, data: bytes, name: str, format_code: str = "") -> tuple[Answer, str]:
    """Read an answer file of the batch, outside of locks; with the code of the format it was read by."""
    code = format_code or batch.sent_format
    return read_answer(format_read_by(code), data, name), code


def format_read_by(code: str) -> Format:
    """The format; refuses `format_unknown`, and `format_no_result` when it does not say how answers are read."""
    found = format_named(code)
    if found.result is None:
        raise Refusal(
            "format_no_result", _("格式“%(format)s”没有回单读取规则，请改选其他格式。") % {"format": found.label}
        )
    return found


def save(*, batch_id: int, answer: Answer, file: StoredFile, format_code: str, by: Signer) -> Imported:
    """Save a read answer with all it does, in the caller's transaction and under the batch's lock; once a file.

    Another import of the same bytes that was faster is found under the lock: then nothing changes.
    """
    batch = batch_locked(batch_id)
    result_access.require_import(by, batch)
    if known := known_file(batch, file.sha256):
        return told(known, again=True)
    judged = judged_for(batch, answer)
    result_file = ResultFile.objects.create(
        batch=batch,
        file=file,
        sha256=file.sha256,
        format_code=format_code,
        rows_count=len(judged),
        stated_count=answer.count,
        stated_fen=answer.total_fen,
        imported_by_id=by.user_id,
        imported_by_label=by.label,
        imported_at=clock.now(),
    )
    rows = [_row(result_file, seq, one) for seq, one in enumerate(judged, 1)]
    if words := wrong_total(answer):
        rows.append(_total_row(result_file, answer, words))
    insert_rows(rows)
    record(
        batch.chain,
        "import_result",
        by=by,
        data={"result": result_file.pk, "sha256": file.sha256, "rows": len(judged), "parked": _count(rows, "parked")},
    )
    booked = {one.transfer_id: answered(one.row) for one in judged if one.verdict == RowVerdict.BOOKED}
    if booked:
        answer_transfers(
            batch=batch,
            outcomes={pk: said for pk, said in booked.items() if pk is not None},
            by=by,
            source=result_file.source,
        )
    return told(result_file, again=False)


def judged_for(batch: Batch, answer: Answer) -> list[Judged]:
    """Every row judged against the batch's transfers as they stand; two queries and one a 500 strange references."""
    found = Transfer.objects.filter(batch=batch).exclude(outcome=Outcome.WITHDRAWN)
    values = found.values_list("pk", "reference", "amount_fen", "outcome", "answered_at")
    expected = {
        reference: Expected(pk, reference, fen, outcome, moment(at) if at else "")
        for pk, reference, fen, outcome, at in values
    }
    strange = {row.reference for row in answer.rows if row.reference not in expected}
    return judge(answer, expected, _elsewhere(strange))


def _elsewhere(references: Collection[str]) -> dict[str, str]:
    """The batch's number for each reference that belongs to another batch."""
    wanted: list[str] = sorted(references)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = Transfer.objects.filter(reference__in=wanted[start : start + AT_ONCE])
        found.update(some.values_list("reference", "batch__number"))
    return found


def answered(row: Any) -> Answered:
    """What a row of an answer, or a kept row, says of its transfer."""
    returned = row.outcome == Outcome.RETURNED
    return Answered(row.outcome, (row.reason_code or "other") if returned else "", row.reason)


def _row(result_file: ResultFile, seq: int, one: Judged) -> ResultRow:
    place, reference, reason = kept(one.row)
    return ResultRow(
        result_file=result_file,
        seq=seq,
        place=place,
        reference=reference,
        transfer_id=one.transfer_id,
        amount_fen=one.row.amount_fen,
        outcome=one.row.outcome,
        reason_code=one.row.reason_code,
        reason=reason,
        verdict=one.verdict,
        parked_for=one.parked_for,
        words=one.words,
    )


def _total_row(result_file: ResultFile, answer: Answer, words: str) -> ResultRow:
    return ResultRow(
        result_file=result_file,
        seq=0,
        place=_("合计"),
        amount_fen=answer.total_fen,
        outcome=ResultRow.Outcome.UNKNOWN,
        verdict=RowVerdict.PARKED,
        parked_for=ParkedFor.TOTAL,
        words=words,
    )


def _count(rows: Iterable[ResultRow], verdict: str) -> int:
    return sum(row.verdict == verdict for row in rows)


def known_file(batch: Batch, digest: str) -> ResultFile | None:
    """The import of these bytes for this batch."""
    return ResultFile.objects.select_related("batch", "file").filter(batch=batch, sha256=digest).first()


def told(result_file: ResultFile, *, again: bool) -> Imported:
    """What an import did, read from what it left; two queries."""
    rows = list(ResultRow.objects.filter(result_file=result_file).values_list("verdict", "outcome"))
    booked = {str(outcome): rows.count((RowVerdict.BOOKED, outcome)) for outcome in ResultRow.Outcome.values}
    verdicts = [verdict for verdict, _outcome in rows]
    return Imported(
        result_file=result_file,
        again=again,
        rows=result_file.rows_count,
        booked=booked,
        same=verdicts.count(RowVerdict.SAME),
        parked=verdicts.count(RowVerdict.PARKED),
        waiting=Transfer.objects.filter(
            batch=result_file.batch, outcome__in=(Outcome.PENDING, Outcome.UNKNOWN)
        ).count(),
        state=result_file.batch.state,
    )


def require_size(data: bytes) -> None:
    """Refuses an empty file and one that no answer is as large as."""
    if not data:
        raise Refusal("upload_empty", _("文件是空的，请重新选择文件。"))
    if len(data) > LARGEST:
        raise Refusal("upload_too_large", _("文件超过20 MB，请确认是否为银行回单文件。"))


def _seen(batch_id: int, by: Signer) -> Batch:
    """The batch, when the actor may import for it; unlocked."""
    batch = Batch.objects.select_related("fund").filter(pk=batch_id).first()
    if batch is None:
        raise Refusal("batch_unknown", _("找不到该拨付批次，请刷新页面。"))
    result_access.require_import(by, batch)
    return batch


def laid_down(data: bytes) -> Put:
    """An upload in storage, without a row yet; refuses its size."""
    require_size(data)
    return put(data)
