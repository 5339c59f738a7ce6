"""操作记录: what happened, by whom, in words; what concerns claims and batches is opened to the auditor only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import queries as accounts
from accounts.acting import Actor
from accounts.roles import Role
from core.models import Event
from portals.administration import wording
from portals.administration.doors import log_readers
from portals.administration.forms import number_in, page_of
from portals.shared.access import PostRequest

CASES = ("claim", "batch", "notice", "recovery")  # administrators read that something happened there, not what


@dataclass(frozen=True, slots=True)
class Row:
    """An event in words; `details` are pairs of name and value, empty when they are not for the reader."""

    chain: str
    subject: str
    seq: int
    at: datetime
    verb: str
    by_label: str
    details: list[tuple[str, str]]
    hash: str


@dataclass(frozen=True, slots=True)
class Log:
    """A page of events, and what it was narrowed to."""

    page: Page
    rows: list[Row]
    kinds: list[tuple[str, str]]
    kind: str
    number: int | None


@log_readers
@require_GET
def events(request: PostRequest) -> HttpResponse:
    """Events, the latest first, 25 a page; narrowed to a kind of subject or to one subject's chain."""
    number = number_in(request.GET.get("number", "").strip())
    shown = log(request.by, request.GET.get("kind", ""), number, request.GET.get("page", ""))
    return render(request, "administration/events.html", {"log": shown})


def log(by: Actor, kind: str, number: int | None, page_text: str) -> Log:
    """A page of the log as the reader may see it."""
    kind, number = narrowing(kind, number)
    page = page_of(narrowed(kind, number), page_text)
    rows = rows_of(list(page), by)
    return Log(page, rows, [(code, str(label)) for code, label in wording.SUBJECTS.items()], kind, number)


def narrowing(kind: str, number: int | None) -> tuple[str, int | None]:
    """What the log can be narrowed to: a known kind of subject, and one subject of it."""
    kind = kind if kind in wording.SUBJECTS else ""
    return kind, number if kind else None


def narrowed(kind: str, number: int | None) -> QuerySet[Event]:
    """The events, the latest first."""
    found = Event.objects.order_by("-id")
    if not kind:
        return found
    return found.filter(chain=f"{kind}:{number}") if number is not None else found.filter(chain__startswith=f"{kind}:")


def rows_of(found: Sequence[Event], by: Actor) -> list[Row]:
    """Events in words, as far as the reader may know them; two queries."""
    places = accounts.names_of([event.data for event in found])
    return [_row(event, by, places) for event in found]


def _row(event: Event, by: Actor, places: wording.Places) -> Row:
    kind = event.chain.partition(":")[0]
    told = by.role == Role.AUDITOR or kind not in CASES
    return Row(
        chain=event.chain,
        subject=wording.subject(event.chain),
        seq=event.seq,
        at=event.at,
        verb=wording.deed(event.verb, kind),
        by_label=event.by_label,
        details=wording.details(event.data, places) if told else [],
        hash=event.hash[:12],
    )
