"""Writing what an annex says into the register, and taking it back: chunk by chunk, with a journal of every effect."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from core import clock
from core.inserting import insert_rows
from documents.annexes.knowing import Person
from documents.annexes.rows import AnnexImport, AnnexRow
from documents.annexes.settling import Chunk, Settled
from registry.labour.codes import Source
from registry.models import KeyGroup, LabourPerson, LabourStatus, PersonMerge

DATES = ("birth", "absent_since")
NUMBERS = {"phone": "phone_index", "id_number": "id_index"}


def write(chunk: Chunk, taken: AnnexImport, *, on: date) -> None:
    """Write one chunk in the caller's transaction. Statuses begin on `on`; the open one before ends there."""
    people: list[LabourPerson] = []
    statuses: list[LabourStatus] = []
    journal: list[AnnexRow] = []
    closed: list[int] = []
    moment = clock.now()
    for settled in chunk.settled:
        if settled.outcome == "same":
            continue
        before: dict[str, Any] = {}
        if settled.person is None:
            people.append(_person(settled, taken, moment))
            key = people[-1].pk
        else:
            key = settled.person.pk
            before = _change(settled.person, settled)
        if settled.doing is not None:
            if settled.now is not None:
                closed.append(settled.now.pk)
                before["reopen"] = settled.now.pk
            statuses.append(
                LabourStatus(
                    person_id=key,
                    since=on,
                    source=Source.ANNEX,
                    source_ref=str(taken.pk),
                    recorded_by_id=taken.asked_by_id,
                    recorded_at=moment,
                    **settled.doing,
                )
            )
        journal.append(
            AnnexRow(annex_import=taken, person_id=key, outcome=settled.outcome, row=settled.line.row, before=before)
        )
    insert_rows(people)
    LabourStatus.objects.filter(pk__in=closed).update(until=on)
    insert_rows(statuses)
    insert_rows(journal)


def _person(settled: Settled, taken: AnnexImport, moment: Any) -> LabourPerson:
    line = settled.line
    return LabourPerson(
        village_id=taken.village_id, name=line.name, sex=line.sex, birth_month=line.birth_month, phone=line.phone,
        phone_index=line.phone_index, id_number=line.said.get("id_number", ""), id_index=line.id_index or None,
        created_at=moment, **settled.fields,
    )  # fmt: skip


def _change(person: Person, settled: Settled) -> dict[str, Any]:
    """Change the fields of a person; what they were before. A number that is added was empty before."""
    before: dict[str, Any] = {}
    for key in settled.fields:
        old = None if key in NUMBERS else getattr(person, key)
        before[key] = old.isoformat() if isinstance(old, date) else old
    columns = {key: value for key, value in settled.fields.items() if key not in NUMBERS}
    if columns:
        LabourPerson.objects.filter(pk=person.pk).update(**columns)
    if numbers := settled.fields.keys() & NUMBERS.keys():
        row = LabourPerson(pk=person.pk)  # sealed for this key; only the columns named are written
        for key in numbers:
            setattr(row, key, settled.fields[key])
            setattr(row, NUMBERS[key], settled.line.phone_index if key == "phone" else settled.line.id_index)
        row.save(force_update=True, update_fields=[*numbers, *(NUMBERS[key] for key in numbers)])
    return before


def mark_vanished(taken: AnnexImport, people: list[str], *, on: date) -> int:
    """Mark those whom the annex no longer names; who is marked already stays as he is. Returns how many were marked."""
    marked = 0
    for start in range(0, len(people), 500):
        some = LabourPerson.objects.filter(pk__in=people[start : start + 500], absent_since=None, removed_at=None)
        keys = list(some.filter(merged_into=None).values_list("pk", flat=True))
        LabourPerson.objects.filter(pk__in=keys).update(absent_since=on)
        rows = [
            AnnexRow(annex_import=taken, person_id=key, outcome="vanished", before={"absent_since": None})
            for key in keys
        ]
        insert_rows(rows)
        marked += len(keys)
    return marked


def take_back(taken: AnnexImport, rows: list[AnnexRow]) -> int:
    """Undo these effects in the caller's transaction; how many stay because somebody worked on the person since."""
    moment, ref = clock.now(), str(taken.pk)
    people = [row.person_id for row in rows]
    later = LabourStatus.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"), voided_at=None).exclude(
        source=Source.ANNEX, source_ref=ref
    )
    ours = LabourStatus.objects.filter(person__in=people, source=Source.ANNEX, source_ref=ref, voided_at=None)
    final = set(ours.filter(Exists(later)).values_list("person", flat=True))
    tagged = KeyGroup.objects.filter(person__in=people, recorded_at__gt=taken.applied_at or moment)
    merged = PersonMerge.objects.filter(gone__in=people, undone_at=None) | PersonMerge.objects.filter(
        kept__in=people, undone_at=None
    )
    touched = final | set(tagged.values_list("person", flat=True))
    for gone, kept in merged.values_list("gone", "kept"):
        touched |= {gone, kept}
    kept_rows = [row for row in rows if row.outcome == "new" and row.person_id in touched]
    undone = [row for row in rows if row not in kept_rows]
    _void(ours, [row.person_id for row in undone if row.person_id not in final], moment)
    _reopen([row for row in undone if row.person_id not in final])
    new = [row.person_id for row in undone if row.outcome == "new"]
    LabourPerson.objects.filter(pk__in=new).update(removed_at=moment)
    for row in undone:
        if row.outcome != "new":
            _restore(row)
    return len(kept_rows)


def _void(ours: Any, people: list[UUID], moment: Any) -> None:
    ours.filter(person__in=people).update(voided_at=moment)


def _reopen(rows: list[AnnexRow]) -> None:
    again = [row.before["reopen"] for row in rows if "reopen" in row.before]
    LabourStatus.objects.filter(pk__in=again).update(until=None)


def _restore(row: AnnexRow) -> None:
    """Put the changed fields of a person back."""
    columns: dict[str, Any] = {}
    for key, value in row.before.items():
        if key == "reopen":
            continue
        if key in NUMBERS:
            columns |= {key: "", NUMBERS[key]: "" if key == "phone" else None}
        else:
            columns[key] = date.fromisoformat(value) if key in DATES and value else value
    if columns:
        LabourPerson.objects.filter(pk=row.person_id).update(**columns)
