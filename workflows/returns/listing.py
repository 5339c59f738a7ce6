"""Who stands in a village's return: who is in scope now, and who stood in the one before and is not any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from registry.labour import queries
from registry.labour.codes import IN_SCOPE
from registry.labour.scope import UNTIL, earliest_birth, in_scope, latest_birth
from registry.models import LabourPerson, LabourStatus
from workflows.returns.rows import HANDED_IN, Mark, ReturnEntry, VillageReturn


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of the return: what he does now, what the return before said, what that makes of him, and whether the
    village has confirmed it."""

    person: LabourPerson
    now: LabourStatus | None
    was: ReturnEntry | None
    mark: Mark
    confirmed: bool

    @property
    def snapshot(self) -> dict[str, str]:
        """What the entry keeps of his status."""
        return {name: getattr(self.now, name) if self.now else "" for name in ReturnEntry.SNAPSHOT}


def standing_returns() -> QuerySet[VillageReturn]:
    """The submitted returns that count: the latest submitted edition of each."""
    later = VillageReturn.objects.filter(
        round=OuterRef("round"), village=OuterRef("village"), edition__gt=OuterRef("edition"), state__in=HANDED_IN
    )
    return VillageReturn.objects.filter(~Exists(later), state__in=HANDED_IN)


def before(found: VillageReturn) -> VillageReturn | None:
    """The village's last submitted return of an earlier month."""
    earlier = standing_returns().filter(village=found.village_id, round__month__lt=found.round.month)
    return earlier.select_related("round").order_by("-round__month").first()


def of_age(on: date) -> Q:
    """People whom the annexes are about by their age, as `scope.in_scope` says for one (A23)."""
    sexes = {sex: earliest_birth(sex, on) for sex in UNTIL}
    old = Q(birth_month__lt=earliest_birth("", on)) & ~Q(sex__in=UNTIL)
    for sex, earliest in sexes.items():
        old |= Q(sex=sex, birth_month__lt=earliest)
    return Q(birth_month=None) | Q(birth_month__lte=latest_birth(on)) & ~old


def stock(on: date | None = None) -> QuerySet[LabourPerson]:
    """The labour force of the register: who counts, is of age and does something that is in scope."""
    now = LabourStatus.objects.filter(person=OuterRef("pk"), until=None, voided_at=None, status__in=IN_SCOPE)
    return queries.standing().filter(of_age(on or clock.today()), Exists(now))


def people_of(found: VillageReturn, last: VillageReturn | None) -> QuerySet[LabourPerson]:
    """Everybody who stands in the return, by group and name; `now` loaded."""
    here = queries.standing().filter(village=found.village_id)
    was = ReturnEntry.objects.filter(person=OuterRef("pk"), village_return=last).exclude(mark=Mark.GONE)
    stands = Q(pk__in=stock().filter(village=found.village_id).values("pk")) | Q(Exists(was))
    return queries.with_now(here.filter(stands)).order_by("group_name", "name", "pk")


def left_of(found: VillageReturn, last: VillageReturn | None) -> QuerySet[LabourPerson]:
    """Those whom the village has not confirmed yet."""
    return people_of(found, last).exclude(
        Exists(ReturnEntry.objects.filter(village_return=found, person=OuterRef("pk")))
    )


def listed(found: VillageReturn, last: VillageReturn | None, people: Iterable[LabourPerson]) -> list[Listed]:
    """These people as the return sees them; two queries."""
    rows, today = list(people), clock.today()
    keys = None if len(rows) > 500 else [person.pk for person in rows]
    was, confirmed = _entries(last, keys), _entries(found, keys)
    return [_listed(person, was.get(person.pk), person.pk in confirmed, today) for person in rows]


def _entries(found: VillageReturn | None, keys: list[UUID] | None) -> Mapping[Any, ReturnEntry]:
    if found is None:
        return {}
    entries = ReturnEntry.objects.filter(village_return=found)
    return {entry.person_id: entry for entry in (entries if keys is None else entries.filter(person__in=keys))}


def _listed(person: Any, was: ReturnEntry | None, confirmed: bool, today: date) -> Listed:
    now = person.now[0] if person.now else None
    was = None if was is not None and was.mark == Mark.GONE else was
    return Listed(person, now, was, mark_of(person, now, was, today), confirmed)


def mark_of(person: LabourPerson, now: LabourStatus | None, was: ReturnEntry | None, today: date) -> Mark:
    """What a person is against the return before."""
    inside = now is not None and now.status in IN_SCOPE and in_scope(person.sex, person.birth_month, today)
    if not inside:
        return Mark.GONE
    if was is None:
        return Mark.NEW
    same = all(getattr(now, name) == getattr(was, name) for name in ReturnEntry.SNAPSHOT)
    return Mark.SAME if same else Mark.CHANGED
