"""The only source of "now" and "today". Business time is Asia/Shanghai; storage is UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from time import monotonic
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
_travelled: ContextVar[date | None] = ContextVar("travelled", default=None)


def today() -> date:
    """The business date in Shanghai: the fixed one of the settings or of `travel`, otherwise the real one."""
    return fixed_date() or datetime.now(SHANGHAI).date()


def now() -> datetime:
    """An aware UTC moment: the real time of day, on the business date."""
    real = datetime.now(SHANGHAI)
    fixed = fixed_date()
    return (datetime.combine(fixed, real.time(), SHANGHAI) if fixed else real).astimezone(UTC)


def machine_now() -> datetime:
    """The machine's own UTC moment, whatever the business date: for leases, back-off and waiting, never for deadlines.

    `now` cannot serve there: under a fixed date it falls back by a day at midnight.
    """
    return datetime.now(UTC)


def ticks() -> float:
    """Seconds that only go forward, for measuring a span inside one process."""
    return monotonic()


def fixed_date() -> date | None:
    """The fixed business date when one is set (demo, tests, `travel`), else None; pages show a banner for it."""
    return _travelled.get() or settings.BUSINESS_DATE


def local_date(moment: datetime) -> date:
    """The Shanghai date of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """24:00 local of `day`, the moment a deadline on that day runs out, in UTC."""
    return datetime.combine(day, time.max, SHANGHAI).astimezone(UTC)


@contextmanager
def travel(to: date) -> Iterator[None]:
    """Act on another business date; for demo data and tests only."""
    token = _travelled.set(to)
    try:
        yield
    finally:
        _travelled.reset(token)
