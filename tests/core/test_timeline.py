"""The timeline is append-only on both engines, hash-chained, and its daily head catches a cut tail."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock, timeline
from core.append_only import triggers_off
from core.models import DailyHead, Event
from core.timeline import SYSTEM, breaks, record, sign_day

pytestmark = pytest.mark.django_db


def three() -> None:
    for verb in ("start", "file", "accept"):
        record("claim:1", verb, by=SYSTEM, data={"n": verb})
    record("claim:2", "start", by=SYSTEM)


def test_a_sound_trail_has_no_breaks_and_counts_from_one() -> None:
    three()
    assert list(Event.objects.filter(chain="claim:1").values_list("seq", flat=True)) == [1, 2, 3]
    assert list(breaks()) == []


@pytest.mark.parametrize("what", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(what: str) -> None:
    three()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        if what == "update":
            Event.objects.update(verb="x")
        else:
            Event.objects.all().delete()
    assert Event.objects.count() == 4


def test_an_altered_event_is_found() -> None:
    three()
    with triggers_off(connection):
        Event.objects.filter(chain="claim:1", seq=2).update(data={"n": "refuse"})
    assert ("claim:1", 2, "content does not match its hash") in list(breaks())


def test_a_removed_event_is_found() -> None:
    three()
    with triggers_off(connection):
        Event.objects.filter(chain="claim:1", seq=2).delete()
    assert next((chain, seq) for chain, seq, _what in breaks()) == ("claim:1", 3)


def test_a_cut_tail_is_found_by_the_signed_head() -> None:
    three()
    assert sign_day() is not None
    assert sign_day() is None
    with triggers_off(connection):
        Event.objects.filter(chain="claim:1", seq=3).delete()
    assert [chain for chain, _seq, _what in breaks()] == [f"head:{clock.today()}"]


def test_a_forged_head_is_found() -> None:
    three()
    sign_day()
    record("claim:1", "approve", by=SYSTEM)
    count, digest = timeline._digest_until(Event.objects.latest("id").pk)
    with triggers_off(connection):
        DailyHead.objects.update(events=count, digest=digest, last_event_id=Event.objects.latest("id").pk)
    assert [chain for chain, _seq, _what in breaks()] == [f"head:{clock.today()}"]


def test_events_are_signed_each_day_anew() -> None:
    three()
    sign_day()
    with clock.travel(date(2025, 11, 25)):
        record("claim:2", "file", by=SYSTEM)
        assert sign_day() is not None
    assert list(breaks()) == []
    assert json.dumps(list(DailyHead.objects.values_list("events", flat=True))) == "[4, 5]"
