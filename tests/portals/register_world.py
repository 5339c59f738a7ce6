"""The labour register of the matrix's world: people of two villages, a merge, a key group, an import of each village."""

from datetime import date
from typing import Any

from documents.annexes.shell import import_file
from documents.models import AnnexImport
from project.demo.people import Cast, area_of
from registry.labour.commands import Doing, Particulars, record_group, register_person
from registry.labour.merging import merge_people
from registry.models import KeyGroup, LabourPerson, PersonMerge
from tests.registry.messy import LIN, official, with_

VILLAGES = ("350521104201", "350521104209")
WORKS = Doing(status="employed", since=date(2025, 9, 1), employer="恒源鞋业", trade="缝纫工")


def make_register(cast: Cast) -> None:
    """Names are such that nobody else in the world has them."""
    for number, code in enumerate(VILLAGES):
        name = area_of(code).name
        by = cast[f"clerk:{code}"]
        mark = "甲乙"[number]
        who = {"sex": "2", "birth_month": date(1990, 3, 1)}
        kept, gone = (
            register_person(
                village=area_of(code), by=by, doing=WORKS,
                who=Particulars(name=f"劳动{mark}甲某", phone=f"1390595{number}00{n}", **who),  # type: ignore[arg-type]
            )
            for n in (1, 2)
        )  # fmt: skip
        merge_people(kept_id=kept.pk, gone_id=gone.pk, reason="同一人换号", by=by)
        record_group(person_id=kept.pk, group="veteran", by=by)
        data = official(with_(LIN, B=f"附件{mark}乙某", G=f"1390595{number}009"), place=[name])
        import_file(data=data, name=f"{name}.xlsx", by=by)


def people() -> list[Any]:
    return list(LabourPerson.objects.values_list("pk", flat=True))


def groups() -> list[Any]:
    return list(KeyGroup.objects.values_list("pk", flat=True))


def merges() -> list[Any]:
    return list(PersonMerge.objects.values_list("pk", flat=True))


def imports() -> list[Any]:
    return list(AnnexImport.objects.values_list("pk", flat=True))
