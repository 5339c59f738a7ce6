"""An annex into the register: uploaded, examined by a job (dry run), applied by one click, undone until the next one.

Up to `WHOLE` lines are written in one transaction. More would keep every other writer waiting, so they are written in
steps, each once wherever a process is killed; until the last step the import stands as being written, and it can be undone.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol, cast

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting_in
from accounts.models import Area
from core import clock
from core.errors import Refusal, WrongState
from core.jobs import Again, Run, enqueue
from core.timeline import SYSTEM, record
from documents.annexes.applying import mark_vanished, take_back, write
from documents.annexes.examining import add, elsewhere, examine, read_file
from documents.annexes.lines import Read
from documents.annexes.reading import ANNEX_LIMITS
from documents.annexes.report import Report, report_from
from documents.annexes.rows import TAKEN, AnnexImport, AnnexRow, ImportState
from documents.annexes.settling import chunks, settle
from documents.files import enter, put, read
from documents.spreadsheets.reading import refuse_at_sight
from registry.labour import access

READ, APPLY, UNDO = "annexes.read", "annexes.apply", "annexes.undo"
UPLOADED, ANSWER = "application/octet-stream", "application/json"
WHOLE = 5000  # lines in one transaction: about two seconds
Page = Callable[[int], str]


class Stepping(Protocol):
    """What carries the work: a job's run, or `Direct`."""

    checkpoint: dict[str, Any]

    def step(
        self, *, done: int | None = None, total: int | None = None, saying: str | None = None,
        checkpoint: Mapping[str, Any] | None = None,
    ) -> AbstractContextManager[Any]: ...  # fmt: skip

    def tell(self, *, done: int | None = None, total: int | None = None, saying: str | None = None) -> None: ...


def start_import(
    *, data: bytes, name: str, by: Actor, annex: int | None = None, village: Area | None = None, page: Page = lambda pk: ""
) -> AnnexImport:  # fmt: skip
    """Store an upload and enqueue its dry run; `page` says where its answer is shown. A village's post means its village.

    Refuses what `refuse_at_sight` refuses and a village that the actor does not keep.
    """
    refuse_at_sight(data, name, limits=ANNEX_LIMITS)
    access.can_open(by).require()
    if by.area is not None and by.area.kind == Area.Kind.VILLAGE:
        village = by.area
    if village is not None:
        access.can_keep(by, village).require()
    elif by.role not in access.KEEPERS:
        raise Refusal("register_read_only", _("当前岗位只能查看劳动力信息，不能导入。"))
    laid = put(data)
    with transaction.atomic():
        file = enter(laid, name=name, content_type=UPLOADED, by_id=by.user_id)
        made = AnnexImport.objects.create(
            annex=annex, village=village, file=file, sha256=file.sha256, asked_by=by.user, asked_post=by.post_id,
            asked_at=clock.now(),
        )  # fmt: skip
        made.job = enqueue(READ, arguments={"import": made.pk, "page": page(made.pk)}, by=by, key=str(made.pk))
        made.save(update_fields=["job"])
    return made


def carry_out_reading(run: Run) -> dict[str, Any]:
    """The dry run as a job. What is wrong with the file is its answer, not a failure of the job."""
    made = AnnexImport.objects.select_related("file", "village").get(pk=run.arguments["import"])
    url = run.arguments["page"]
    if made.state != ImportState.READING:
        return {"url": url}

    def tell(done: int, total: int, saying: str) -> None:
        run.tell(done=done, total=max(total, done) if total else 0, saying=saying)

    try:
        by = cast(Actor, run.started_by(acting_in))
        found, village = read_file(
            read(made.file), made.file.name, on=clock.today(), annex=made.annex, village=made.village, tell=tell
        )
        report = examine(found, village, on=clock.today(), by=by, tell=tell)
    except Again:
        raise
    except Refusal as refusal:
        with run.step(saying=_("文件没有读取")):
            made.state, made.counts = ImportState.REFUSED, {"code": refusal.code, "message": refusal.message}
            made.save(update_fields=["state", "counts"])
        return {"say": _("文件没有读取，原因见结果页。"), "url": url}
    laid = put(report.as_bytes())
    with run.step(done=report.people, total=report.people, saying=_("预检完毕")):
        keep_report(made, report, village, laid, by.user_id)
    return {"say": _("共%(people)s人，新增%(new)s人，变更%(changed)s人") % report.counts, "url": url}


