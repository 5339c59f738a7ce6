"""The zone: five units under it, 78 villages, containment by our own path, dated names and codes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import acting
from accounts.areas import load_zone, rename, zone
from accounts.models import Area, AreaAttribute, Post, User
from accounts.roles import ADMINISTRATION, Role
from core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> Area:
    return load_zone()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("wang", "王小明", "x")


def test_the_zone_has_its_units_once(loaded: Area) -> None:
    assert load_zone() == loaded == zone()
    kinds = [Area.objects.filter(kind=kind).count() for kind in Area.Kind.values]
    assert dict(zip(Area.Kind.values, kinds, strict=True)) == {
        "zone": 1,
        "township": 4,
        "industrial_area": 1,
        "village": 78,
    }
    assert loaded.code == ""


def test_containment_is_by_path_not_by_prefix_of_digits(loaded: Area) -> None:
    luoyang = Area.objects.get(code="350521104")
    village = Area.objects.get(code="350521104201")
    assert loaded.contains(village) and luoyang.contains(village) and village.contains(village)
    assert not village.contains(luoyang)
    assert not Area(path="zone/10").contains(luoyang)


def test_a_village_becomes_a_community_and_keeps_its_history(loaded: Area) -> None:
    village = Area.objects.get(code="350521105209")
    rename(village, kind="name", value="锦厝社区居委会", on=date(2025, 6, 1))
    village.refresh_from_db()
    names = AreaAttribute.objects.filter(area=village, kind="name").values_list("value", "valid_to")
    assert village.name == "锦厝社区居委会"
    assert list(names) == [("锦厝村委会", date(2025, 6, 1)), ("锦厝社区居委会", None)]


def test_a_post_needs_exactly_one_place(loaded: Area, user: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=user, role=Role.BUREAU_HANDLER, valid_from=date(2023, 1, 1))


@pytest.mark.parametrize("second", sorted(ADMINISTRATION))
def test_nobody_holds_two_administration_duties(loaded: Area, user: User, second: str) -> None:
    Post.objects.create(user=user, role=Role.SYSTEM_ADMIN, area=loaded, valid_from=date(2023, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=user, role=second, area=loaded, valid_from=date(2023, 1, 1))


def test_a_person_acts_in_a_post_that_is_in_force(loaded: Area, user: User) -> None:
    made = [
        Post.objects.create(user=user, role=Role.VILLAGE_CLERK, area=loaded, valid_from=start, valid_to=end)
        for start, end in (
            (date(2023, 1, 1), date(2024, 1, 1)),
            (date(2024, 1, 2), None),
            (date(2024, 5, 1), None),
            (clock.today().replace(year=2026), None),
        )
    ]
    assert acting(user).post == made[1]
    assert acting(user, made[2].pk).post == made[2]
    assert acting(user, made[0].pk).post == made[1]
    assert acting(User.objects.create_user("li", "李", "x")) is None
