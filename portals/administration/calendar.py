"""工作日历: which years are loaded, and writing one."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.calendar_years import days_in, known_years
from core.models import CalendarYear
from portals.administration.doors import account_keepers, onward
from portals.shared.access import PostRequest
from workflows.calendar import load_calendar

AHEAD = 2  # years after this one that are offered for loading
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Row:
    """A year of the list; `loaded` is None when only weekends count in it."""

    year: int
    loaded: CalendarYear | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A year as it is edited: days with their weekday, to be read, and one date a line, to be changed."""

    year: int
    loaded: CalendarYear | None
    holidays: str
    make_up_days: str
    off: list[str]
    on: list[str]


@account_keepers
@require_GET
def calendar(request: PostRequest) -> HttpResponse:
    """The years, loaded and next."""
    return render(request, "administration/calendar.html", {"rows": rows()})


@account_keepers
@require_GET
def year(request: PostRequest, year: int) -> HttpResponse:
    """One year to be read and edited."""
    return render(request, "administration/calendar_year.html", {"sheet": sheet(year)})


@account_keepers
@require_POST
def save(request: PostRequest, year: int) -> HttpResponse:
    """Write the year; provisional deadlines are computed again at once."""
    loaded, changed = load_calendar(
        year=year,
        holidays=days_in(request.POST.get("holidays", "")),
        make_up_days=days_in(request.POST.get("make_up_days", "")),
        source=request.POST.get("source", ""),
        by=request.by,
    )
    messages.success(
        request, _("%(year)d年工作日历已保存，重新计算了%(n)d项暂定期限。") % {"year": loaded.year, "n": changed}
    )
    return onward(request, "administration:calendar")


def rows() -> list[Row]:
    """Loaded years and the next ones that may be, the latest first."""
    known, this = known_years(), clock.today().year
    return [Row(number, known.get(number)) for number in sorted({*known, *range(this, this + AHEAD + 1)}, reverse=True)]


def sheet(number: int) -> Sheet:
    """A year's page, empty when the year is not loaded."""
    loaded = known_years().get(number)
    off, on = (loaded.holidays, loaded.make_up_days) if loaded else ([], [])
    return Sheet(
        number, loaded, "\n".join(off), "\n".join(on), [_with_weekday(d) for d in off], [_with_weekday(d) for d in on]
    )


def _with_weekday(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"
