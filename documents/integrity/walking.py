"""The walk over files, papers, numbers, storage and the record, in stretches that can be taken up again.

One file is in memory at a time; each stretch says where the next one begins, so a run goes on where it was broken off.
A storage that does not answer ends the walk (`storage_down`): nothing is known then, and nothing is reported lost.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from core.jobs import Again
from core.models import Event, NumberSeries
from core.timeline import breaks
from documents.files import read
from documents.models import IntegrityFinding, Paper, PaperBytes, StoredFile
from documents.papers.kinds import CONTENTS
from documents.papers.searching import claims_of
from documents.storage import StorageDown, all_paths

CHUNK = 50  # files a stretch
PAPERS = 1000  # papers a stretch
MADE_WITHIN = timedelta(hours=1)
ORPHAN_AFTER = timedelta(days=1)  # younger ones may be on their way to their row
Kind = IntegrityFinding.Kind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (`IntegrityFinding.Kind`), and with what: ids, numbers and paths, never names."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the walk: how much was looked at, what was wrong, and where the next piece begins (empty: the end)."""

    part: str
    checked: int
    problems: tuple[Problem, ...]
    place: dict[str, str]


Piece = tuple[int, list[Problem], str]  # looked at, wrong, the last one


def walk(place: Mapping[str, str] | None = None) -> Iterator[Stretch]:
    """All stretches from `place` on, from the beginning when there is none."""
    names = list(PARTS)
    part = (place or {}).get("part", names[0])
    after = (place or {}).get("after", "")
    for position in range(names.index(part), len(names)):
        name = names[position]
        for checked, problems, last in PARTS[name](after):
            yield Stretch(name, checked, tuple(problems), {"part": name, "after": last})
        following = names[position + 1] if position + 1 < len(names) else ""
        yield Stretch(name, 0, (), {"part": following, "after": ""} if following else {})
        after = ""


def total() -> int:
    """How much there is to look at, as far as it can be counted beforehand: files, papers and events."""
    return StoredFile.objects.count() + Paper.objects.count() + Event.objects.count()


def _files(after: str) -> Iterator[Piece]:
    """Every stored file is there, opens, has the hash of its row, and says the code of its paper."""
    while True:
        rows = StoredFile.objects.filter(pk__gt=UUID(after)) if after else StoredFile.objects.all()
        chunk = list(rows.order_by("pk")[:CHUNK])
        if not chunk:
            return
        made = PaperBytes.objects.filter(file__in=chunk).values_list("file_id", "paper__code", "paper__number")
        papers = {file: (code, number) for file, code, number in made}
        wrong = [problem for file in chunk if (problem := _wrong_with(file, *papers.get(file.pk, ("", ""))))]
        after = str(chunk[-1].pk)
        yield len(chunk), wrong, after


def _wrong_with(file: StoredFile, code: str, number: str) -> Problem | None:
    try:
        data = read(file)
    except Again:
        raise
    except Refusal as refusal:
        return Problem(refusal.code, f"file:{file.pk}")
    if code and (codes := claims_of(data).codes) and code not in codes:
        return Problem(Kind.FOREIGN, f"paper:{number}")
    return None


def _papers(after: str) -> Iterator[Piece]:
    """Every paper has its file an hour after it was issued."""
    late = clock.now() - MADE_WITHIN
    while True:
        rows = Paper.objects.filter(pk__gt=UUID(after)) if after else Paper.objects.all()
        chunk = list(rows.order_by("pk").values_list("pk", "number", "issued_at", "bytes__file")[:PAPERS])
        if not chunk:
            return
        wrong = [
            Problem(Kind.UNMADE, f"paper:{number}")
            for _pk, number, issued_at, file in chunk
            if file is None and issued_at < late
        ]
        after = str(chunk[-1][0])
        yield len(chunk), wrong, after


def _numbers(after: str) -> Iterator[Piece]:
    """Each series has every number from 1 to the last one given out, once. Series that others number are theirs."""
    names = NumberSeries.objects.filter(name__startswith="paper:", name__gt=after).order_by("name")
    for name, last in names.values_list("name", "last"):
        _word, kind, year = name.split(":")
        if content := CONTENTS.get(kind):
            yield 0, _wrong_numbers(f"{content.SERIES}-{year}-", kind, last), name


def _wrong_numbers(prefix: str, kind: str, last: int) -> list[Problem]:
    seen, wrong = bytearray(last + 1), []
    given = (
        Paper.objects.filter(kind=kind, number__startswith=prefix).order_by("number").values_list("number", flat=True)
    )
    for number in given.iterator(chunk_size=2000):
        place = int(tail) if (tail := number[len(prefix) :]).isdigit() else 0
        if not 1 <= place <= last:
            wrong.append(Problem(Kind.BEYOND, f"paper:{number}"))
        elif seen[place]:
            wrong.append(Problem(Kind.TWICE, f"paper:{number}"))
        else:
            seen[place] = 1
    wrong += [Problem(Kind.HOLE, f"paper:{prefix}{place}") for place in range(1, last + 1) if not seen[place]]
    return wrong


def _orphans(after: str) -> Iterator[Piece]:
    """Storage holds no file older than a day that no row knows: a rollback or a killed process leaves one."""
    try:
        for folder, paths in all_paths(default_storage):
            if folder > after:
                yield 0, [Problem(Kind.ORPHAN, path) for path in _unknown(paths) if is_old(path)], folder
    except StorageDown as error:
        raise Again("storage_down", _("文件存储暂时无法使用，请稍后再试；仍不行的，请联系系统管理员。")) from error


def _unknown(paths: list[str]) -> list[str]:
    unknown = []
    for start in range(0, len(paths), 500):
        some = paths[start : start + 500]
        known = set(StoredFile.objects.filter(path__in=some).values_list("path", flat=True))
        unknown += [path for path in some if path not in known]
    return unknown


def is_old(path: str) -> bool:
    """Whether a file of the storage is older than a day; one that has gone meanwhile is not."""
    try:
        return default_storage.get_modified_time(path) < clock.now() - ORPHAN_AFTER
    except FileNotFoundError:
        return False


def _trail(after: str) -> Iterator[Piece]:
    """The chains of events hold, and so do their signed daily heads."""
    if not after:
        yield Event.objects.count(), [Problem(Kind.TRAIL, f"{chain}#{seq}") for chain, seq, _what in breaks()], "end"


PARTS: dict[str, Callable[[str], Iterator[Piece]]] = {
    "files": _files,
    "papers": _papers,
    "numbers": _numbers,
    "orphans": _orphans,
    "trail": _trail,
}
