"""The ground the other tests stand on: engine, date, keys, and a flush that append-only tables survive."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from core import clock, privacy
from core.models import CalendarYear, Event

pytestmark = pytest.mark.django_db(transaction=True)


def an_event() -> Event:
    return Event.objects.create(
        chain="claim:1", seq=1, at=clock.now(), verb="filed", by_label="someone", prev_hash="0" * 64, hash="1" * 64
    )


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_transactional_test_starts_empty_with_the_calendar_and_the_triggers(turn: str) -> None:
    assert Event.objects.count() == 0
    assert set(CalendarYear.objects.values_list("year", flat=True)) >= {2023, 2024, 2025, 2026}
    event = an_event()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(verb="altered")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    assert Event.objects.get().verb == "filed"


def test_the_business_date_stands_still() -> None:
    assert clock.today() == date(2025, 11, 24)


def test_keys_and_data_of_the_test_run_are_throw_away() -> None:
    home = Path(settings.BASE_DIR)
    assert privacy.index_of("id", "x") == privacy.index_of("id", "x")
    for path in (settings.KEYS_FILE, settings.MEDIA_ROOT, settings.VAR_DIR):
        assert home not in Path(path).parents


@pytest.mark.postgres
def test_marked_tests_run_on_postgresql_only() -> None:
    assert connection.vendor == "postgresql"
