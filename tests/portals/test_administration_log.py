"""The calendar, log-ins and the log; and that no page's cost grows with the tables."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.areas import load_zone
from accounts.models import Area, Organisation, User
from accounts.roles import Role
from core.models import CalendarYear, Event
from core.timeline import record
from policy.commands import load_scheme, publish_scheme
from policy.models import SchemeVersion
from tests.payments.made import agency, officer, posted, user
from tests.portals.administrators import HOME, desk_of, refusal_of, scheme_file

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


# calendar


def test_a_year_is_written_and_the_list_shows_it() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    form = {"holidays": "2027-01-01\n2027-10-01至2027-10-07", "make_up_days": "2027-10-09", "source": "国办发明电"}
    answer = client.post(HOME + "calendar/2027/save/", form, follow=True)
    assert "2027年工作日历已保存，重新计算了0项暂定期限。" in answer.content.decode()
    year = CalendarYear.objects.get(pk=2027)
    assert (len(year.holidays), year.make_up_days) == (6, ["2027-10-09"])
    assert "2027-10-01\n2027-10-04" in client.get(HOME + "calendar/2027/").content.decode()
    assert refusal_of(client.post(HOME + "calendar/2027/save/", form | {"holidays": "元旦"})) == "day_unreadable"
    assert refusal_of(client.post(HOME + "calendar/2028/save/", form)) == "day_outside_year"
    assert not CalendarYear.objects.filter(pk=2028).exists()


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SYSTEM_ADMIN])
def test_nobody_else_writes_a_year_or_an_account(role: Role) -> None:
    client, _by = desk_of(role)
    someone = user("李明")
    for path, form in (
        ("calendar/2027/save/", {"source": "x"}),
        ("users/open/", {"username": "wangwu", "full_name": "王五"}),
        (f"users/{someone.pk}/posts/", {"role": "auditor", "area": load_zone().pk}),
        (f"users/{someone.pk}/close/", {"reason": "x"}),
        (f"users/{someone.pk}/password/", {}),
    ):
        assert client.post(HOME + path, form).status_code == 403
    assert not Event.objects.exists()


# security


def fail_to_sign_in(username: str, times: int) -> None:
    for _n in range(times):
        Client().post("/login/", {"username": username, "password": "falsch"})


def test_a_locked_log_in_is_listed_and_lifted() -> None:
    client, _by = desk_of(Role.SECURITY_ADMIN)
    User.objects.create_user("liming", "李明", "Gongzuo-2025")
    fail_to_sign_in("liming", 5)
    fail_to_sign_in("wangwu", 2)
    assert [lock["username"] for lock in client.get(HOME + "locks/").context["page"]] == ["liming"]
    assert client.post(HOME + "locks/lift/", {"username": "liming"})["Location"] == HOME + "locks/"
    assert not AccessAttempt.objects.filter(username="liming").exists()
    assert [lock["username"] for lock in client.get(HOME + "locks/").context["page"]] == []
    assert refusal_of(client.post(HOME + "locks/lift/", {"username": "liming"})) == "not_locked"
    entered = Client().post("/login/", {"username": "liming", "password": "Gongzuo-2025"})
    assert entered.status_code == 302
    assert "liming" in client.get(HOME + "sign-ins/").content.decode()


def test_only_the_security_administrator_lifts_a_lock() -> None:
    User.objects.create_user("liming", "李明", "Gongzuo-2025")
    fail_to_sign_in("liming", 5)
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    assert client.post(HOME + "locks/lift/", {"username": "liming"}).status_code == 403
    assert AccessAttempt.objects.filter(username="liming").exists()


def test_the_log_tells_the_administrator_that_and_the_auditor_what() -> None:
    guard, by = desk_of(Role.SECURITY_ADMIN)
    auditor, _by = desk_of(Role.AUDITOR, "刘慧")
    record("claim:12", "withdraw", by=by, data={"reason": "材料有误"})
    record("user:7", "close_account", by=by, data={"reason": "调离"})
    told = {
        name: client.get(HOME + "events/").content.decode() for name, client in (("guard", guard), ("auditor", auditor))
    }
    assert all("申报 12" in text and "撤回" in text and "调离" in text for text in told.values())
    assert ("材料有误" in told["guard"], "材料有误" in told["auditor"]) == (False, True)


def test_the_log_speaks_of_places_by_name() -> None:
    admin, _by = desk_of(Role.SYSTEM_ADMIN)
    guard, _by = desk_of(Role.SECURITY_ADMIN, "吴刚")
    someone, company, village = user("李明"), agency(), Area.objects.filter(kind="village").first()
    admin.post(f"{HOME}users/{someone.pk}/posts/", {"role": "village_clerk", "area": village.pk})
    admin.post(f"{HOME}users/{someone.pk}/posts/", {"role": "agency_clerk", "organisation": company.pk})
    rows = guard.get(HOME + "events/").context["log"].rows
    assert [row.verb for row in rows] == ["授予岗位", "授予岗位"]
    assert ("单位", company.name) in rows[0].details
    assert {("角色", "村（社区）经办人"), ("辖区", village.name)} <= set(rows[1].details)


def test_the_log_is_narrowed_to_a_chain() -> None:
    client, by = desk_of(Role.AUDITOR)
    for number in (1, 2, 12):
        record(f"claim:{number}", "start", by=by)
    record("batch:1", "open_batch", by=by)

    def chains(**query: object) -> list[str]:
        return [row.chain for row in client.get(HOME + "events/", query).context["log"].rows]

    assert chains() == ["batch:1", "claim:12", "claim:2", "claim:1"]
    assert chains(kind="claim") == ["claim:12", "claim:2", "claim:1"]
    assert chains(kind="claim", number=1) == ["claim:1"]
    assert chains(kind="nonsense", number=1) == chains()
    assert chains(kind="claim", number="9" * 40) == chains(kind="claim")


# cost


def fill() -> int:
    """More of everything than a page shows; a version's number to open."""
    head, leader, zone = officer(Role.SECTION_HEAD, "陈志远"), officer(Role.BUREAU_LEADER, "林国栋"), load_zone()
    known = SchemeVersion.objects.count()
    for n in range(known + 1, known + 4):
        scheme = load_scheme(data=scheme_file(n), by=head)
    publish_scheme(scheme_id=scheme.pk, by=leader)
    for n in range(30):
        someone = posted(user(f"某{n}"), Role.FINANCE_MAKER, area=zone).user
        posted(someone, Role.BUREAU_HANDLER, area=zone)
        record(f"user:{someone.pk}", "open_account", by=head)
        for _n in range(5):
            AccessAttempt.objects.create(
                username=someone.username, attempt_time=timezone.now(), failures_since_start=1, ip_address="127.0.0.1",
                user_agent=f"x{_n}",
            )  # fmt: skip
        AccessLog.objects.create(username=someone.username, attempt_time=timezone.now() - timedelta(days=n))
    return scheme.pk


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.SECTION_HEAD, lambda pk, who: "policies/"),
        (Role.SECTION_HEAD, lambda pk, who: f"policies/{pk}/"),
        (Role.SECTION_HEAD, lambda pk, who: f"policies/compare/?before={pk}&after={pk}"),
        (Role.SYSTEM_ADMIN, lambda pk, who: "users/"),
        (Role.SYSTEM_ADMIN, lambda pk, who: "users/?q=区"),
        (Role.SYSTEM_ADMIN, lambda pk, who: f"users/{who}/?q=公司"),
        (Role.SYSTEM_ADMIN, lambda pk, who: "calendar/"),
        (Role.SECURITY_ADMIN, lambda pk, who: "locks/"),
        (Role.SECURITY_ADMIN, lambda pk, who: "sign-ins/"),
        (Role.AUDITOR, lambda pk, who: "events/"),
        (Role.AUDITOR, lambda pk, who: "events/?kind=user"),
    ],
    ids=[
        "policies",
        "policy",
        "compare",
        "users",
        "search",
        "user",
        "calendar",
        "locks",
        "sign-ins",
        "events",
        "chain",
    ],
)
def test_a_page_costs_the_same_however_much_there_is(role: Role, page: Callable[[int, int], str]) -> None:
    client, _by = desk_of(role)
    costs = []
    for _round in range(2):
        address = HOME + page(fill(), User.objects.latest("pk").pk)
        Organisation.objects.create(kind="agency", name=f"公司{_round}", uscc=f"91{_round:016d}")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= MOST_QUERIES
