"""What every page carries: the date banner, the security policy, how htmx is set up."""

from django.test import Client, override_settings


def test_the_fixed_business_date_is_announced_on_every_page(client: Client, db: None) -> None:
    assert "演示日期：2025年11月24日" in client.get("/login/").content.decode()
    with override_settings(BUSINESS_DATE=None):
        assert "演示日期" not in client.get("/login/").content.decode()


def test_the_security_policy_allows_nothing_inline_or_from_outside(client: Client, db: None) -> None:
    policy = client.get("/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_htmx_shows_the_refusals_that_carry_an_error_status(client: Client, db: None) -> None:
    text = client.get("/login/").content.decode()
    assert '{"code":"4(03|09|22)","swap":true,"error":true}' in text
    assert '"allowEval":false' in text
    assert '"includeIndicatorStyles":false' in text
