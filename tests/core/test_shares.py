"""Shares are counted in the database, for all processes together, and keep no address."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from core.models import Share
from core.shares import take_share


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr("core.shares.clock.now", lambda: now)


@pytest.mark.django_db
def test_a_share_ends_and_each_asker_and_purpose_has_its_own() -> None:
    assert [take_share("verify", "10.0.0.9", most=3) for _ in range(5)] == [True] * 3 + [False] * 2
    assert take_share("verify", "10.0.0.8", most=3) and take_share("other", "10.0.0.9", most=3)


@pytest.mark.django_db
def test_the_next_span_begins_anew_and_sweeps_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert take_share("verify", "10.0.0.9", most=1) and not take_share("verify", "10.0.0.9", most=1)
    later = clock.now() + timedelta(seconds=121)
    monkeypatch.setattr("core.shares.clock.now", lambda: later)
    assert take_share("verify", "10.0.0.9", most=1)
    assert Share.objects.count() == 1


@pytest.mark.django_db
def test_no_address_is_kept() -> None:
    take_share("verify", "10.0.0.9", most=3)
    assert "10.0.0.9" not in str(Share.objects.values().get())


@pytest.mark.django_db(transaction=True)
def test_askers_at_once_share_one_count() -> None:
    def ask(_: int) -> bool:
        try:
            return take_share("verify", "10.0.0.9", most=10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(24))) == 10
