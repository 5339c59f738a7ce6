"""Writing a year of the working calendar, and what waited for it."""

from datetime import date, timedelta

import pytest

from accounts.areas import zone
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from core.calendar_years import days_in, load_year
from core.errors import NotAllowed, Refusal
from core.models import CalendarYear, Event
from core.timeline import SYSTEM
from policy.loading import read_scheme, shipped
from policy.models import SchemeVersion
from tests.payments import made
from workflows.calendar import load_calendar
from workflows.reviews import Review

pytestmark = pytest.mark.django_db
SPRING = [date(2027, 2, 5) + timedelta(days=n) for n in range(8)]


def load(**more: object) -> CalendarYear:
    values = {
        "year": 2027,
        "holidays": SPRING,
        "make_up_days": [date(2027, 2, 14)],
        "source": "国办发明电",
        "by": SYSTEM,
    }
    return load_year(**values | more)  # type: ignore[arg-type]


def test_a_year_is_written_whole_and_again() -> None:
    load()
    days = WorkingDays.load()
    assert (days.is_working(date(2027, 2, 5)), days.is_working(date(2027, 2, 14))) == (False, True)
    assert load(make_up_days=[]).make_up_days == []
    assert CalendarYear.objects.get(pk=2027).holidays == [f"2027-02-{n:02d}" for n in (5, 8, 9, 10, 11, 12)]
    assert [e.verb for e in Event.objects.filter(chain="calendar:2027")] == ["load_year"] * 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"year": 1999}, "year_range"),
        ({"source": " "}, "source_missing"),
        ({"holidays": [date(2026, 1, 1)]}, "day_outside_year"),
        ({"make_up_days": [date(2027, 2, 6)]}, "day_twice"),
        ({"make_up_days": [date(2027, 3, 1)]}, "make_up_on_weekday"),
    ],
)
def test_what_a_year_refuses(change: dict, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(**change)
    assert refused.value.code == code
    assert not CalendarYear.objects.filter(pk=2027).exists()


def test_days_are_read_strictly() -> None:
    assert days_in("2026-10-01至2026-10-03\n\n 2026-12-31 ") == [date(2026, 10, n) for n in (1, 2, 3)] + [
        date(2026, 12, 31)
    ]
    for text in ("10月1日", "2026-02-30", "2026-10-03至2026-10-01", "2026-01-01至2026-12-31", "2026-10-01,2026-10-02"):
        with pytest.raises(Refusal, match="第2行") as refused:
            days_in(f"2026-01-01\n{text}")
        assert refused.value.code == "day_unreadable"


def test_provisional_deadlines_settle_when_the_year_is_loaded() -> None:
    admin, claim = made.officer(Role.SYSTEM_ADMIN, "周凯"), made.payable(made.fund(), state="bureau")
    with clock.travel(date(2027, 2, 3)):
        review = Review.objects.create(
            claim=claim, step="bureau_review", area=zone(), opened_at=clock.now(), due_on=date(2027, 2, 17),
            due_provisional=True,
        )  # fmt: skip
    terms = read_scheme(shipped()[0].read_bytes())[0]
    draft = SchemeVersion.objects.create(
        code="x", version=9, doc_no="x", title="x", valid_from=date(2023, 2, 9), terms=terms, sha256="0" * 64,
        drafted_by=admin.user, drafted_at=clock.now(),
    )  # fmt: skip
    claim.scheme = draft
    claim.save()
    year = {"year": 2027, "holidays": SPRING, "make_up_days": [], "source": "国办发明电"}
    with pytest.raises(NotAllowed):
        load_calendar(**year, by=made.officer(Role.BUREAU_LEADER, "林国栋"))
    _loaded, changed = load_calendar(**year, by=admin)
    review.refresh_from_db()
    assert (changed, review.due_on, review.due_provisional) == (1, date(2027, 2, 25), False)
