"""What every page offers: signing in, the idle warning, changing the post, and the keyboard alone."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Post
from accounts.roles import Role
from project.demo.filing import filed
from project.demo.people import PASSWORD, SINCE, Cast
from tests.e2e.browsing import Street
from workflows.claims import Claim
from workflows.states import ClaimState, Kind

pytestmark = pytest.mark.e2e
FAR = 120  # key presses; a page on which a button lies farther is not usable by keyboard


def test_wrong_password_and_lock(street: Street, cast: Cast) -> None:
    window = street.window()
    page = window.page
    page.goto(reverse("desk:inbox"))
    expect(page).to_have_url(f"{street.address}{reverse('login')}?next={reverse('desk:inbox')}")
    window.shot("login")
    for _attempt in range(4):
        window.sign_in("laobao", "not-the-password")
        expect(page.get_by_role("alert").filter(has_text="登录名或密码不正确")).to_be_visible()
    window.shot("wrong-password")
    window.sign_in("laobao", "not-the-password")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已锁定")
    window.shot("locked")
    window.sign_in("laobao", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("登录已锁定")
    window.sign_in("laobao2", PASSWORD)
    expect(page).to_have_url(f"{street.address}{reverse('desk:inbox')}")


def test_the_watch_sees_what_no_page_may_do(street: Street) -> None:
    """The proof that the watch of all these tests is awake: an outside address, and a script the CSP forbids."""
    page = street.window().page
    page.goto(reverse("login"))
    assert street.faults == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.evaluate("fetch('http://outside.invalid/').catch(() => 0)")
    seen, street.faults = street.faults, []
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in fault for fault in seen), seen
    assert any("outside.invalid" in fault for fault in seen), seen


def test_idle_warning(street: Street, cast: Cast) -> None:
    window = street.window()
    page = window.page
    page.clock.install()
    window.sign_in("kezhang")
    page.wait_for_url(f"**{reverse('desk:inbox')}", wait_until="load")
    dialog = page.get_by_role("dialog", name="即将自动退出")
    page.clock.fast_forward("12:50")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("00:15")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("1分")
    expect(dialog.get_by_role("button", name="继续")).to_be_focused()
    window.shot("warning")
    with page.expect_response(lambda answer: answer.url.endswith(reverse("session_ping"))) as pinged:
        dialog.get_by_role("button", name="继续").press("Enter")
    assert pinged.value.status == 204
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("13:05")
    expect(dialog).to_be_visible()
    Session.objects.all().delete()  # by now the server has let the session lapse too
    page.clock.fast_forward("02:00")
    expect(page.get_by_text("长时间没有操作，已自动退出")).to_be_visible()
    window.shot("left")


def test_change_of_post(street: Street, cast: Cast) -> None:
    user = cast["maker"].user
    Post.objects.create(user=user, role=Role.AUDITOR, area=cast["auditor"].area, valid_from=SINCE)
    window = street.sign_in(cast["maker"])
    page = window.page
    page.locator(".who summary").click()
    window.shot("menu")
    page.locator(".who-posts").get_by_role("button", name="审计").click()
    window.told("已切换到")
    navigation = page.get_by_role("navigation", name="主导航")
    expect(navigation.get_by_role("link", name="操作记录")).to_be_visible()
    expect(page.locator(".who-post")).to_contain_text("审计")
    window.shot("changed")


def test_keyboard_only(street: Street, cast: Cast) -> None:
    claim = filed(cast, Kind.AGENCY, 3, seed=40)
    window = street.window()
    page = window.page
    page.goto(reverse("login"))
    expect(page.get_by_label("登录名")).to_be_focused()
    page.keyboard.type("laobao")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('desk:inbox')}")
    skip = page.get_by_role("link", name="跳到正文")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.shot("skip-link")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    _tab_to(page, f'a.button[href="{reverse("desk:claim", args=[claim.pk])}?from=inbox"]')
    window.shot("inbox-go")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('desk:claim', args=[claim.pk])}?from=inbox")
    _tab_to(page, "textarea[name=opinion]")
    page.keyboard.type("材料齐全，予以受理。")
    _tab_to(page, "button[name=verb][value=accept]")
    window.shot("decision-button")
    page.keyboard.press("Enter")
    window.told("已办理")
    assert Claim.objects.get(pk=claim.pk).state == ClaimState.VILLAGE


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus, and see that the focus can be seen."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            looks: Any = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return [style.outlineStyle, parseFloat(style.outlineWidth), style.boxShadow]; }"
            )
            assert (looks[0] != "none" and looks[1] >= 2) or looks[2] != "none", f"{selector}: focus is invisible"
            return
    raise AssertionError(f"{selector} was not reached with {FAR} presses of Tab")
