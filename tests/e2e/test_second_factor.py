"""Signing in with the second factor in a real browser: the app's digits, then a passkey of Chromium's own."""

from typing import Any

import pytest
from django.urls import reverse
from django_otp.oath import totp
from playwright.sync_api import expect

from accounts.models import Authenticator, Passkey
from project.demo.people import Cast
from tests.e2e.browsing import Street

pytestmark = pytest.mark.e2e


def test_an_official_sets_up_both_and_signs_in_with_either(street: Street, cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR, settings.PUBLIC_URL = True, street.address
    window = street.window()
    page = window.page
    devices = window.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    options |= {"automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    inbox = f"{street.address}{reverse('desk:inbox')}"

    window.sign_in("laobao")
    expect(page.get_by_role("heading", level=1)).to_have_text("设置两步验证")
    expect(page.get_by_alt_text("验证器二维码")).to_be_visible()
    window.shot("setup")
    page.get_by_label("六位数字").fill(f"{totp(Authenticator.objects.get().key, drift=-1):06d}")
    page.get_by_role("button", name="登记验证器").click()
    expect(page).to_have_url(inbox)

    page.goto(reverse("second_factor_own"))
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_role("button", name="登记通行密钥").click()
    expect(page.get_by_role("rowheader", name="办公室电脑")).to_be_visible()
    window.shot("own")
    assert Passkey.objects.count() == 1

    page.locator(".who summary").click()
    page.get_by_role("button", name="退出登录").click()
    window.sign_in("laobao")
    page.goto(reverse("desk:claims"))
    expect(page.get_by_role("heading", level=1)).to_have_text("两步验证")
    window.shot("prove")
    page.get_by_label("验证器中的六位数字").fill(f"{totp(Authenticator.objects.get().key, drift=1):06d}")
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page).to_have_url(f"{street.address}{reverse('desk:claims')}")

    page.locator(".who summary").click()
    page.get_by_role("button", name="退出登录").click()
    window.sign_in("laobao")
    page.get_by_role("button", name="使用通行密钥").click()
    expect(page).to_have_url(inbox)
