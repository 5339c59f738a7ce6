"""The frame of every page: signing in, who acts, the pages that say no, what the browser is allowed."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from accounts.models import Area, Post, User
from accounts.roles import Role
from core.errors import NotAllowed, Refusal, WrongState
from portals.shared import navigation
from portals.shared.access import for_roles, signed_in
from portals.shared.middleware import status_of, way_back

PASSWORD = "Gongzuo-2025"
SINCE = date(2025, 1, 1)
REFUSALS = {
    "forbidden": NotAllowed("not_yours", "这件申报由另一个村办理，请切换岗位。"),
    "late": WrongState("already_decided", "王小明已于10:32办理，请刷新页面。"),
    "wrong": Refusal("opinion_missing", "请填写意见。", fields={"opinion": "退回时必须写明原因。"}),
}


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    raise REFUSALS[name]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("350521199001010011")


@signed_in
def behind_a_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.by.label)  # type: ignore[attr-defined]


@for_roles({Role.AUDITOR})
def for_audit(request: HttpRequest) -> HttpResponse:
    return HttpResponse("audit")


urlpatterns = [
    path("refuse/<slug:name>/", refuse),
    path("fail/", fail),
    path("behind/", behind_a_post),
    path("audit/", for_audit),
    path("", include("project.urls")),
]
handler403 = "portals.shared.views.denied"
handler404 = "portals.shared.views.not_found"
handler500 = "portals.shared.views.failed"
refusing = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture
def zone(db: None) -> Area:
    return Area.objects.create(path="zone", kind=Area.Kind.ZONE, name="泉州台商投资区")


def make_user(name: str, *roles: Role, area: Area | None = None) -> User:
    user = User.objects.create_user(name, f"{name}先生", PASSWORD)
    for role in roles:
        Post.objects.create(user=user, role=role, area=area, valid_from=SINCE)
    return user


@pytest.fixture
def officer(zone: Area) -> User:
    return make_user("officer", Role.BUREAU_HANDLER, Role.SECTION_HEAD, area=zone)


def signed(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Signing in


def test_signing_in_leads_to_the_page_of_the_role(client: Client, officer: User) -> None:
    answer = client.post("/login/", {"username": "officer", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, navigation.start(Role.BUREAU_HANDLER))


def test_the_sign_in_page_names_the_zone_and_the_system(client: Client, db: None) -> None:
    text = client.get("/login/").content.decode()
    assert settings.ZONE_NAME in text
    assert "招工引工奖补办理系统" in text


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(client: Client, officer: User) -> None:
    told = [
        re.findall(r'id="login-error">.*?</span> (.*?)</div>', client.post("/login/", data).content.decode())
        for data in ({"username": "officer", "password": "x"}, {"username": "nobody", "password": "x"})
    ]
    assert told[0] == told[1] == ["登录名或密码不正确。连续5次不正确，该登录名将锁定30分钟。"]


def test_five_failures_lock_the_login_name_even_for_the_right_password(client: Client, officer: User) -> None:
    wrong = {"username": "officer", "password": "wrong"}
    assert [client.post("/login/", wrong).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = client.post("/login/", {"username": "officer", "password": PASSWORD})
    assert answer.status_code == 429
    assert "已锁定30分钟" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_locked_name_does_not_lock_another(client: Client, officer: User, zone: Area) -> None:
    make_user("other", Role.AUDITOR, area=zone)
    for _ in range(6):
        client.post("/login/", {"username": "officer", "password": "wrong"})
    assert client.post("/login/", {"username": "other", "password": PASSWORD}).status_code == 302


def test_signing_out_needs_a_post_request(officer: User) -> None:
    client = signed(officer)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/")["Location"].startswith("/login/")


def test_a_new_password_must_pass_the_rules_and_then_works(officer: User) -> None:
    client = signed(officer)
    bad = {"old_password": PASSWORD, "new_password1": "aaaaaaaaaaaa", "new_password2": "aaaaaaaaaaaa"}
    assert client.post("/password/", bad).status_code == 200
    good = {"old_password": PASSWORD, "new_password1": "Xinde-Mima-88", "new_password2": "Xinde-Mima-88"}
    assert client.post("/password/", good)["Location"] == "/"
    officer.refresh_from_db()
    assert officer.check_password("Xinde-Mima-88")


# The session


def test_the_session_ends_after_fifteen_idle_minutes_and_says_so_two_minutes_before(officer: User) -> None:
    client = signed(officer)
    client.get("/password/")
    assert client.session.get_expiry_age() == 900
    text = client.get("/password/").content.decode()
    assert 'data-idle="900"' in text
    assert 'data-warning="120"' in text
    assert 'id="session-dialog"' in text


def test_the_ping_renews_a_session_and_tells_when_it_is_over(officer: User) -> None:
    assert signed(officer).post("/session/").status_code == 204
    assert Client().post("/session/").status_code == 401
    assert signed(officer).get("/session/").status_code == 405


# Who acts


def test_the_acting_post_is_the_first_until_another_is_chosen(officer: User) -> None:
    client, (first, second) = signed(officer), list(officer.posts.all())
    assert "劳动保障科经办人" in client.get("/password/").content.decode().split("who-menu")[0]
    assert client.post("/acting/", {"post": second.pk})["Location"] == "/"
    assert "劳动保障科负责人" in client.get("/password/").content.decode().split("who-menu")[0]
    assert client.session["post_id"] == second.pk != first.pk


@pytest.mark.parametrize("foreign", ["", "0", "x", "theirs", "ended"])
def test_a_post_that_is_not_mine_today_is_refused(officer: User, zone: Area, foreign: str) -> None:
    theirs = make_user("other", Role.AUDITOR, area=zone).posts.get()
    ended = Post.objects.create(
        user=officer, role=Role.AUDITOR, area=zone, valid_from=SINCE, valid_to=date(2025, 6, 30)
    )
    client = signed(officer)
    answer = client.post("/acting/", {"post": {"theirs": theirs.pk, "ended": ended.pk}.get(foreign, foreign)})
    assert answer.status_code == 403
    assert "post_not_yours" in answer.content.decode()
    assert "post_id" not in client.session


def test_a_forged_session_post_does_not_act(officer: User, zone: Area) -> None:
    theirs = make_user("other", Role.AUDITOR, area=zone).posts.get()
    client = signed(officer)
    session = client.session
    session["post_id"] = theirs.pk
    session.save()
    assert "审计员" not in client.get("/password/").content.decode()


@refusing
def test_without_a_post_a_page_says_whom_to_ask(zone: Area) -> None:
    client = signed(make_user("newcomer"))
    for address in ("/", "/behind/", "/refuse/forbidden/"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "请联系系统管理员为您设置岗位" in answer.content.decode()


@refusing
def test_doors_let_the_right_people_in(officer: User, zone: Area) -> None:
    assert Client().get("/behind/")["Location"] == "/login/?next=/behind/"
    assert "officer先生" in signed(officer).get("/behind/").content.decode()
    assert signed(officer).get("/audit/").status_code == 403
    assert signed(make_user("auditor", Role.AUDITOR, area=zone)).get("/audit/").content == b"audit"


def test_a_page_reads_user_session_and_posts_once(officer: User, django_assert_num_queries: object) -> None:
    client = signed(officer)
    client.get("/password/")
    with django_assert_num_queries(3):  # type: ignore[operator]  # session, user, posts; renewed once a minute only
        client.get("/password/")


# The pages that say no


@refusing
@pytest.mark.parametrize(("name", "status"), [("forbidden", 403), ("late", 409), ("wrong", 422)])
def test_a_refusal_is_a_page_with_its_sentence_its_code_and_a_way_back(officer: User, name: str, status: int) -> None:
    answer = signed(officer).post(f"/refuse/{name}/", headers={"referer": "http://testserver/desk/"})
    text, refusal = answer.content.decode(), REFUSALS[name]
    assert answer.status_code == status == status_of(refusal)
    assert refusal.message in text
    assert refusal.code in text
    assert all(sentence in text for sentence in refusal.fields.values())
    assert 'href="http://testserver/desk/"' in text
    assert "<html" in text


@refusing
@pytest.mark.parametrize("target", ["answer", "", "line-3"])
def test_to_htmx_a_refusal_is_a_fragment_that_finds_a_place(officer: User, target: str) -> None:
    headers = {"HX-Request": "true", **({"HX-Target": target} if target else {})}
    answer = signed(officer).post("/refuse/late/", headers=headers)
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert REFUSALS["late"].message in answer.content.decode()
    assert answer.get("HX-Retarget") == (None if target == "answer" else "#refusals")


@refusing
def test_htmx_is_sent_to_the_sign_in_page_when_the_session_is_over(db: None) -> None:
    answer = Client().get("/behind/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/login/")


def test_a_request_with_too_many_fields_is_told_in_chinese(officer: User) -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=3):
        answer = signed(officer).post("/acting/", {f"f{n}": "1" for n in range(9)})
    assert answer.status_code == 400
    assert "request_broken" in answer.content.decode()


def test_an_address_that_does_not_exist_is_told_in_chinese(officer: User) -> None:
    for client in (Client(), signed(officer)):
        answer = client.get("/nowhere/at/all/")
        assert answer.status_code == 404
        assert "没有这个页面" in answer.content.decode()


@refusing
def test_a_failure_is_told_without_what_caused_it(officer: User) -> None:
    client = signed(officer)
    client.raise_request_exception = False
    answer = client.get("/fail/")
    assert answer.status_code == 500
    assert "数据没有改动" in answer.content.decode()
    assert "350521199001010011" not in answer.content.decode()


def test_a_form_without_its_token_is_told_what_to_do(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    answer = client.post("/acting/", {"post": "1"})
    assert answer.status_code == 403
    assert "刷新页面后再提交" in answer.content.decode()


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/desk/?page=2", "http://testserver/desk/?page=2"),
        ("http://evil.example/", "/"),
        ("http://testserver/here/", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_in_the_house_and_never_leads_here_again(referer: str, back: str) -> None:
    request = RequestFactory().get("/here/", headers={"referer": referer} if referer else {})
    assert way_back(request) == back
