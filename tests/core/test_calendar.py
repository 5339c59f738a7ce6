"""Working days by the calendar of the State Council's notices; the triggering day is not counted."""

from datetime import date

import pytest

from core.calendar import Deadline, WorkingDays
from core.models import CalendarYear

pytestmark = pytest.mark.django_db

CASES = [
    ("plain week", date(2025, 11, 24), 5, date(2025, 12, 1)),
    ("over a weekend", date(2025, 11, 27), 2, date(2025, 12, 1)),
    ("triggered on a Saturday", date(2025, 11, 22), 1, date(2025, 11, 24)),
    ("National Day and Mid-autumn 2025", date(2025, 9, 30), 1, date(2025, 10, 9)),
    ("a make-up Saturday counts", date(2025, 10, 10), 1, date(2025, 10, 11)),
    ("Spring Festival 2025 with its make-up Sunday", date(2025, 1, 24), 1, date(2025, 1, 26)),
    ("Labour Day 2025 with its make-up Sunday", date(2025, 4, 25), 5, date(2025, 5, 6)),
    ("zero days is the same day", date(2025, 11, 24), 0, date(2025, 11, 24)),
]


@pytest.mark.parametrize(("case", "trigger", "days", "expected"), CASES, ids=[case[0] for case in CASES])
def test_deadlines(case: str, trigger: date, days: int, expected: date) -> None:
    assert WorkingDays.load().deadline(trigger, days) == Deadline(expected, False)


def test_a_year_without_data_counts_weekends_only_and_is_provisional() -> None:
    found = WorkingDays.load().deadline(date(2026, 12, 31), 5)
    assert found == Deadline(date(2027, 1, 7), True)


def test_loading_the_year_moves_the_deadline_and_settles_it() -> None:
    CalendarYear.objects.create(year=2027, holidays=["2027-01-01"], make_up_days=[], source="test")
    assert WorkingDays.load().deadline(date(2026, 12, 31), 5) == Deadline(date(2027, 1, 8), False)


def test_counts_between_two_days_both_ways() -> None:
    calendar = WorkingDays.load()
    assert calendar.between(date(2025, 9, 30), date(2025, 10, 11)) == 3
    assert calendar.between(date(2025, 10, 11), date(2025, 9, 30)) == -3


def test_the_known_years_hold_what_the_notices_say() -> None:
    counts = {y.year: (len(y.holidays), len(y.make_up_days)) for y in CalendarYear.objects.all()}
    assert counts == {2023: (18, 7), 2024: (19, 8), 2025: (18, 5), 2026: (19, 6)}


def test_a_deadline_asks_once(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        calendar = WorkingDays.load()
        for days in range(30):
            calendar.deadline(date(2025, 11, 24), days)
