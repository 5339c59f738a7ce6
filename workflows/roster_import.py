"""A roster into a draft, as a background job: examined outside of every lock, saved in one transaction.

One transaction, however long the roster: a draft that showed half of it could be filed as if it were all. It is the
shorter part of the work (about 0.3 s for 1,000 people, 2 s for the 5,000 that a claim may have, against the reading,
the checking and the two workbooks of the answer, which happen before it), and no other writer waits longer than that.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from core import clock
from core.errors import Refusal, WrongState
from core.jobs import Again, Job, Run, enqueue
from documents.files import Put, enter, put, read
from documents.models import StoredFile
from documents.rosters import CellError, Roster, RosterKind, RosterRow, RosterValues, parse_roster
from documents.rosters.parsing import ROSTER_LIMITS
from documents.rosters.results import failed_rows_workbook, result_workbook
from documents.spreadsheets.reading import refuse_at_sight
from registry.models import Worker
from workflows import access
from workflows.claims import Claim
from workflows.drafts import editable
from workflows.roster_lines import NAME_CLASH, index_in, put_lines, village_codes
from workflows.states import ClaimState, Kind

KIND = "rosters.import"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADED, OUTCOME = "application/octet-stream", "application/json"
SHOWN = 200  # faults on the page; the workbook that is given back names them all
STAGES = 3  # read, check, save
TRIES = 3  # names that change between the check and the lock: looked at anew
Tell = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an upload did: rows saved and failed, the parsed roster with its cell errors, and the two workbooks."""

    saved: int
    failed: int
    roster: Roster
    result_file: StoredFile
    failed_file: StoredFile | None


@dataclass(frozen=True, slots=True)
class Examined:
    """A roster that was read and checked, and its two workbooks, which lie in storage without a row yet."""

    roster: Roster
    result: Put
    again: Put | None

    @property
    def good(self) -> list[RosterValues]:
        return [row.values for row in self.roster.rows if row.values is not None and not row.errors]

    @property
    def failed(self) -> int:
        return sum(bool(row.errors) for row in self.roster.rows)


class NamesMoved(Exception):
    """A person of the roster was registered under another name after it was checked."""


def start_import(*, claim_id: int, by: Actor, data: bytes, name: str, page: str = "") -> Job:
    """Store an upload and enqueue its import; `page` is where its result will be shown.

    Refuses what `refuse_at_sight` refuses, a claim that is no draft of the actor's, and (`roster_running`) a second
    upload while one is on its way.
    """
    refuse_at_sight(data, name, limits=ROSTER_LIMITS)
    claim = Claim.objects.select_related("claimant_org__operated_by").filter(pk=claim_id).first()
    if claim is not None:
        access.can_edit(by, claim).require()
    if running(claim_id):
        raise _running()
    laid = put(data)
    with transaction.atomic():
        _draft(claim_id, by)
        file = enter(laid, name=name, content_type=UPLOADED, by_id=by.user_id)
        arguments = {"claim": claim_id, "file": str(file.pk), "page": page}
        job = enqueue(KIND, arguments=arguments, by=by, key=_key(claim_id))
        if job.arguments["file"] != str(file.pk):
            raise _running()
    return job


