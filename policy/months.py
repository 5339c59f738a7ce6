"""Month arithmetic of the notice's periods: whole calendar months and ages, never throwing at the calendar's ends."""

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day `months` later (民法典 Art. 202: the month's last day when there is none); at most date.max."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    if year > MAXYEAR:
        return date.max
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """`days` later, held inside the calendar."""
    return date.fromordinal(max(date.min.toordinal(), min(date.max.toordinal(), day.toordinal() + days)))


def day_after(day: date) -> date:
    """The next day; the last day of the calendar stays."""
    return day if day == date.max else day + timedelta(days=1)


def age_on(birth: date, day: date) -> int:
    """Full years of age, reached on the birthday (周岁)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def statutory_pension_day(birth: date, sex: str) -> date:
    """The day the statutory pension age is reached under the progressive delay of 2025 (2024 决定, 附表).

    Men: 60, from those born 1965-01 one month more for every four months, to 63. Women: 50, from those born
    1975-01 one month more for every two months, to 55; a woman's post is not known here, so the earliest age counts.
    """
    age, start, step, most = (50, (1975, 1), 2, 60) if sex == "female" else (60, (1965, 1), 4, 36)
    behind = (birth.year - start[0]) * 12 + birth.month - start[1]
    delay = min(most, behind // step + 1) if behind >= 0 else 0
    return add_months(birth, age * 12 + delay)