def keep_report(made: AnnexImport, report: Report, village: Area, laid: Any, by_id: int | None) -> None:
    """The dry run's answer beside its import, in the caller's transaction."""
    made.report = enter(laid, name="预检结果.json", content_type=ANSWER, by_id=by_id)
    made.annex, made.village, made.counts, made.state = report.annex, village, report.counts, ImportState.READ
    made.save(update_fields=["report", "annex", "village", "counts", "state"])


def report_of(made: AnnexImport) -> Report | None:
    """What the dry run found; None while there is nothing yet."""
    return report_from(read(made.report)) if made.report_id and made.report else None


def start_applying(*, import_id: int, by: Actor, page: str = "") -> AnnexImport:
    """Let a dry run become real. Refuses `annex_not_read`, `annex_stale` (another was taken since), `annex_at_work`."""
    with transaction.atomic():
        made = locked(import_id, by)
        if made.state != ImportState.READ:
            raise WrongState("annex_not_read", _("该文件已导入、已撤销或尚未预检，请刷新页面。"))
        _begin(made, ImportState.APPLYING)
        made.asked_by, made.asked_post = by.user, by.post_id
        made.job = enqueue(APPLY, arguments={"import": made.pk, "page": page}, by=by, key=str(made.pk))
        made.save(update_fields=["asked_by", "asked_post", "job"])
    return made


def _begin(made: AnnexImport, state: ImportState) -> None:
    later = AnnexImport.objects.filter(village=made.village, annex=made.annex, pk__gt=made.pk, state__in=TAKEN)
    if later.exists():
        raise WrongState("annex_stale", _("之后又导入了该村的同一附件，请重新上传文件，或先处理后一次导入。"))
    try:
        with transaction.atomic():
            made.state = state
            made.save(update_fields=["state"])
    except IntegrityError as error:
        raise WrongState("annex_at_work", _("该村的另一份附件正在写入或撤销，请等它完成后再办理。")) from error


def carry_out_applying(run: Run) -> dict[str, Any]:
    """The writing as a job."""
    made = AnnexImport.objects.select_related("file", "village").get(pk=run.arguments["import"])
    by = cast(Actor, run.started_by(acting_in))
    if made.state == ImportState.APPLYING:
        on = date.fromisoformat(run.checkpoint.get("on", clock.today().isoformat()))
        found, village = read_file(
            read(made.file), made.file.name, on=on, annex=made.annex, village=made.village,
            tell=lambda done, total, saying: run.tell(saying=saying),
        )  # fmt: skip
        apply(run, made, found, village, on=on, by=by)
    words = _("新增%(new)s人，变更%(changed)s人") % {"new": made.counts["new"], "changed": made.counts["changed"]}
    return {"say": words, "url": run.arguments["page"]}


def apply(run: Stepping, made: AnnexImport, found: Read, village: Area, *, on: date, by: Actor | None) -> Report:
    """Write the lines; whole in one step when they are few. Returns what was really done."""
    vanished = (report_of(made) or Report(found.annex, village.code)).vanished
    done = run.checkpoint.get("chunks", 0)
    report = Report(found.annex, village.code, duplicates=list(found.repeats), errors=list(found.errors))
    for name in ("people", "new", "changed", "doubtful"):
        setattr(report, name, run.checkpoint.get(name, 0))
    groups = list(chunks(found.lines))
    total = len(found.lines)

    def settled(number: int) -> None:
        chunk = settle(groups[number], village=village, annex=found.annex, elsewhere=elsewhere(by), lock=True)
        write(chunk, made, on=on)
        add(report, chunk)

    def at(number: int) -> dict[str, Any]:
        figures = {name: getattr(report, name) for name in ("people", "new", "changed", "doubtful")}
        return {"chunks": number, "on": on.isoformat(), **figures}

    if total > WHOLE:
        for number in range(done, len(groups)):
            with run.step(
                done=min(report.people + len(groups[number]), total), total=total, saying=_("写入登记")
            ) as step:
                settled(number)
                step.checkpoint = at(number + 1)
        done = len(groups)
    with run.step(done=total, total=total, saying=_("导入完毕")):
        for number in range(done, len(groups)):
            settled(number)
        mark_vanished(made, vanished, on=on)
        report.vanished = vanished
        _finish(made, report, by)
    return report