def running(claim_id: int) -> Job | None:
    """The import of a claim's roster that waits or runs now."""
    return Job.objects.filter(kind=KIND, key=_key(claim_id), state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


def last_import(claim_id: int, by: Actor) -> Job | None:
    """The import of this claim that the actor asked for last, in this post."""
    asked = Job.objects.filter(kind=KIND, asked_by=by.user_id, asked_post=by.post_id)
    return asked.filter(arguments__claim=claim_id).order_by("-enqueued_at").first()


def outcome_of(job: Job) -> dict[str, Any]:
    """What a finished import answers: saved, failed, faults, more, result_file, failed_file, or refusal.

    It lies sealed, because sentences name sheets and files as somebody called them.
    """
    return json.loads(read(StoredFile.objects.get(pk=job.result["outcome"])))


def carry_out(run: Run) -> dict[str, Any]:
    """The work of the job. What is wrong with the file is its answer, not a failure of the job."""
    if run.checkpoint:  # saved already; only the end was not written
        return run.checkpoint
    source = StoredFile.objects.get(pk=UUID(run.arguments["file"]))
    data = read(source)
    try:
        by = cast(Actor, run.started_by(acting_in))
        for _try in range(TRIES):
            try:
                return _carried(run, by, source, data)
            except NamesMoved:
                continue
        raise _moving()
    except Again:
        raise
    except Refusal as refusal:
        answer = {"refusal": {"code": refusal.code, "message": refusal.message}}
        return _ended(run, answer, _("花名册没有导入，原因见结果页。"), lambda: None)


def _carried(run: Run, by: Actor, source: StoredFile, data: bytes) -> dict[str, Any]:
    claim_id = run.arguments["claim"]
    examined = examine(
        claim_id, data, source.name, lambda done, saying: run.tell(done=done, total=STAGES, saying=saying)
    )
    saved, failed, faults = len(examined.good), examined.failed, examined.roster.errors
    answer = {
        "saved": saved,
        "failed": failed,
        "faults": [[fault.sheet, fault.cell, fault.message] for fault in faults[:SHOWN]],
        "more": max(len(faults) - SHOWN, 0),
        "result_file": str(examined.result.key),
        "failed_file": str(examined.again.key) if examined.again else None,
    }
    run.tell(done=2, total=STAGES, saying=_("保存%(count)s人") % {"count": saved})
    words = _("通过%(ok)s人，未通过%(bad)s人") % {"ok": saved, "bad": failed}
    return _ended(run, answer, words, lambda: save(examined, claim_id=claim_id, by=by, source=source))


def _ended(run: Run, answer: dict[str, Any], words: str, write: Callable[[], object]) -> dict[str, Any]:
    """What is saved, its answer and the checkpoint commit together: the import is whole, once, or it is not there."""
    laid = put(json.dumps(answer, ensure_ascii=False).encode())
    result = {"outcome": str(laid.key), "say": words, "url": run.arguments.get("page", "")}
    with run.step(done=STAGES, total=STAGES, saying=_("保存完毕"), checkpoint=result):
        write()
        enter(laid, name="花名册导入结果.json", content_type=OUTCOME, by_id=run.asked_by_id)
    return result


def import_roster(*, claim_id: int, by: Actor, data: bytes, name: str) -> RosterImport:
    """Import at once, in this process: for scripts and the demo. The same examination and the same saving.

    A file that cannot be read at all is refused before anything is saved.
    """
    for _try in range(TRIES):
        examined = examine(claim_id, data, name)
        laid = put(data)
        try:
            with transaction.atomic():
                source = enter(laid, name=name, content_type=UPLOADED, by_id=by.user_id)
                return save(examined, claim_id=claim_id, by=by, source=source)
        except NamesMoved:
            continue
    raise _moving()


def examine(claim_id: int, data: bytes, name: str, tell: Tell = lambda done, saying: None) -> Examined:
    """Read and check a roster and make its two workbooks; nothing is saved. `tell` hears the stage and its words."""
    kind = Claim.objects.filter(pk=claim_id).values_list("kind", flat=True).first()
    if kind is None or kind == Kind.AMBASSADOR:
        raise Refusal("roster_not_for_kind", _("这一类申报没有花名册。"))
    tell(0, _("读取表格"))
    roster = parse_roster(data, name, kind=cast(RosterKind, kind), on=clock.today(), village_codes=village_codes())
    tell(1, _("核对%(count)s人") % {"count": len(roster.rows)})
    roster = with_name_clashes(roster)
    words = {row.row: "；".join(error.message for error in row.errors) or "通过" for row in roster.rows}
    result = put(result_workbook(data, name, words, cells=[error.cell for error in roster.errors]))
    failed = {row.row: words[row.row] for row in roster.rows if row.errors}
    again = put(failed_rows_workbook(data, name, failed, kind=cast(RosterKind, kind))) if failed else None
    return Examined(roster, result, again)


def save(examined: Examined, *, claim_id: int, by: Actor, source: StoredFile) -> RosterImport:
    """Put the good rows on the claim with their answer, in the caller's transaction and under the claim's lock.

    Raises NamesMoved when somebody was registered under another name since the roster was examined.
    """
    claim = _draft(claim_id, by)
    if with_name_clashes(examined.roster) != examined.roster:
        raise NamesMoved
    saved = put_lines(claim, examined.good)
    claim.roster, claim.saved_at = source, clock.now()
    claim.save(update_fields=["roster", "saved_at"])
    result = enter(examined.result, name="校验结果.xlsx", content_type=XLSX, by_id=by.user_id)
    again = None
    if examined.again:
        again = enter(examined.again, name="未通过人员.xlsx", content_type=XLSX, by_id=by.user_id)
    return RosterImport(saved, examined.failed, examined.roster, result, again)


def with_name_clashes(roster: Roster) -> Roster:
    """The roster with an error on each row whose document is known under another name; twice gives the same."""
    values = [row.values for row in roster.rows if row.values is not None]
    known = dict(Worker.objects.filter(id_index__in={index_in(v) for v in values}).values_list("id_index", "name"))
    rows: list[RosterRow] = []
    for row in roster.rows:
        if row.values is not None:
            others = tuple(error for error in row.errors if error.message != NAME_CLASH)
            clashes = known.get(index_in(row.values), row.values.name) != row.values.name
            cell = CellError(roster.sheet, f"{row.row}", NAME_CLASH, "name")
            row = replace(row, errors=(*others, cell) if clashes else others)
        rows.append(row)
    return replace(roster, rows=tuple(rows))


def _draft(claim_id: int, by: Actor) -> Claim:
    claim = editable(claim_id, by)
    if claim.state != ClaimState.DRAFT:
        raise Refusal("roster_only_in_draft", _("补正时请逐人修改退回的人员，不能整表上传。"))
    return claim


def _key(claim_id: int) -> str:
    return f"roster:{claim_id}"


def _running() -> WrongState:
    return WrongState("roster_running", _("上一份花名册正在导入，请等它完成后再上传，或先取消它。"))


def _moving() -> Again:
    return Again("roster_names_moved", _("名单中有人员正在由其他申报登记，请稍后重新上传。"))
