"""A new or corrected year of the working calendar, and at once the deadlines that waited for it."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.calendar_years import load_year
from core.models import CalendarYear
from core.verdict import YES, Verdict, no
from workflows.deadlines import recompute


def can_load_calendar(by: Actor) -> Verdict:
    """Whether the post keeps the working calendar."""
    return YES if by.role == Role.SYSTEM_ADMIN else no("calendar_not_yours", _("工作日历由系统管理员维护。"))


def load_calendar(
    *, year: int, holidays: Collection[date], make_up_days: Collection[date], source: str, by: Actor
) -> tuple[CalendarYear, int]:
    """Write the year and compute provisional deadlines again; the year and how many deadlines changed, in one transaction."""
    can_load_calendar(by).require()
    with transaction.atomic():
        loaded = load_year(year=year, holidays=holidays, make_up_days=make_up_days, source=source, by=by)
        changed = recompute()
    return loaded, changed
