"""Questions about the labour register. Everything that lists, counts, searches or exports people starts here."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.acting import Actor
from accounts.models import Area
from core.identifiers import normalise_id, normalise_name
from core.privacy import index_of
from registry.labour import access
from registry.labour.codes import ANNEX_STATES, IN_SCOPE, LabourState, Sex
from registry.labour.rows import GridWorker, KeyGroup, LabourPerson, LabourStatus, PersonMerge
from registry.labour.scope import earliest_birth, latest_birth

LONGEST = 60  # of what is searched for


def standing() -> QuerySet[LabourPerson]:
    """People who count: not merged into another row, not taken back with an import."""
    return LabourPerson.objects.filter(merged_into=None, removed_at=None)


def visible_to(by: Actor) -> QuerySet[LabourPerson]:
    """The people who count and whom the acting post may see."""
    if by.area is not None and by.area.kind == Area.Kind.ZONE and access.can_open(by):
        return standing()
    return standing().filter(village__in=access.areas_of(by))


def within(area: Area) -> QuerySet[LabourPerson]:
    """The people who count in an area: a village, a town, the zone."""
    if area.kind == Area.Kind.ZONE:
        return standing()
    return standing().filter(Q(village=area) | Q(village__path__startswith=area.path + "/"))


def open_statuses() -> QuerySet[LabourStatus]:
    """What people who count do now: one row a person."""
    return LabourStatus.objects.filter(until=None, voided_at=None, person__merged_into=None, person__removed_at=None)


def with_now(people: QuerySet[LabourPerson]) -> QuerySet[LabourPerson]:
    """Loads `now` (a list of at most one open status) and the village, two queries however many people."""
    current = LabourStatus.objects.filter(until=None, voided_at=None)
    return people.select_related("village").prefetch_related(Prefetch("statuses", current, to_attr="now"))


def matching(by: Actor, *, id_index: str, name: str, birth: date | None) -> QuerySet[LabourPerson]:
    """Whom the post sees of those who may be this person: by the number, else by name and month of birth.

    Somebody whose own number is another one is nobody else. `.history` is loaded, the latest first.
    """
    same = Q(id_index=id_index)
    if name and birth:
        same |= Q(id_index=None, name=name, birth_month=birth.replace(day=1))
    history = Prefetch("statuses", LabourStatus.objects.filter(voided_at=None), to_attr="history")
    return visible_to(by).filter(same).select_related("village").prefetch_related(history).order_by("id_index", "pk")


def people(
    by: Actor, *, q: str = "", area: Area | None = None, status: str = "", mark: str = ""
) -> QuerySet[LabourPerson]:
    """The register as the post sees it, searched by name (part of it), ID number or phone (whole), and narrowed.

    `status` is a `LabourState`, ``in`` or ``out`` of scope, or ``none``; `mark` is ``doubtful``, ``absent`` or a key group.
    """
    found = visible_to(by)
    if area is not None:
        found = found.filter(Q(village=area) | Q(village__path__startswith=area.path + "/"))
    if q := q.strip()[:LONGEST]:
        found = found.filter(_asked(q))
    if status:
        found = found.filter(_doing(status))
    if mark in ("doubtful", "absent"):
        found = found.filter(doubtful=True) if mark == "doubtful" else found.filter(absent_since__isnull=False)
    elif mark:
        found = found.filter(Exists(KeyGroup.objects.filter(person=OuterRef("pk"), group=mark, ended_on=None)))
    return with_now(found).order_by("village__path", "group_name", "name", "pk")


def _asked(q: str) -> Q:
    """What the words of a search mean: digits are a phone or an ID number (only whole ones are found), else a name."""
    plain = "".join(q.split())
    if plain[:1].isdigit() and len(plain) >= 7:
        number, phone = index_of("id", normalise_id(plain)), index_of("phone", plain)
        keys = Q(id_index=number) | Q(phone_index=phone)
        merged = LabourPerson.objects.filter(keys, merged_into__isnull=False).values("merged_into")
        return keys | Q(pk__in=merged)
    return Q(name__contains=normalise_name(q))


def _doing(status: str) -> Q:
    now = LabourStatus.objects.filter(person=OuterRef("pk"), until=None, voided_at=None)
    if status == "none":
        return ~Q(Exists(now))
    if status in ("in", "out"):
        inside = Q(Exists(now.filter(status__in=IN_SCOPE)))
        return inside if status == "in" else ~inside & Q(Exists(now))
    return Q(Exists(now.filter(status=status))) if status in LabourState.values else Q(pk__in=())


def history_of(person: LabourPerson) -> QuerySet[LabourStatus]:
    """His statuses and those of the rows merged into him, the latest first."""
    rows = Q(person=person) | Q(person__merged_into=person)
    return LabourStatus.objects.filter(rows, voided_at=None).select_related("recorded_by", "person")


def groups_of(person: LabourPerson) -> QuerySet[KeyGroup]:
    """His key groups and those of the rows merged into him, ended ones too."""
    return KeyGroup.objects.filter(Q(person=person) | Q(person__merged_into=person))


def merges_of(person: LabourPerson) -> QuerySet[PersonMerge]:
    """The merges that he was kept in, undone ones too."""
    return PersonMerge.objects.filter(kept=person).select_related("gone__village")


def twins_of(person: LabourPerson, by: Actor) -> QuerySet[LabourPerson]:
    """Others of the same name, sex and birth month whom the post sees: who may be the same person."""
    alike = visible_to(by).filter(name=person.name, sex=person.sex, birth_month=person.birth_month)
    return with_now(alike.exclude(pk=person.pk)).order_by("village__path", "pk")


def listed(area: Area, annex: int, on: date) -> QuerySet[LabourPerson]:
    """Who stands in annex 1 or 2 of an area on a day: his status says so and he is of the age; in the order of the form."""
    ages = Q(birth_month=None)
    for sex in Sex.values:
        ages |= Q(sex=sex, birth_month__gte=earliest_birth(sex, on), birth_month__lte=latest_birth(on))
    now = open_statuses().filter(status__in=ANNEX_STATES[annex]).values("person")
    found = within(area).filter(ages, pk__in=now)
    return with_now(found).order_by("village__path", "group_name", "name", "birth_month", "phone_index", "pk")


def grid_workers(area: Area) -> QuerySet[GridWorker]:
    """The grid workers of an area today, in the order of annex 3."""
    inside = Q(area=area) | Q(area__path__startswith=area.path + "/")
    return (
        GridWorker.objects.filter(inside, until=None)
        .select_related("area__parent")
        .order_by("area__path", "seq", "name")
    )
