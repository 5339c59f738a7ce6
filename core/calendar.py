"""Working days by an editable calendar. The triggering day is not counted; a deadline runs until 24:00 local.

A year without calendar data counts weekends only and marks the deadline provisional; whoever loads the year
recomputes what was provisional. Basis: State Council's yearly holiday notices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.models import CalendarYear


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day, and whether a year without calendar data was crossed."""

    day: date
    provisional: bool = False


class WorkingDays:
    """A calendar read once; ask it as often as needed without another query."""

    def __init__(self, years: Iterable[CalendarYear]) -> None:
        years = list(years)
        self._known = {year.year for year in years}
        self._off = {date.fromisoformat(day) for year in years for day in year.holidays}
        self._on = {date.fromisoformat(day) for year in years for day in year.make_up_days}

    @classmethod
    def load(cls) -> "WorkingDays":
        """All years, in one query: a year is one row."""
        return cls(CalendarYear.objects.all())

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`; Monday–Friday where the year is not loaded."""
        if day in self._on:
            return True
        return day.weekday() < 5 and day not in self._off

    def deadline(self, trigger: date, days: int) -> Deadline:
        """The `days`-th working day after `trigger`."""
        day, left = trigger, days
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return Deadline(day, any(year not in self._known for year in range(trigger.year, day.year + 1)))

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def next_working(self, day: date) -> date:
        """`day` itself when people work then, otherwise the next day on which they do."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day
