"""Exports of lists: what a page lists, as a workbook that says what it is and can be checked.

Each package registers its lists in its own `exports.py`, with the question that the page asks (`may`) and the rows that
the page turns over. A list and its export start from the same queryset, so neither holds what the other hides.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor, acting
from accounts.models import User
from core import clock
from core.errors import NotAllowed, Refusal
from core.jobs import Job, Run, enqueue
from core.timeline import record
from core.verdict import Verdict
from documents.export_book import verify, write_book
from documents.files import enter, put
from documents.spreadsheets import ColumnSpec
from documents.spreadsheets.rows import Kind

__all__ = [
    "Export", "all_exports", "columns", "in_chunks", "local", "number_in", "register", "start_export", "verify", "write",
]  # fmt: skip

WRITE = "exports.write"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 1000  # rows read by one query
LONGEST_FILTER = 60  # as the pages cut what they are asked for
LARGEST_ID = 2**63 - 1
LAPSED = "您申请导出时所在的岗位已经终止，导出没有进行。请切换到现任岗位后重新导出。"
NO_LONGER = "您在申请导出时所在的岗位已无权查看该清单，导出没有进行。"

Filters = Mapping[str, str]
Row = Sequence[object]
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A list that can be exported.

    `kind` is its stable code, `filters` the parameters of the page that narrow it (the others are dropped), `may` whether
    the actor may have it, asked when he asks and again by the worker; `describe` says the filters in words, empty for
    the whole list. `rows` gives one value a column, the first one never empty; it leaves no cursor open between two
    rows (`in_chunks`), because progress is written meanwhile. `count`, when it is cheap, is for the progress only.
    """

    kind: str
    title: str
    columns: Sequence[ColumnSpec]
    rows: Callable[[Actor, Filters], Iterator[Row]]
    may: Callable[[Actor, Filters], Verdict]
    describe: Callable[[Filters], str] = lambda filters: ""
    filters: Sequence[str] = ()
    count: Callable[[Actor, Filters], int] | None = None


_known: dict[str, Export] = {}


def register(export: Export) -> Export:
    """Make a list known; called by `<package>/exports.py`. ValueError for two lists of one kind."""
    if _known.setdefault(export.kind, export) != export:
        raise ValueError(f"two exports of one kind: {export.kind}")
    return export


def all_exports() -> list[Export]:
    """Every registered list, by kind."""
    return [_known[kind] for kind in sorted(_known)]


def start_export(*, kind: str, filters: Filters, by: Actor) -> Job:
    """Enqueue the export of a list; the same one that is still being made is returned instead of a second.

    Refuses `export_unknown`, what the list's `may` says, and `job_argument_personal` for a filter that looks like an ID
    number, a phone or an account: the job's row keeps the filters.
    """
    export = _export(kind)
    kept = {name: str(filters[name])[:LONGEST_FILTER] for name in export.filters if filters.get(name)}
    export.may(by, kept).require()
    arguments = {"kind": kind, "filters": kept}
    asked = json.dumps([by.user_id, by.post_id, arguments], sort_keys=True)
    return enqueue(WRITE, arguments=arguments, by=by, key=sha256(asked.encode()).hexdigest()[:32])


def write(run: Run) -> dict[str, Any]:
    """The task: rows into a workbook, into storage, and the record of it in one step; killed, it begins anew.

    The actor is made again from who asked in which post. Refuses `export_post_lapsed`, and whatever `may` says now.
    """
    if not run.checkpoint:
        _make(run, _asker(run), _export(run.arguments["kind"]), run.arguments["filters"])
    return {"file": run.checkpoint["file"], "say": _("共%(count)s行") % {"count": run.checkpoint["count"]}}


def _make(run: Run, by: Actor, export: Export, filters: Filters) -> None:
    if not (verdict := export.may(by, filters)):
        raise NotAllowed(verdict.code, NO_LONGER)
    at = local(clock.now())
    total = export.count(by, filters) if export.count else 0
    facts = [
        (_("清单"), export.title),
        (_("筛选条件"), export.describe(filters) or _("无，全部列出")),
        (_("导出人"), by.label),
        (_("导出时间"), f"{at:%Y-%m-%d %H:%M:%S}（{_('北京时间')}）"),
    ]
    with TemporaryFile() as out:
        rows = _told(run, export, export.rows(by, filters), total)
        made = write_book(title=export.title, columns=export.columns, rows=rows, facts=facts, out=out)
        out.seek(0)
        laid = put(out.read())
    name = f"{export.title}-{at:%Y%m%d-%H%M%S}.xlsx"
    with run.step(done=made.count, total=made.count, checkpoint={"file": str(laid.key), "count": made.count}):
        enter(laid, name=name, content_type=XLSX, by_id=by.user_id)
        data = {"kind": export.kind, "count": made.count, "sha256": made.sha256}
        record(f"job:{run.job_id}", "export", by=by, data=data)


def _told(run: Run, export: Export, rows: Iterable[Row], total: int) -> Iterator[Row]:
    """The rows, while the job says how far it is and hears whether it was cancelled."""
    run.tell(done=0, total=total, saying=export.title)
    for done, row in enumerate(rows, 1):
        yield row
        if done % 50 == 0:
            run.tell(done=done, total=max(done, total) if total else 0)


def _asker(run: Run) -> Actor:
    """Who asked, in the post he asked in; never in another one of his."""
    user = User.objects.filter(pk=run.asked_by_id).first()
    by = acting(user, run.asked_post_id) if user else None
    if by is None or by.post_id != run.asked_post_id:
        raise NotAllowed("export_post_lapsed", LAPSED)
    return by


def _export(kind: str) -> Export:
    if kind not in _known:
        raise Refusal("export_unknown", _("没有这一清单可以导出，请从清单页面点击“导出”。"))
    return _known[kind]


def in_chunks(found: QuerySet[Found]) -> Iterator[Found]:
    """The rows of a queryset in its order, a thousand a query, with no cursor open between them.

    On SQLite a cursor that stays open while another process writes lets our own next write (progress) fail. Each chunk
    asks the queryset's conditions again, so a row that left the list meanwhile is left out.
    """
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        rows = {row.pk: row for row in found.filter(pk__in=part)}
        yield from (rows[key] for key in part if key in rows)


def columns(*given: tuple[str, Kind, float]) -> tuple[ColumnSpec, ...]:
    """Columns by title, kind and width."""
    return tuple(ColumnSpec(title=title, kind=kind, width=width) for title, kind, width in given)


def number_in(filters: Filters, name: str) -> int | None:
    """A filter that is a database id; None for anything else."""
    text = filters.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else None


def local(moment: datetime | None) -> datetime | None:
    """A moment as people in the zone read it."""
    return moment.astimezone(clock.SHANGHAI) if moment else None
