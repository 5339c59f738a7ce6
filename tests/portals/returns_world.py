"""Monthly returns of the matrix's world: one merged, one handed in, the others still with their villages."""

from datetime import date
from typing import Any

from core import clock
from project.demo.people import Cast, area_of
from registry.labour.commands import Doing, Particulars, register_person
from workflows.returns import listing
from workflows.returns.marking import mark_person
from workflows.returns.reporting import submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import TownReturn, VillageReturn
from workflows.returns.towns import merge_and_report

MERGED, WAITING, OPEN = "350521106208", "350521104209", "350521104201"
VILLAGES = (MERGED, WAITING, OPEN)


def make_returns(cast: Cast) -> TownReturn:
    """The merged one's town report. Names are such that nobody else in the world has them."""
    with clock.travel(date(2025, 11, 8)):
        round = open_round(month=date(2025, 11, 1))
        for number, code in enumerate(VILLAGES):
            by = cast[f"clerk:{code}"]
            who = Particulars(name=f"月报{'甲乙丙'[number]}某", sex="1", birth_month=date(1988, 5, 1))
            doing = Doing(status="employed", since=date(2025, 9, 1), employer="恒源鞋业", trade="缝纫工")
            register_person(village=area_of(code), who=who, doing=doing, by=by)
            found = VillageReturn.objects.get(round=round, village__code=code)
            if code != OPEN:
                for one in listing.people_of(found, None):
                    mark_person(return_id=found.pk, person_id=one.pk, by=by)
                submit(return_id=found.pk, by=by)
        town = area_of(MERGED[:9])
        return merge_and_report(
            round_id=round.pk, town_id=town.pk, by=cast[f"handler:{town.code}"], opinion="其余村无劳动力"
        )


def open_return() -> VillageReturn:
    return VillageReturn.objects.get(village__code=OPEN)


def returns() -> list[Any]:
    return list(VillageReturn.objects.filter(village__code__in=VILLAGES).values_list("pk", flat=True))


def people() -> list[Any]:
    rows = VillageReturn.objects.filter(village__code__in=VILLAGES)
    return [(row.pk, one.pk) for row in rows for one in listing.people_of(row, None)]


def towns() -> list[Any]:
    found = VillageReturn.objects.filter(village__code__in=VILLAGES[:2])
    return list(found.values_list("round", "village__parent"))


def reports() -> list[Any]:
    return list(TownReturn.objects.values_list("pk", flat=True))
