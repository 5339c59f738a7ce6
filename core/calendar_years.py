"""Writing the working calendar: a year's holidays and make-up days, as the State Council's notice names them."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.models import CalendarYear
from core.timeline import Signer, record

FIRST, LAST = 2000, 2100
LONGEST_SOURCE = 200
LARGEST_TEXT = 10_000
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:至|到|~|—)\s*(\d{4}-\d{2}-\d{2}))?")


def load_year(
    *, year: int, holidays: Collection[date], make_up_days: Collection[date], source: str, by: Signer
) -> CalendarYear:
    """Write a year's exceptions to Monday–Friday, whole; days that change nothing (a holiday on a weekend) are left out.

    Refuses `year_range`, `day_outside_year`, `day_twice`, `make_up_on_weekday`, `source_missing`. The caller recomputes
    what was provisional.
    """
    if not FIRST <= year <= LAST:
        raise Refusal("year_range", _("年份应在%(first)d至%(last)d之间。") % {"first": FIRST, "last": LAST})
    if not (source := source.strip()[:LONGEST_SOURCE]):
        raise Refusal("source_missing", _("请写明依据，例如国务院办公厅放假安排通知的文号。"))
    if outside := sorted(day for day in {*holidays, *make_up_days} if day.year != year):
        raise Refusal("day_outside_year", _("%(day)s 不在%(year)d年内。") % {"day": outside[0], "year": year})
    if both := sorted(set(holidays) & set(make_up_days)):
        raise Refusal("day_twice", _("%(day)s 既是放假又是调休上班，请核对。") % {"day": both[0]})
    if weekday := sorted(day for day in make_up_days if day.weekday() < 5):
        raise Refusal("make_up_on_weekday", _("%(day)s 是工作日，不能列为调休上班，请核对。") % {"day": weekday[0]})
    off = sorted({day.isoformat() for day in holidays if day.weekday() < 5})
    on = sorted({day.isoformat() for day in make_up_days})
    with transaction.atomic():
        known = CalendarYear.objects.select_for_update().filter(pk=year).first()
        fresh, _created = CalendarYear.objects.update_or_create(
            year=year, defaults={"holidays": off, "make_up_days": on, "source": source}
        )
        before = {"holidays": known.holidays, "make_up_days": known.make_up_days} if known else None
        data = {"before": before, "holidays": off, "make_up_days": on, "source": source}
        record(f"calendar:{year}", "load_year", by=by, data=data)
    return fresh


def known_years() -> dict[int, CalendarYear]:
    """Every year that is loaded, by its number, in order."""
    return {year.year: year for year in CalendarYear.objects.order_by("year")}


def days_in(text: str) -> list[date]:
    """The days of a text with one day or range a line: ``2026-10-01`` or ``2026-10-01至2026-10-08``.

    Refuses `day_unreadable` with the line.
    """
    if len(text) > LARGEST_TEXT:
        raise Refusal("day_unreadable", _("日期过多，请核对后重新填写。"))
    days: list[date] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not (words := line.strip()):
            continue
        found = _RANGE.fullmatch(words)
        try:
            first = date.fromisoformat(found[1]) if found else None
            last = date.fromisoformat(found[2]) if found and found[2] else first
        except ValueError:
            first = last = None
        if first is None or last is None or not 0 <= (last - first).days <= 31:
            raise Refusal(
                "day_unreadable",
                _("第%(number)d行“%(line)s”不是日期，请按 2026-10-01 或 2026-10-01至2026-10-08 填写。")
                % {"number": number, "line": words[:40]},
            )
        days += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return days
