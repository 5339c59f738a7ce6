"""Accounts and posts: who may set them, what each role needs, what is never possible."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from accounts import commands
from accounts.acting import Actor, current_posts
from accounts.areas import load_zone
from accounts.models import Area, Organisation, Post, User
from accounts.roles import ADMINISTRATION, OF_ORGANISATION, Role
from core import clock
from core.errors import NotAllowed, Refusal
from core.models import Event
from tests.payments.made import agency, officer, posted, user

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 24)


@pytest.fixture
def admin() -> Actor:
    return officer(Role.SYSTEM_ADMIN, "周凯")


def code_of(command, **arguments: object) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused, transaction.atomic():
        command(**arguments)
    return refused.value.code


def area(kind: str) -> Area:
    load_zone()
    return Area.objects.filter(kind=kind).first()  # type: ignore[return-value]


def test_an_account_is_opened_with_a_password_that_works(admin: Actor) -> None:
    opened, password = commands.open_account(username=" LiMing ", full_name="李明", by=admin)
    assert (opened.username, opened.full_name) == ("liming", "李明")
    assert opened.check_password(password)
    assert password not in str(list(Event.objects.values_list("data", flat=True)))
    assert len({commands.first_password() for _n in range(20)}) == 20
    assert code_of(commands.open_account, username="liming", full_name="李明明", by=admin) == "username_taken"


@pytest.mark.parametrize(("username", "name"), [("ab", "李明"), ("1abc", "李明"), ("李明", "李明"), ("liming", "李")])
def test_an_account_filled_in_badly(admin: Actor, username: str, name: str) -> None:
    assert code_of(commands.open_account, username=username, full_name=name, by=admin) == "account_invalid"


def test_a_reset_password_replaces_the_old_one(admin: Actor) -> None:
    someone, old = commands.open_account(username="liming", full_name="李明", by=admin)
    before = someone.get_session_auth_hash()
    someone, new = commands.reset_password(user_id=someone.pk, by=admin)
    assert (someone.check_password(old), someone.check_password(new)) == (False, True)
    assert someone.get_session_auth_hash() != before


def test_a_closed_account_stays_but_opens_nothing(admin: Actor, rf) -> None:  # type: ignore[no-untyped-def]
    someone, password = commands.open_account(username="liming", full_name="李明", by=admin)
    post = commands.grant_post(user_id=someone.pk, role=Role.FINANCE_MAKER, area_id=load_zone().pk, by=admin)
    later = Post.objects.create(user=someone, role=Role.AUDITOR, area=load_zone(), valid_from=TODAY + timedelta(days=9))
    assert code_of(commands.close_account, user_id=someone.pk, by=admin, reason=" ") == "reason_missing"
    closed = commands.close_account(user_id=someone.pk, by=admin, reason="调离")
    assert current_posts(closed) == []
    assert authenticate(rf.post("/"), username="liming", password=password) is None
    post.refresh_from_db()
    later.refresh_from_db()
    assert (post.valid_to, later.valid_to) == (TODAY, later.valid_from)
    assert User.objects.filter(pk=someone.pk).exists()
    for command in (commands.close_account, commands.reset_password, commands.grant_post):
        more = {"reason": "x"} if command is commands.close_account else {}
        more |= {"role": "auditor", "area_id": load_zone().pk} if command is commands.grant_post else {}
        assert code_of(command, user_id=someone.pk, by=admin, **more) == "account_closed"
    assert [e.verb for e in Event.objects.filter(chain=f"user:{someone.pk}")] == [
        "open_account", "grant_post", "close_account",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [r for r in Role if r not in OF_ORGANISATION])
def test_a_post_in_an_area_of_the_right_kind(admin: Actor, role: Role) -> None:
    kinds = commands.area_kinds(role)
    for kind in Area.Kind.values:
        place = {"role": role, "area_id": area(kind).pk, "by": admin}
        if kind in kinds:
            assert commands.grant_post(user_id=user("李明").pk, **place).area == area(kind)
        else:
            assert code_of(commands.grant_post, user_id=user("李明").pk, **place) == "post_place"
    both = {"role": role, "area_id": area(kinds[0]).pk, "organisation_id": agency().pk}
    assert code_of(commands.grant_post, user_id=user("李明").pk, by=admin, **both) == "post_place"


@pytest.mark.parametrize("role", OF_ORGANISATION)
def test_a_post_in_an_organisation_of_the_right_kind(admin: Actor, role: Role) -> None:
    places = {
        kind: Organisation.objects.create(kind=kind, name=f"单位{kind}", uscc=f"91{n:016d}")
        for n, kind in enumerate(Organisation.Kind.values)
    }
    for kind, place in places.items():
        grant = {"user_id": user("李明").pk, "role": role, "organisation_id": place.pk, "by": admin}
        if kind == OF_ORGANISATION[role]:
            assert commands.grant_post(**grant).organisation == place
        else:
            assert code_of(commands.grant_post, **grant) == "post_place"
    assert (
        code_of(commands.grant_post, user_id=user("李明").pk, role=role, area_id=load_zone().pk, by=admin)
        == "post_place"
    )


@pytest.mark.parametrize("held", sorted(ADMINISTRATION))
@pytest.mark.parametrize("wanted", sorted(ADMINISTRATION))
def test_no_one_holds_two_administration_duties(admin: Actor, held: str, wanted: str) -> None:
    someone = posted(user("李明"), held).user
    grant = {"user_id": someone.pk, "role": wanted, "area_id": load_zone().pk, "by": admin}
    expected = "post_known" if held == wanted else "two_administration_duties"
    assert code_of(commands.grant_post, **grant) == expected
    Post.objects.filter(user=someone).update(valid_to=TODAY + timedelta(days=30))  # ends, but has not ended yet
    assert code_of(commands.grant_post, **grant) == expected
    Post.objects.filter(user=someone).update(valid_to=TODAY - timedelta(days=1))
    assert commands.grant_post(**grant).role == wanted


def test_the_database_too_refuses_two_duties() -> None:
    someone = posted(user("李明"), Role.AUDITOR).user
    with pytest.raises(IntegrityError), transaction.atomic():
        posted(someone, Role.SYSTEM_ADMIN)


def test_nobody_grants_himself(admin: Actor) -> None:
    grant = {"user_id": admin.user_id, "role": Role.BUREAU_LEADER, "area_id": load_zone().pk}
    assert code_of(commands.grant_post, by=admin, **grant) == "account_self"
    assert code_of(commands.close_account, user_id=admin.user_id, by=admin, reason="x") == "account_self"


def test_a_post_ends_on_its_last_day(admin: Actor) -> None:
    post = posted(user("李明"), Role.AUDITOR).post
    early = TODAY - timedelta(days=1)
    assert code_of(commands.end_post, post_id=post.pk, by=admin, on=early) == "post_dates"
    ended = commands.end_post(post_id=post.pk, by=admin, on=TODAY + timedelta(days=6))
    assert ended.valid_to == date(2025, 11, 30)
    ended = commands.end_post(post_id=post.pk, by=admin)
    assert (ended.valid_to, ended.holds_on(TODAY)) == (TODAY, True)
    assert code_of(commands.end_post, post_id=post.pk, by=admin) == "post_ended"
    assert code_of(commands.end_post, post_id=987, by=admin) == "post_unknown"
    with clock.travel(TODAY + timedelta(days=1)):
        assert current_posts(post.user) == []


def test_somebody_must_be_left_to_administer(admin: Actor) -> None:
    second = posted(user("李明"), Role.SYSTEM_ADMIN)
    commands.end_post(post_id=admin.post_id, by=second)
    assert code_of(commands.end_post, post_id=second.post_id, by=second) == "last_administrator"
    assert code_of(commands.close_account, user_id=second.user_id, by=admin, reason="x") == "last_administrator"


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SYSTEM_ADMIN])
def test_nobody_else_touches_accounts(admin: Actor, role: Role) -> None:
    other, someone = officer(role, "外人"), posted(user("李明"), Role.VILLAGE_CLERK, area=area("village"))
    place = {"role": "auditor", "area_id": load_zone().pk}
    for command, arguments in (
        (commands.open_account, {"username": "wangwu", "full_name": "王五"}),
        (commands.reset_password, {"user_id": someone.user_id}),
        (commands.close_account, {"user_id": someone.user_id, "reason": "x"}),
        (commands.grant_post, {"user_id": someone.user_id} | place),
        (commands.end_post, {"post_id": someone.post_id}),
    ):
        with pytest.raises(NotAllowed):
            command(by=other, **arguments)
    assert not Event.objects.exists()
