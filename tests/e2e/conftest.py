"""A Chromium, the zone on a live server, and a watch on every page; pictures are left in var/screens."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from funds.models import FundSource
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme
from tests.e2e.browsing import Street

CHROMIUM = os.environ.get("YINGONG_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for the tests of a file; each window has a fresh profile."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"No Chromium at {CHROMIUM}: install it, or name another in YINGONG_CHROMIUM.", pytrace=False)
    # Playwright's loop lives in this thread; Django would take every query of the test for one inside a coroutine.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()
            connections.close_all()  # the ones opened inside Playwright's loop, which nobody reaches after it
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    """The zone's people; stored files lie in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def funds(cast: Cast) -> tuple[FundSource, FundSource]:
    """The published scheme and the two funds: (referral rewards, transfer subsidies)."""
    return fund_and_scheme(cast)


@pytest.fixture
def street(
    chromium: Browser, cast: Cast, funds: Any, live_server: Any, request: pytest.FixtureRequest
) -> Iterator[Street]:
    """The browsers of a test. At its end: no request left for elsewhere, no CSP violation, no script error."""
    folder = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    screens = Path(project_settings.BASE_DIR) / "var" / "screens" / folder
    shutil.rmtree(screens, ignore_errors=True)
    screens.mkdir(parents=True)
    street = Street(chromium, live_server.url, screens)
    yield street
    street.close()
    assert street.faults == []
