"""The administrators' pages: who may open them; policies; accounts and posts."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.areas import load_zone
from accounts.models import Area, Post, User
from accounts.roles import Role
from policy.commands import load_scheme
from policy.models import SchemeVersion
from tests.payments.made import agency, posted, user
from tests.portals.administrators import HOME, desk_of, refusal_of, scheme_file

pytestmark = pytest.mark.django_db
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
    assert "李明（liming）的初始密码" in answer.content.decode()
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
