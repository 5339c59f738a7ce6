"""What the register knows of the people that some lines of an annex may mean, as bare columns."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Area
from documents.annexes.lines import Line
from registry.models import LabourPerson, LabourStatus

Alike = tuple[str, str, date]  # name, sex, birth month


class Person(NamedTuple):
    """What is known of a person of the register: a row of columns, far cheaper than the model's object."""

    pk: UUID
    village_id: int
    name: str
    sex: str
    birth_month: date | None
    phone_index: str
    id_index: str | None
    merged_into_id: UUID | None
    absent_since: date | None
    education: str
    education_text: str
    group_name: str
    hukou_type: str
    land_sea_loss: bool
    training_wish: str
    birth: date | None


class Status(NamedTuple):
    """What a person does now."""

    pk: int
    person_id: UUID
    status: str
    employer: str
    trade: str
    wanted_trade: str
    destination: str
    reach: str
    job_form: str
    sector: str
    note: str


class Known:
    """The village's people of these names (and numbers), those merged into others included."""

    def __init__(self, lines: Sequence[Line], village: Area, lock: bool) -> None:
        rows = LabourPerson.objects.filter(removed_at=None).order_by()
        names = Q(village=village, name__in={line.name for line in lines})
        numbers = {line.id_index for line in lines if line.id_index}
        if lock:
            list(rows.select_for_update(of=("self",)).filter(names).values_list("pk", flat=True))
        people = _people(rows.filter(names))
        if numbers:
            people |= _people(rows.filter(id_index__in=numbers, merged_into=None))
        kept = {p.merged_into_id for p in people.values() if p.merged_into_id} - people.keys()
        people |= _people(rows.filter(pk__in=kept)) if kept else {}
        self.people, self.village = people, village
        self.five: dict[tuple[Any, ...], Person] = {}
        self.alike: dict[Alike, list[Person]] = defaultdict(list)
        self.numbers: dict[str, Person] = {}
        for person in people.values():
            target = people.get(person.merged_into_id, person) if person.merged_into_id else person
            if person.id_index and person.merged_into_id is None:
                self.numbers[person.id_index] = person
            if person.village_id == village.pk and person.birth_month:
                self.five.setdefault((person.name, person.sex, person.birth_month, person.phone_index), target)
                if person.merged_into_id is None:
                    self.alike[person.name, person.sex, person.birth_month].append(person)
        now = LabourStatus.objects.filter(until=None, voided_at=None, person__village=village).order_by()
        some = now.filter(person__name__in={person.name for person in people.values()}) if people else now.none()
        self.now = {row[1]: Status(*row) for row in some.values_list("pk", *Status._fields[1:])}

    def by_number(self, line: Line, _taken: dict[UUID, Line]) -> Person | None:
        person = self.numbers.get(line.id_index) if line.id_index else None
        return person if person is not None and person.village_id == self.village.pk else None

    def exactly(self, line: Line, taken: dict[UUID, Line]) -> Person | None:
        person = self.five.get(line.key)
        return person if person is not None and self._fits(line, person) else None

    def nearly(self, line: Line, taken: dict[UUID, Line]) -> Person | None:
        """The one person of this name, sex and birth month who is not taken, when only one side knows a phone."""
        free = [p for p in self.alike.get(line.key[:3], ()) if p.pk not in taken and self._fits(line, p)]
        if line.phone_index:
            free = [person for person in free if not person.phone_index]
        return free[0] if len(free) == 1 else None

    def merged_twin(self, line: Line) -> Person | None:
        return self.five.get(line.key)

    @staticmethod
    def _fits(line: Line, person: Person) -> bool:
        return not (line.id_index and person.id_index and line.id_index != person.id_index)


def _people(rows: QuerySet[LabourPerson]) -> dict[UUID, Person]:
    return {row[0]: Person(*row) for row in rows.values_list(*Person._fields)}
