"""What a walk found, kept where people see it: open findings, and when each was seen first and last."""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from core.timeline import Signer, record
from documents.integrity.walking import Problem, Stretch, is_old, walk
from documents.models import IntegrityFinding, IntegrityRun, StoredFile

CHAIN = "integrity:orphans"
MOST_REMOVED = 500  # files a command: the rest with the next


def begin() -> IntegrityRun:
    """A new run."""
    return IntegrityRun.objects.create(started_at=clock.now())


def note(run_id: int, stretch: Stretch) -> None:
    """Add a stretch to the run, in the caller's transaction; the same stretch twice notes its problems once."""
    if stretch.checked:
        IntegrityRun.objects.filter(pk=run_id).update(checked=F("checked") + stretch.checked)
    for problem in stretch.problems:
        _seen(run_id, problem)


def _seen(run_id: int, problem: Problem) -> None:
    now = clock.now()
    IntegrityFinding.objects.bulk_create(
        [
            IntegrityFinding(
                kind=problem.kind, reference=problem.reference, first_seen=now, last_seen=now, last_run_id=run_id
            )
        ],
        ignore_conflicts=True,  # open already
    )
    IntegrityFinding.objects.filter(kind=problem.kind, reference=problem.reference, resolved_at=None).update(
        last_seen=now, last_run_id=run_id
    )


def end(run_id: int) -> IntegrityRun:
    """Close the run: what neither it nor a later one met is resolved."""
    now = clock.now()
    IntegrityFinding.objects.filter(resolved_at=None, last_run_id__lt=run_id).update(resolved_at=now)
    run = IntegrityRun.objects.get(pk=run_id)
    run.finished_at, run.problems = now, IntegrityFinding.objects.filter(last_run=run_id).count()
    run.save(update_fields=["finished_at", "problems"])
    return run


def check() -> tuple[IntegrityRun, list[Problem]]:
    """A whole run in this process: the run and its problems in the order they were met. Refuses `storage_down`."""
    run, found = begin(), list[Problem]()
    for stretch in walk():
        with transaction.atomic():
            note(run.pk, stretch)
        found += stretch.problems
    with transaction.atomic():
        return end(run.pk), found


def orphans_to_remove() -> list[str]:
    """Paths of open findings of orphans."""
    open_ones = IntegrityFinding.objects.filter(kind=IntegrityFinding.Kind.ORPHAN, resolved_at=None)
    return list(open_ones.order_by("reference").values_list("reference", flat=True))


def remove_orphans(*, by: Signer) -> int:
    """Delete orphans that a run has found and that are orphans still; how many. In the record, with their count.

    Looked at anew right before each is deleted: a path that has a row meanwhile, or is younger than a day, stays.
    Refuses `storage_down`.
    """
    gone: list[str] = []
    for path in orphans_to_remove()[:MOST_REMOVED]:
        try:
            if not StoredFile.objects.filter(path=path).exists() and is_old(path):
                default_storage.delete(path)
                gone.append(path)
        except OSError as error:
            _removed(gone, by)
            raise Refusal("storage_down", _("文件存储暂时无法使用，请稍后再试。")) from error
    _removed(gone, by)
    return len(gone)


def _removed(paths: Iterable[str], by: Signer) -> None:
    paths = list(paths)
    if not paths:
        return
    with transaction.atomic():
        list(IntegrityRun.objects.select_for_update().order_by("-pk")[:1])  # the record's lock
        found = IntegrityFinding.objects.filter(kind=IntegrityFinding.Kind.ORPHAN, reference__in=paths)
        found.filter(resolved_at=None).update(resolved_at=clock.now())
        record(CHAIN, "orphans_removed", by=by, data={"count": len(paths)})