def _finish(made: AnnexImport, report: Report, by: Actor | None) -> None:
    counts = made.counts | {name: getattr(report, name) for name in ("people", "new", "changed")}
    made.counts, made.state, made.applied_at = counts, ImportState.APPLIED, clock.now()
    made.save(update_fields=["counts", "state", "applied_at"])
    data = {"area": made.village.path if made.village else "", "annex": made.annex, "people": report.people}
    record(made.chain, "apply_annex", by=by or SYSTEM, data={**data, "sha256": made.sha256})


def start_undoing(*, import_id: int, by: Actor, page: str = "") -> AnnexImport:
    """Take a whole import back. Refuses `annex_not_applied`, `annex_stale` (only the last of its kind), `annex_at_work`."""
    with transaction.atomic():
        made = locked(import_id, by)
        broken_off = made.state == ImportState.APPLYING and (made.job is None or not made.job.is_live)
        if made.state != ImportState.APPLIED and not broken_off:
            raise WrongState("annex_not_applied", _("该文件没有导入，或已经撤销，请刷新页面。"))
        _begin(made, ImportState.UNDOING)
        made.job = enqueue(UNDO, arguments={"import": made.pk, "page": page}, by=by, key=str(made.pk))
        made.save(update_fields=["job"])
    return made


def carry_out_undoing(run: Run) -> dict[str, Any]:
    """The undoing as a job."""
    made = AnnexImport.objects.select_related("village").get(pk=run.arguments["import"])
    kept = run.checkpoint.get("kept", 0)
    if made.state == ImportState.UNDOING:
        kept = undo(run, made, by=cast(Actor, run.started_by(acting_in)))
    words = _("已撤销导入") + (_("，%(kept)s人之后另有登记，予以保留") % {"kept": kept} if kept else "")
    return {"say": words, "url": run.arguments["page"]}


def undo(run: Stepping, made: AnnexImport, *, by: Actor | None) -> int:
    """Take the effects back, in one step when they are few; how many people stay because of later work on them."""
    kept, last = run.checkpoint.get("kept", 0), run.checkpoint.get("row", 0)
    left = AnnexRow.objects.filter(annex_import=made).order_by("pk")
    total = left.count()
    if total > WHOLE:
        while rows := list(left.filter(pk__gt=last)[:1000]):
            with run.step(done=min(left.filter(pk__lte=last).count() + len(rows), total), total=total) as step:
                kept, last = kept + take_back(made, rows), rows[-1].pk
                step.checkpoint = {"kept": kept, "row": last}
    with run.step(done=total, total=total, saying=_("撤销完毕"), checkpoint={"kept": kept, "row": last}):
        rows = list(left.filter(pk__gt=last))
        kept += take_back(made, rows) if rows else 0
        made.state, made.undone_at = ImportState.UNDONE, clock.now()
        made.save(update_fields=["state", "undone_at"])
        record(made.chain, "undo_annex", by=by or SYSTEM, data={"area": made.village.path if made.village else ""})
    return kept


def locked(import_id: int, by: Actor) -> AnnexImport:
    """An import under lock, for who keeps its village; others are told that it is not there."""
    rows = AnnexImport.objects.select_for_update(of=("self",)).select_related("village", "job", "file", "report")
    made = rows.filter(pk=import_id).first()
    if made is None or made.village is None:
        access.NOT_SEEN.require()
        raise AssertionError
    access.can_keep(by, made.village).require()
    return made


def visible_imports(by: Actor) -> QuerySet[AnnexImport]:
    """Imports of the villages that the post sees, and its own uploads that name no village yet; the latest first."""
    own = Q(village=None, asked_by=by.user_id, asked_post=by.post_id)
    rows = AnnexImport.objects.filter(Q(village__in=access.areas_of(by)) | own)
    return rows.select_related("village", "file", "asked_by", "job")
