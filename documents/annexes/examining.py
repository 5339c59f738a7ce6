"""The dry run: an annex read and compared with the register; nothing is written."""

from collections.abc import Callable, Iterator
from datetime import date

from accounts.acting import Actor
from accounts.models import Area
from core.errors import Refusal
from documents.annexes.lines import Read
from documents.annexes.places import Village, village_of
from documents.annexes.reading import read_annex
from documents.annexes.report import Report
from documents.annexes.rows import AnnexTitle
from documents.annexes.settling import Chunk, chunks, settle
from registry.labour import access, queries
from registry.labour.codes import ANNEX_STATES
from registry.labour.scope import in_scope

Tell = Callable[[int, int, str], None]


def silent(done: int, total: int, saying: str) -> None:
    """Tells nobody."""


def villages() -> list[Village]:
    """The zone's villages as a title may name them."""
    return [village_of(area.code, area.name) for area in Area.objects.filter(kind=Area.Kind.VILLAGE)]


def own_titles() -> dict[int, dict[str, str]]:
    """The titles of columns that the bureau corrected, by annex and key."""
    own: dict[int, dict[str, str]] = {}
    for row in AnnexTitle.objects.all():
        own.setdefault(row.annex, {})[row.key] = row.title
    return own


def read_file(
    data: bytes, name: str, *, on: date, annex: int | None, village: Area | None, tell: Tell = silent
) -> tuple[Read, Area]:
    """The lines of a file and the village they belong to."""
    known = villages()
    asked = next((v for v in known if village is not None and v.code == village.code), None)
    read = read_annex(
        data, name, on=on, villages=known, annex=annex, village=asked, titles=own_titles(),
        tell=lambda done: tell(done, 0, "读取表格"),
    )  # fmt: skip
    home = village or Area.objects.get(kind=Area.Kind.VILLAGE, code=read.village)
    return read, home


def elsewhere(by: Actor | None) -> Callable[[Area], str]:
    """How another village is told: by its name to whoever sees it, otherwise as another one."""
    return lambda area: area.name if by is None or access.can_see_village(by, area) else "区内另一个村"


def examine(read: Read, village: Area, *, on: date, by: Actor | None, tell: Tell = silent) -> Report:
    """What the lines would do to the village's register. Refuses a village that the actor does not keep."""
    if by is not None and not access.can_keep(by, village):
        raise Refusal("annex_not_your_village", "文件标题写明的村不在您的辖区内，请核对文件，或由该村导入。")
    report = Report(read.annex, village.code, duplicates=list(read.repeats), errors=list(read.errors))
    report.warnings = list(read.warnings)
    seen: set[str] = set()
    done = 0
    for chunk in compared(read, village, by):
        add(report, chunk)
        seen |= {str(settled.person.pk) for settled in chunk.settled if settled.person is not None}
        done += len(chunk.settled)
        tell(done, len(read.lines), "核对登记")
    report.vanished = _vanished(read, village, seen, on)
    report.duplicates.sort(key=lambda repeat: (repeat.sheet, _row_of(repeat.cell)))
    report.errors.sort(key=lambda fault: (fault.sheet, _row_of(fault.cell)))
    return report


def compared(read: Read, village: Area, by: Actor | None) -> Iterator[Chunk]:
    """The lines settled chunk by chunk."""
    for lines in chunks(read.lines):
        yield settle(lines, village=village, annex=read.annex, elsewhere=elsewhere(by))


def add(report: Report, chunk: Chunk) -> None:
    """Count a chunk into the report."""
    report.people += len(chunk.settled)
    report.new += sum(settled.outcome == "new" for settled in chunk.settled)
    report.changed += sum(settled.outcome == "changed" for settled in chunk.settled)
    report.doubtful += sum(bool(settled.fields.get("doubtful")) for settled in chunk.settled)
    report.duplicates += chunk.repeats
    report.errors += chunk.errors


def _vanished(read: Read, village: Area, seen: set[str], on: date) -> list[str]:
    """Who stands in this annex and is not named any more: not those too old for it, nor names in rows with errors."""
    states = ANNEX_STATES[read.annex]
    listed = queries.open_statuses().filter(status__in=states, person__village=village)
    rows = listed.values_list("person", "person__name", "person__sex", "person__birth_month")
    return [
        str(pk)
        for pk, name, sex, month in rows.order_by("person").iterator(chunk_size=5000)
        if str(pk) not in seen and name not in read.faulty and in_scope(sex, month, on)
    ]


def _row_of(cell: str) -> int:
    digits = "".join(char for char in cell if char.isdigit())
    return int(digits) if digits else 0
