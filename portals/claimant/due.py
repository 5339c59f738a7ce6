"""A last day as of today, in words a claimant understands."""

from dataclasses import dataclass
from datetime import date

from core import clock
from core.calendar import WorkingDays

SOON = 2  # working days that count as soon


@dataclass(frozen=True, slots=True)
class Due:
    """`left` working days until `day`; `tone` is ``late``, ``today``, ``soon`` or ``calm``."""

    day: date
    left: int
    tone: str
    provisional: bool = False

    @classmethod
    def of(cls, day: date, provisional: bool, days: WorkingDays) -> "Due":
        """The state of a deadline today."""
        today = clock.today()
        left = days.between(today, day)
        if day < today:
            tone = "late"
        elif day == today:
            tone = "today"
        else:
            tone = "soon" if left <= SOON else "calm"
        return cls(day, abs(left), tone, provisional)
