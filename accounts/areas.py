"""The zone and its units: loading them, finding them, and the dated names and codes they carry."""

import csv
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from accounts.models import Area, AreaAttribute

TOWNSHIPS = {
    "350521104": "洛阳镇",
    "350521105": "东园镇",
    "350521106": "张坂镇",
    "350521200": "百崎回族乡",
    "350521401": "惠南工业区",
}
ZONE_PATH = "zone"
INDUSTRIAL_CODE = "350521401"
CODES_SINCE = date(2023, 6, 30)  # NBS cut-off of the list the codes were read from


def zone() -> Area:
    """The zone itself; reviews of the bureau are owed there."""
    return Area.objects.get(path=ZONE_PATH)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    with (Path(__file__).parent / "villages.csv").open(encoding="utf-8") as file:
        return tuple((row["code"], row["name"], row["township_code"]) for row in csv.DictReader(file))


def load_zone() -> Area:
    """Create the zone, its townships, the industrial area and the village units, once; returns the zone."""
    if found := Area.objects.filter(path=ZONE_PATH).first():
        return found
    with transaction.atomic():
        (top,) = _make([Area(path=ZONE_PATH, kind=Area.Kind.ZONE, name="泉州台商投资区")])
        towns = {
            town.code: town
            for town in _make(
                _unit(top, Area.Kind.INDUSTRIAL if code == INDUSTRIAL_CODE else Area.Kind.TOWNSHIP, name, code)
                for code, name in TOWNSHIPS.items()
            )
        }
        _make(
            _unit(towns[town], Area.Kind.VILLAGE, name, code)
            for code, name, town in _rows()
            if town != INDUSTRIAL_CODE  # its one unit is virtual: nobody lives or signs there
        )
    return top


def rename(area: Area, *, kind: str, value: str, on: date) -> Area:
    """Give the area a new name or code from `on`; the old one stays in its history (村改居)."""
    with transaction.atomic():
        AreaAttribute.objects.filter(area=area, kind=kind, valid_to=None).update(valid_to=on)
        AreaAttribute.objects.create(area=area, kind=kind, value=value, valid_from=on)
        setattr(area, kind, value)
        area.save(update_fields=[kind])
    return area


def _unit(parent: Area, kind: str, name: str, code: str) -> Area:
    return Area(path=f"{parent.path}/{code[-3:]}", parent=parent, kind=kind, name=name, code=code)


def _make(units: Iterable[Area]) -> list[Area]:
    """Write these units and the history of their names and codes, in two statements."""
    made = Area.objects.bulk_create(units)
    of = AreaAttribute.Kind
    values = [(area, of.NAME, area.name) for area in made] + [(area, of.CODE, area.code) for area in made if area.code]
    AreaAttribute.objects.bulk_create(
        AreaAttribute(area=area, kind=kind, value=value, valid_from=CODES_SINCE) for area, kind, value in values
    )
    return made
