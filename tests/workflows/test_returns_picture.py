"""The three-level picture: villages make up the town, towns the zone, and every view counts the same people."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Area
from core.errors import NotAllowed
from project.demo.people import Cast, area_of, make_cast
from registry.labour.commands import Doing, record_group, record_status
from tests.workflows.returned import FAR, IDLE, OURS, THEIRS, october, person
from workflows.returns.picture import Picture, area_for, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    october(cast)
    one = person(cast, FAR, 1, IDLE, education="20", sex="2")
    record_group(person_id=one.pk, group="graduate", by=cast[f"clerk:{FAR}"])
    away = person(cast, FAR, 2, Doing(status="outside", since=date(2025, 9, 1), reach="abroad", trade="焊工"))
    record_status(
        person_id=away.pk, doing=Doing(status="outside", since=date(2025, 11, 1), reach="city"), by=cast["bureau"]
    )
    person(cast, FAR, 3, Doing(status="studying", since=date(2025, 9, 1)))  # out of scope
    person(cast, FAR, 4, birth_month=date(1950, 1, 1))  # out of age
    return cast


def rows_of(shown: Picture, code: str) -> list[Any]:
    return [row for table in shown.tables if table.code == code for row in table.rows]


def test_villages_make_the_town_and_towns_the_zone(cast: Cast) -> None:
    zone = picture(Area.objects.get(kind="zone"))
    assert (zone.stock.unemployed, zone.stock.employed, zone.stock.outside) == (3, 3, 1)
    towns = [picture(town) for town in Area.objects.filter(kind="township")]
    for whole, parts in ((zone, towns), *((town, [picture(v) for v in town.area.children.all()]) for town in towns)):
        for name in ("unemployed", "employed", "outside", "total"):
            assert getattr(whole.stock, name) == sum(getattr(part.stock, name) for part in parts)
        assert [row.total for row in rows_of(whole, "areas")] == [part.stock.total for part in parts]
        assert sum(u + e for _m, u, e in whole.months) == sum(u + e for part in parts for _m, u, e in part.months)


def test_every_view_counts_the_same_people(cast: Cast) -> None:
    shown = picture(Area.objects.get(kind="zone"))
    for table in shown.tables:
        if table.whole:
            assert sum(row.total for row in table.rows) == shown.stock.total == 7, table.code
    assert [(row.label, row.total) for row in rows_of(shown, "reach")] == [("市内", 1)]
    assert [(row.label, row.unemployed) for row in rows_of(shown, "groups")] == [("高校毕业生", 1)]
    assert sum(men + women for _band, men, women in shown.pyramid) == 7
    assert shown.months == [(date(2025, 10, 1), 2, 3)]


def test_few_queries_however_many_people(cast: Cast) -> None:
    zone = Area.objects.get(kind="zone")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            picture(zone)
        return len(queries)

    few = asked()
    for number in (5, 6, 7):
        person(cast, THEIRS, number)
    assert asked() == few <= 15


def test_nobody_looks_outside_his_area(cast: Cast) -> None:
    assert area_for(cast[f"clerk:{OURS}"], None).code == OURS
    assert area_for(cast["bureau"], area_of(OURS).pk).code == OURS
    for name, code in ((f"clerk:{OURS}", THEIRS), (f"clerk:{OURS}", "350521104"), ("handler:350521104", FAR)):
        with pytest.raises(NotAllowed):
            area_for(cast[name], area_of(code).pk)
