"""The administrators' pages: who may open them, what they do, and that their cost does not grow with the tables."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import Actor
from accounts.areas import load_zone
from accounts.models import Area, Organisation, Post, User
from accounts.roles import Role
from core.models import CalendarYear, Event
from core.timeline import record
from policy.commands import load_scheme, publish_scheme
from policy.loading import shipped
from policy.models import SchemeVersion
from tests.payments.made import agency, officer, posted, user

pytestmark = pytest.mark.django_db
HOME = "/administration/"
MOST_QUERIES = 15
PAGES = {
    "policies/": {Role.SECTION_HEAD, Role.BUREAU_LEADER, Role.AUDITOR},
    "users/": {Role.SYSTEM_ADMIN},
    "users/open/": {Role.SYSTEM_ADMIN},
    "calendar/": {Role.SYSTEM_ADMIN},
    "calendar/2027/": {Role.SYSTEM_ADMIN},
    "locks/": {Role.SECURITY_ADMIN},
    "sign-ins/": {Role.SECURITY_ADMIN},
    "events/": {Role.SECURITY_ADMIN, Role.AUDITOR},
}


def signed(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def desk_of(role: str, name: str = "周凯") -> tuple[Client, Actor]:
    by = officer(role, name)
    return signed(by), by


def scheme_file(version: int = 1, rate: int = 1000) -> bytes:
    text = shipped()[0].read_text(encoding="utf-8")
    text = text.replace("\nversion = 1\n", f"\nversion = {version}\n")
    return text.replace(
        "agency_referral_per_person = { value = 1000", f"agency_referral_per_person = {{ value = {rate}"
    ).encode()


def refusal_of(answer: HttpResponse) -> str:
    text = answer.content.decode()
    assert answer.status_code in {403, 409, 422}, text
    return text.partition('data-refusal="')[2].partition('"')[0]


@pytest.mark.parametrize("role", Role)
def test_each_page_opens_for_its_roles_only(role: Role) -> None:
    client, _by = desk_of(role)
    opened = {page for page in PAGES if client.get(HOME + page).status_code == 200}
    assert opened == {page for page, roles in PAGES.items() if role in roles}
    refused = set(PAGES) - opened
    assert {client.get(HOME + page).status_code for page in refused} <= {403}


@pytest.mark.parametrize("page", PAGES)
def test_nobody_comes_in_without_signing_in(page: str) -> None:
    answer = Client().get(HOME + page)
    assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={HOME}{page}")


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_administrators_see_no_claim(role: Role) -> None:
    client, _by = desk_of(role)
    assert [client.get(page).status_code for page in ("/desk/claims/", "/desk/", "/finance/")].count(200) == 0


# policies


def test_a_version_is_loaded_by_one_and_published_by_another() -> None:
    head, _by = desk_of(Role.SECTION_HEAD, "陈志远")
    leader, _by = desk_of(Role.BUREAU_LEADER, "林国栋")
    answer = head.post(HOME + "policies/load/", {"file": SimpleUploadedFile("a.toml", scheme_file())})
    scheme = SchemeVersion.objects.get()
    address = f"{HOME}policies/{scheme.pk}/"
    assert (answer.status_code, answer["Location"], scheme.status) == (302, address, "draft")
    shown = head.get(address).content.decode()
    assert "政策版本须由载入人以外的另一人核对后发布。" in shown
    assert f"{address}publish/" not in shown
    assert refusal_of(head.post(address + "publish/")) == "publisher_is_drafter"
    assert f'action="{address}publish/"' in leader.get(address).content.decode()
    assert leader.post(address + "publish/")["Location"] == address
    scheme.refresh_from_db()
    assert scheme.status == "published"
    assert "现行有效" in leader.get(HOME + "policies/").content.decode()


def test_a_version_page_shows_value_unit_and_basis() -> None:
    head, by = desk_of(Role.SECTION_HEAD)
    scheme = load_scheme(data=scheme_file(), by=by)
    text = head.get(f"{HOME}policies/{scheme.pk}/").content.decode()
    assert "1,000 元/人" in text
    assert "泉台管办规〔2023〕3号一（六）" in text
    assert "系统默认（可调整）：A3" in text
    assert text.count('<th scope="row">') == sum(
        len(group) for code, group in scheme.terms.items() if isinstance(group, dict)
    )


@pytest.mark.parametrize("upload", [None, b"", b"code = ", b"\xff"])
def test_a_file_that_cannot_be_read_makes_no_version(upload: bytes | None) -> None:
    head, _by = desk_of(Role.SECTION_HEAD)
    files = {} if upload is None else {"file": SimpleUploadedFile("a.toml", upload)}
    expected = "file_missing" if upload is None else "scheme_unreadable"
    assert refusal_of(head.post(HOME + "policies/load/", files)) == expected
    assert not SchemeVersion.objects.exists()


def test_the_auditor_reads_policies_and_changes_nothing() -> None:
    _head, by = desk_of(Role.SECTION_HEAD)
    auditor, _by = desk_of(Role.AUDITOR, "刘慧")
    scheme = load_scheme(data=scheme_file(), by=by)
    text = (
        auditor.get(HOME + "policies/").content.decode() + auditor.get(f"{HOME}policies/{scheme.pk}/").content.decode()
    )
    assert '<form method="post" action="/administration/' not in text
    upload = {"file": SimpleUploadedFile("a.toml", scheme_file(2))}
    assert refusal_of(auditor.post(HOME + "policies/load/", upload)) == "policy_not_yours"
    assert refusal_of(auditor.post(f"{HOME}policies/{scheme.pk}/publish/")) == "policy_not_yours"
    assert [s.status for s in SchemeVersion.objects.all()] == ["draft"]


def test_two_versions_are_compared() -> None:
    head, by = desk_of(Role.SECTION_HEAD)
    old, new = load_scheme(data=scheme_file(), by=by), load_scheme(data=scheme_file(2, rate=1200), by=by)
    text = head.get(HOME + "policies/compare/", {"before": old.pk, "after": new.pk}).content.decode()
    assert ("1项不同" in text, "1,200 元/人" in text, text.count('<th scope="row">')) == (True, True, 1)
    same = head.get(HOME + "policies/compare/", {"before": old.pk, "after": old.pk}).content.decode()
    assert "两个版本的参数没有不同" in same
    assert refusal_of(head.get(HOME + "policies/compare/", {"before": "x"})) == "choice_missing"
    assert refusal_of(head.get(HOME + "policies/compare/", {"before": old.pk, "after": 987})) == "scheme_unknown"


# users


def test_an_account_is_opened_and_its_password_shown_once() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    answer = client.post(HOME + "users/open/", {"username": "liming", "full_name": "李明"})
    password = answer.context["password"]
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert password in answer.content.decode()
    opened = User.objects.get(username="liming")
    assert opened.check_password(password)
    assert password not in client.get(f"{HOME}users/{opened.pk}/").content.decode()
    assert (
        refusal_of(client.post(HOME + "users/open/", {"username": "liming", "full_name": "李明"})) == "username_taken"
    )
    assert refusal_of(client.post(HOME + "users/open/", {})) == "account_invalid"


def test_a_form_sent_by_script_gets_the_password_as_a_fragment() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    someone = user("李明")
    answer = client.post(f"{HOME}users/{someone.pk}/password/", headers={"HX-Request": "true"})
    someone.refresh_from_db()
    assert someone.check_password(answer.context["password"])
    assert "<html" not in answer.content.decode()


def test_a_post_is_granted_shown_and_ended() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    someone, village = user("李明"), Area.objects.filter(kind="village").first()
    page = f"{HOME}users/{someone.pk}/"
    answer = client.post(page + "posts/", {"role": "village_clerk", "area": village.pk, "from": "2025-11-01"})
    assert answer["Location"] == page
    post = Post.objects.get(user=someone)
    assert (post.role, post.area, post.valid_from) == ("village_clerk", village, date(2025, 11, 1))
    assert f"{HOME}posts/{post.pk}/end/" in client.get(page).content.decode()
    assert client.post(f"{HOME}posts/{post.pk}/end/", {"on": "2025-11-30"})["Location"] == page
    post.refresh_from_db()
    assert post.valid_to == date(2025, 11, 30)
    assert client.post(f"{HOME}posts/{post.pk}/end/")["Location"] == page
    text = client.get(page).content.decode()
    assert f"{HOME}posts/{post.pk}/end/" not in text
    assert refusal_of(client.post(page + "posts/", {"role": "village_clerk", "area": load_zone().pk})) == "post_place"
    assert refusal_of(client.post(page + "posts/", {"role": "auditor", "from": "明天"})) == "day_unreadable"


def test_an_organisation_is_found_and_its_post_granted() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    someone, company = user("李明"), agency("泉州市联众人力资源服务有限公司")
    page = f"{HOME}users/{someone.pk}/"
    assert company.name not in client.get(page).content.decode()
    assert company.name in client.get(page, {"q": "联众"}).content.decode()
    assert "没有找到该单位" in client.get(page, {"q": "无此单位"}).content.decode()
    client.post(page + "posts/", {"role": "agency_clerk", "organisation": company.pk})
    assert Post.objects.get(user=someone).organisation == company


def test_two_administration_duties_are_refused_with_a_sentence() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    someone = posted(user("李明"), Role.AUDITOR).user
    answer = client.post(f"{HOME}users/{someone.pk}/posts/", {"role": "security_admin", "area": load_zone().pk})
    assert refusal_of(answer) == "two_administration_duties"
    assert "三员必须分设" in answer.content.decode()


def test_an_account_is_closed_and_stays_in_the_list() -> None:
    client, by = desk_of(Role.SYSTEM_ADMIN)
    someone = posted(user("李明"), Role.FINANCE_MAKER).user
    page = f"{HOME}users/{someone.pk}/"
    assert refusal_of(client.post(page + "close/", {"reason": " "})) == "reason_missing"
    assert client.post(page + "close/", {"reason": "调离"})["Location"] == page
    someone.refresh_from_db()
    assert not someone.is_active
    text = client.get(page).content.decode()
    assert ("已停用" in text, "close/" in text, 'posts/"' in text) == (True, False, False)
    assert "李明" in client.get(HOME + "users/").content.decode()
    mine = client.get(f"{HOME}users/{by.user_id}/").content.decode()
    assert "自己的账号和岗位由另一位系统管理员办理。" in mine
    assert refusal_of(client.get(HOME + "users/987654/")) == "user_unknown"
    assert client.get(HOME + "users/" + "9" * 30 + "/").status_code == 404


def test_users_are_found_by_name_login_and_place() -> None:
    client, _by = desk_of(Role.SYSTEM_ADMIN)
    company = agency("泉州市联众人力资源服务有限公司")
    clerk = posted(
        User.objects.create(username="liming", full_name="李明"), Role.AGENCY_CLERK, organisation=company
    ).user
    for q in ("李明", "LIMING", "联众"):
        assert [row[0] for row in client.get(HOME + "users/", {"q": q}).context["held"]] == [clerk]
    assert "没有符合条件的用户" in client.get(HOME + "users/", {"q": "无此人"}).content.decode()


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
