"""What each line of an annex means for the register: a new person, a change, the same, or one who was named already.

Without an ID number a person is told apart by name, sex, birth month, village and phone. All rows of one name are settled
together: first those that match exactly, then those where only one side knows a phone and nobody else could be meant.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import Area
from documents.annexes.knowing import Known, Person, Status
from documents.annexes.lines import Fault, Line, Repeat
from registry.labour.codes import ANNEX_STATES
from registry.models import LabourPerson

AT_ONCE = 500  # people settled, and written, together
OF_PERSON = ("education", "education_text", "group_name", "hukou_type", "land_sea_loss", "training_wish", "birth")
OF_STATUS = ("employer", "trade", "wanted_trade", "destination", "reach", "job_form", "sector", "note")


@dataclass(slots=True)
class Settled:
    """A line and what becomes of it. `person` is None for a new one; `fields` are what changes about him.

    `doing` is the content of the status to be opened, None when he goes on as he does.
    """

    line: Line
    person: Person | None = None
    now: Status | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    doing: dict[str, str] | None = None

    @property
    def outcome(self) -> str:
        if self.person is None:
            return "new"
        return "changed" if self.fields or self.doing is not None else "same"


@dataclass(slots=True)
class Chunk:
    """Lines settled together."""

    settled: list[Settled] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)


def chunks(lines: Iterable[Line], most: int = AT_ONCE) -> Iterator[list[Line]]:
    """The lines by name, so that namesakes lie in one chunk; in the same order whenever they are asked for."""
    some: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.name, line.sheet, line.row)):
        if len(some) >= most and some[-1].name != line.name:
            yield some
            some = []
        some.append(line)
    if some:
        yield some


def settle(
    lines: Sequence[Line], *, village: Area, annex: int, elsewhere: Callable[[Area], str], lock: bool = False
) -> Chunk:
    """Compare the lines of a chunk with the register as it stands; few queries however many lines.

    `elsewhere` words another village for whoever asks. With `lock` the people are locked until the transaction ends.
    """
    known = Known(lines, village, lock)
    chunk = Chunk()
    left = _foreign_numbers(lines, known, chunk, elsewhere)
    matched: dict[int, Person] = {}
    taken: dict[UUID, Line] = {}
    for match in (known.by_number, known.exactly, known.nearly):
        for line in left:
            person = None if id(line) in matched else match(line, taken)
            if person is not None and person.pk not in taken:
                matched[id(line)], taken[person.pk] = person, line
    for line in left:
        person = matched.get(id(line))
        twin = known.merged_twin(line) if person is None else None
        if twin is not None and twin.pk in taken:
            words = f"与第{taken[twin.pk].row}行是同一人（登记已合并），只计一次。"
            chunk.repeats.append(Repeat(line.sheet, line.cell, line.name, "file", words))
            continue
        chunk.settled.append(_settled(line, person, known, annex))
    _mark_doubtful(chunk, known)
    _in_two_villages(chunk, village, elsewhere)
    return chunk


def _foreign_numbers(lines: Sequence[Line], known: Known, chunk: Chunk, elsewhere: Callable[[Area], str]) -> list[Line]:
    """The lines whose ID number is not another village's; the others are errors."""
    left = []
    for line in lines:
        person = known.numbers.get(line.id_index) if line.id_index else None
        if person is not None and person.village_id != known.village.pk:
            there = elsewhere(Area.objects.get(pk=person.village_id))
            words = f"第{line.row}行“身份证号码”：已在{there}登记，请核实户籍后再填报。"
            chunk.errors.append(Fault(line.sheet, line.id_cell or line.cell, "", words))
        else:
            left.append(line)
    return left


def _settled(line: Line, person: Person | None, known: Known, annex: int) -> Settled:
    said = line.said
    if person is None:
        fields = {key: said[key] for key in OF_PERSON if key in said}
        return Settled(line, None, None, fields, _content(said, None, annex))
    now = known.now.get(person.pk)
    fields = {
        key: said[key] for key in OF_PERSON if said.get(key) not in (None, "") and getattr(person, key) != said[key]
    }
    if line.phone_index and not person.phone_index:
        fields["phone"] = line.phone
    if line.id_index and not person.id_index:
        fields["id_number"] = said["id_number"]
    if person.absent_since is not None:
        fields["absent_since"] = None
    doing = _content(said, now, annex)
    same = now is not None and all(getattr(now, key) == value for key, value in doing.items())
    return Settled(line, person, now, fields, None if same else doing)


def _content(said: dict[str, Any], now: Status | None, annex: int) -> dict[str, str]:
    """What the status should say: what the line says, and what it does not speak of as it was."""
    states = ANNEX_STATES[annex]
    goes_on = now is not None and now.status in states
    status = said.get("status") or (now.status if goes_on and now else states[0])
    content = {"status": str(status)}
    for key in OF_STATUS:
        content[key] = said[key] if key in said else (getattr(now, key) if goes_on and now else "")
    return content


def _mark_doubtful(chunk: Chunk, known: Known) -> None:
    """A new person whom the village, or this file, has already under another phone is for the merge screen."""
    seen = {alike for alike, people in known.alike.items() if people}
    for settled in chunk.settled:
        alike = settled.line.key[:3]
        if settled.person is None:
            settled.fields["doubtful"] = alike in seen
        seen.add(alike)


def _in_two_villages(chunk: Chunk, village: Area, elsewhere: Callable[[Area], str]) -> None:
    """Those whom another village lists with the same phone; they stay, both villages' towns are to settle it."""
    phones = {settled.line.phone_index for settled in chunk.settled if settled.line.phone_index}
    others = LabourPerson.objects.filter(phone_index__in=phones, merged_into=None, removed_at=None)
    found = {
        (p.name, p.sex, p.birth_month, p.phone_index): p.village
        for p in others.exclude(village=village).defer("phone", "id_number").select_related("village")
    }
    for settled in chunk.settled:
        line = settled.line
        if found and (there := found.get(line.key)) is not None:
            words = f"{elsewhere(there)}也登记了姓名、性别、出生年月和电话相同的人员，请核实户籍。"
            chunk.repeats.append(Repeat(line.sheet, line.cell, line.name, "village", words))
