"""The zone and its units: loading them, finding them, and the dated names and codes they carry."""

import csv
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
        top = _make(ZONE_PATH, None, Area.Kind.ZONE, "泉州台商投资区", "")
        towns = {}
        for code, name in TOWNSHIPS.items():
            kind = Area.Kind.INDUSTRIAL if code == INDUSTRIAL_CODE else Area.Kind.TOWNSHIP
            towns[code] = _make(f"{ZONE_PATH}/{code[-3:]}", top, kind, name, code)
        for code, name, town in _rows():
            if town != INDUSTRIAL_CODE:  # its one unit is virtual: nobody lives or signs there
                _make(f"{towns[town].path}/{code[-3:]}", towns[town], Area.Kind.VILLAGE, name, code)
    return top


def rename(area: Area, *, kind: str, value: str, on: date) -> Area:
    """Give the area a new name or code from `on`; the old one stays in its history (村改居)."""
    with transaction.atomic():
        AreaAttribute.objects.filter(area=area, kind=kind, valid_to=None).update(valid_to=on)
        AreaAttribute.objects.create(area=area, kind=kind, value=value, valid_from=on)
        setattr(area, kind, value)
        area.save(update_fields=[kind])
    return area


def _make(path: str, parent: Area | None, kind: str, name: str, code: str) -> Area:
    area = Area.objects.create(path=path, parent=parent, kind=kind, name=name, code=code)
    AreaAttribute.objects.create(area=area, kind=AreaAttribute.Kind.NAME, value=name, valid_from=CODES_SINCE)
    if code:
        AreaAttribute.objects.create(area=area, kind=AreaAttribute.Kind.CODE, value=code, valid_from=CODES_SINCE)
    return area
