"""储量、结构、流向: the labour force of an area in figures, as the register has it now, and month by month as reported."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.errors import NotAllowed
from registry.labour.codes import Education, Group, LabourState, Reach, Sex
from registry.models import LabourPerson
from workflows.returns.listing import standing_returns, stock

STATES = (LabourState.UNEMPLOYED, LabourState.EMPLOYED, LabourState.OUTSIDE)
BANDS = ((16, 24), (25, 34), (35, 44), (45, 54), (55, 61))
TRADES_SHOWN, MONTHS = 15, 12
UNSAID = "未填写"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: people by status; `area` leads further down."""

    label: str
    unemployed: int
    employed: int
    outside: int
    area: int | None = None

    @property
    def total(self) -> int:
        return self.unemployed + self.employed + self.outside


@dataclass(frozen=True, slots=True)
class Table:
    """One view of the same people; `whole` when every person stands in exactly one row."""

    code: str
    title: str
    rows: list[Row]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """An area's figures: its stock, its tables, men and women by age (`pyramid`), and the months it reported."""

    area: Area
    stock: Row
    tables: list[Table]
    pyramid: list[tuple[str, int, int]]
    months: list[tuple[date, int, int]]


def area_for(by: Actor, pk: int | None) -> Area:
    """The area asked for, or the post's own; refuses (`area_not_visible`) what lies outside of it."""
    if by.area is None or pk is None or pk == by.area.pk:
        if by.area is not None:
            return by.area
    elif (found := Area.objects.filter(pk=pk).first()) is not None and by.area.contains(found):
        return found
    raise NotAllowed("area_not_visible", _("没有找到该区域，或您在当前岗位无权查看。"))


def picture(area: Area) -> Picture:
    """Everything about an area; nine queries, however many people."""
    people = _people(area)
    ages = list(people.values_list("sex", "birth_month", "doing").annotate(n=Count("pk")))
    tables = [
        _areas(area, people),
        _coded("sex", _("性别"), people, "sex", dict(Sex.choices)),
        Table("age", _("年龄"), _rows(((_band(born), doing, n) for _sex, born, doing, n in ages), str)),
        _coded("education", _("文化程度"), people, "education", dict(Education.choices)),
        _trades(people),
        _coded(
            "reach",
            _("流向（外出）"),
            people.filter(doing=LabourState.OUTSIDE),
            "going",
            dict(Reach.choices),
            whole=False,
        ),
        _groups(people),
    ]
    stock_row = _sum(_("合计"), tables[1].rows)
    return Picture(area, stock_row, [t for t in tables if t.rows], _pyramid(ages), _months(area))


def _people(area: Area) -> QuerySet[Any]:
    """The area's labour force, each with what he does (`doing`), where to (`going`) and his trade (`works_as`)."""
    found: QuerySet[LabourPerson] = stock().filter(Q(village=area) | Q(village__path__startswith=area.path + "/"))
    found = found.filter(statuses__until=None, statuses__voided_at=None).order_by()
    return found.annotate(doing=F("statuses__status"), going=F("statuses__reach"), works_as=F("statuses__trade"))


def _rows(counted: Iterable[tuple[Any, str, int]], label: Callable[[Any], str], areas: bool = False) -> list[Row]:
    sums: dict[Any, Counter[str]] = {}
    for key, doing, n in counted:
        sums.setdefault(key, Counter())[doing] += n
    ordered = sorted(sums, key=lambda key: (key in ("", None, UNSAID), key or ""))
    return [Row(label(key), *(sums[key][state] for state in STATES), area=key if areas else None) for key in ordered]


def _coded(
    code: str, title: str, people: QuerySet[Any], field: str, names: Mapping[str, Any], whole: bool = True
) -> Table:
    counted = people.values_list(field, "doing").annotate(n=Count("pk"))
    return Table(code, title, _rows(counted, lambda key: str(names.get(key, UNSAID))), whole)


def _areas(area: Area, people: QuerySet[Any]) -> Table:
    """The next level down: towns of the zone, villages of a town; a village has no parts."""
    parts = {child.pk: child for child in area.children.order_by("path")}
    if not parts:
        return Table("areas", _("所属区域"), [])
    field = "village__parent" if area.kind == Area.Kind.ZONE else "village"
    sums: dict[int, Counter[str]] = {pk: Counter() for pk in parts}
    for key, doing, n in people.values_list(field, "doing").annotate(n=Count("pk")):
        sums[key][doing] += n
    shown = [pk for pk in parts if parts[pk].kind != Area.Kind.INDUSTRIAL or sums[pk]]
    rows = [Row(parts[pk].name, *(sums[pk][state] for state in STATES), area=pk) for pk in shown]
    return Table("areas", _("乡镇") if area.kind == Area.Kind.ZONE else _("村（社区）"), rows)


def _trades(people: QuerySet[Any]) -> Table:
    """The commonest trades of those who work; the others together."""
    rows = _rows(people.exclude(doing=LabourState.UNEMPLOYED).values_list("works_as", "doing").annotate(n=Count("pk")),
                 lambda key: key or UNSAID)  # fmt: skip
    rows.sort(key=lambda row: (-row.total, row.label))
    if rest := rows[TRADES_SHOWN:]:
        rows = [*rows[:TRADES_SHOWN], _sum(_("其他工种"), rest)]
    return Table("trades", _("工种（已就业和外出）"), rows, whole=False)


def _groups(people: QuerySet[Any]) -> Table:
    """Key groups; somebody may belong to several, and is counted once in each, certified or declared."""
    tagged = people.filter(key_groups__ended_on=None, key_groups__isnull=False)
    counted = tagged.values_list("key_groups__group", "doing").annotate(n=Count("pk", distinct=True))
    return Table(
        "groups", _("重点群体（可兼属）"), _rows(counted, lambda key: str(dict(Group.choices).get(key, key))), False
    )


def _sum(label: str, rows: Iterable[Row]) -> Row:
    rows = list(rows)
    return Row(label, sum(r.unemployed for r in rows), sum(r.employed for r in rows), sum(r.outside for r in rows))


def _band(born: date | None) -> str:
    if born is None:
        return UNSAID
    today = clock.today()
    age = today.year - born.year - (today.month < born.month)
    return next((f"{low}–{high}岁" for low, high in BANDS if low <= age <= high), UNSAID)


def _pyramid(ages: Iterable[tuple[str, date | None, str, int]]) -> list[tuple[str, int, int]]:
    men, women = Counter[str](), Counter[str]()
    for sex, born, _doing, n in ages:
        (men if sex == Sex.MALE else women if sex == Sex.FEMALE else Counter[str]())[_band(born)] += n
    return [(band, men[band], women[band]) for band in (f"{low}–{high}岁" for low, high in BANDS)]


def _months(area: Area) -> list[tuple[date, int, int]]:
    """What the area's villages reported, month by month, the oldest first."""
    found = standing_returns().filter(Q(village=area) | Q(village__path__startswith=area.path + "/")).order_by()
    sums = found.values_list("round__month").annotate(unemployed=Sum("unemployed"), employed=Sum("employed"))
    return list(sums.order_by("-round__month")[:MONTHS])[::-1]
