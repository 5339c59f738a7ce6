"""The inbox as a page: counts over everything owed, the filtered reviews, and how many working days each has left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from core.verdict import Verdict
from portals.desk import forms
from workflows import queries, trays
from workflows.attention import SavedView
from workflows.hearings import Objection
from workflows.recalling import recalls
from workflows.reviews import Review
from workflows.states import ClaimState, Kind, Verb

PAGE = 25
CLOSED = {ClaimState.PAYABLE, ClaimState.AWARDED, ClaimState.REFUSED, ClaimState.WITHDRAWN}
SORTED = (("", "按到期日"), ("amount", "按金额"), ("risk", "按风险"))
SOON = 2  # working days that count as "soon"
BULK_VERBS: dict[Role, tuple[tuple[Verb, str], ...]] = {
    Role.BUREAU_HANDLER: ((Verb.ACCEPT, "批量受理"), (Verb.PASS, "批量审核通过")),
    Role.SECTION_HEAD: ((Verb.PASS, "批量审核通过"),),
    Role.TOWNSHIP_HANDLER: ((Verb.PASS, "批量同意"),),
    Role.TOWNSHIP_LEAD: ((Verb.PASS, "批量同意"),),
    Role.VILLAGE_CLERK: ((Verb.PASS, "批量同意"),),
    Role.VILLAGE_HEAD: ((Verb.PASS, "批量同意"),),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the officer wants to see of his inbox, and in which order; it is all in the address."""

    kind: str = ""
    due: str = ""  # today, overdue, suspended
    risk: bool = False
    sort: str = ""  # amount, risk; otherwise by due date
    page: int = 1

    def but(self, **changes: object) -> str:
        """The query string of this wish with some parts changed; always back on the first page."""
        parts = {"kind": self.kind, "due": self.due, "risk": "1" if self.risk else "", "sort": self.sort} | changes
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def carried(self) -> str:
        """What the address of a claim opened from this inbox carries along."""
        return "&".join(filter(None, ("from=inbox", self.but())))

    @property
    def narrowed(self) -> dict[str, Any]:
        """The filters as `workflows.queries` takes them."""
        return {"kind": self.kind, "due": self.due, "risk": self.risk}


@dataclass(frozen=True, slots=True)
class Tile:
    """One count, which is also a filter."""

    name: str
    count: int
    query: str
    chosen: bool
    tone: str
    more: bool = False  # counted so far only

    @property
    def shown(self) -> str:
        """The count; with a plus where there may be more."""
        return f"{self.count}+" if self.more else str(self.count)


@dataclass(frozen=True, slots=True)
class Due:
    """A last day as of today: `days` working days left, or over when `tone` is ``late`` (today, soon, calm, stopped)."""

    day: date
    days: int
    tone: str
    provisional: bool = False

    @classmethod
    def of(cls, review: Review | Objection, days: WorkingDays) -> "Due":
        """The due date of an open review or objection."""
        today, day = clock.today(), review.due_on
        left = days.between(today, day)
        if getattr(review, "suspended_at", None):
            tone = "stopped"
        elif day < today:
            tone = "late"
        elif day == today:
            tone = "today"
        else:
            tone = "soon" if left <= SOON else "calm"
        return cls(day, abs(left), tone, review.due_provisional)


@dataclass(frozen=True, slots=True)
class Row:
    """An open review with its time; `bulk` when it may be selected."""

    review: Review
    due: Due
    bulk: bool

    @property
    def band(self) -> str:
        """The part of the list it stands in, by due date."""
        return {"late": "已逾期", "today": "今日到期", "stopped": "已挂起"}.get(self.due.tone, "未到期")


@dataclass(frozen=True, slots=True)
class Tray:
    """All the page shows."""

    wish: Wish
    tiles: list[Tile]
    kinds: list[tuple[str, str, str, bool]]  # code, label, query, chosen
    page: Page
    rows: list[Row]
    verbs: tuple[tuple[Verb, str], ...]
    query: str
    sorts: list[tuple[str, str, bool]]  # label, query, chosen
    views: list[SavedView]

    @property
    def banded(self) -> bool:
        """Bands are drawn where the order is by due date."""
        return not self.wish.sort


def wish_in(data: QueryDict | dict[str, str]) -> Wish:
    """The filters and the order of the address; what is not known is left out."""
    kind, due, sort = data.get("kind", ""), data.get("due", ""), data.get("sort", "")
    return Wish(
        kind=kind if kind in Kind.values else "",
        due=due if due in {"today", "overdue", "suspended"} else "",
        risk=bool(data.get("risk")),
        sort=sort if sort in queries.SORTS and sort != "due" else "",
        page=forms.page_in(data.get("page", "")),
    )


def came_with(request: HttpRequest) -> Wish | None:
    """The inbox a claim was opened from, by the address or by what its form carries along; None when from elsewhere."""
    for data in (request.GET, QueryDict(request.POST.get("next", "")[:300])):
        if data.get("from") == "inbox":
            return wish_in(data)
    return None


def page_of(found: QuerySet, number: str | int) -> Page:
    """A page of 25; a number beyond the end gives the last page."""
    return Paginator(found, PAGE).get_page(forms.page_in(str(number)))


def inbox(by: Actor, wish: Wish) -> Tray:
    """The acting post's inbox as wished for; six queries at most, whatever its size."""
    counts = queries.inbox_counts(by)
    pages = Paginator(queries.inbox(by, sort=wish.sort, **wish.narrowed), PAGE)
    narrowed = any(wish.narrowed.values())
    pages.count = _count(by, wish) if narrowed else counts["all"]  # type: ignore[misc]
    page = pages.get_page(wish.page)
    days = WorkingDays.load()
    verbs = BULK_VERBS.get(by.role, ())
    return Tray(
        wish=wish,
        tiles=_tiles(wish, counts),
        kinds=[("", "全部类别", wish.but(kind=""), not wish.kind)]
        + [(kind.value, str(kind.label), wish.but(kind=kind.value), wish.kind == kind) for kind in Kind],
        page=page,
        rows=[Row(review, Due.of(review, days), bool(verbs)) for review in page],
        verbs=verbs,
        query=wish.but(),
        sorts=[(label, wish.but(sort=code), wish.sort == code) for code, label in SORTED],
        views=trays.views_of(by),
    )


def _count(by: Actor, wish: Wish) -> int:
    """How many the filters leave, counted so far."""
    return queries.owed(by, **wish.narrowed).order_by()[: queries.COUNTED].count()


@dataclass(frozen=True, slots=True)
class Recall:
    """A decided review and whether it may be taken back."""

    review_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Decided:
    """A row of 已办; `recall` is None where the step knows no way back or the claim is closed."""

    review: Review
    recall: Recall | None


def decided(by: Actor, reviews: Iterable[Review]) -> list[Decided]:
    """Rows of what the officer decided; one query more than the reviews."""
    reviews = list(reviews)
    verdicts = recalls(by, reviews)
    return [Decided(review, _recall(review, verdicts[review.pk])) for review in reviews]


def _recall(review: Review, verdict: Verdict) -> Recall | None:
    spoken = verdict or (verdict.code == "recall_too_late" and review.claim.state not in CLOSED)
    return Recall(review.pk, verdict) if spoken else None


def _tiles(wish: Wish, counts: dict[str, int]) -> list[Tile]:
    everything, long = not wish.due and not wish.risk, counts["all"] >= queries.COUNTED
    partly = counts["all"] > queries.LOOKED_AT
    tiles = [
        Tile("全部", counts["all"], wish.but(due="", risk=""), everything, "calm", long),
        Tile("今日到期", counts["today"], wish.but(due="today", risk=""), wish.due == "today", "today", long),
        Tile("已逾期", counts["overdue"], wish.but(due="overdue", risk=""), wish.due == "overdue", "late", long),
        Tile("有风险", counts["risk"], wish.but(due="", risk="1"), wish.risk, "risk", partly),
    ]
    if counts["suspended"] or wish.due == "suspended":
        stopped = wish.due == "suspended"
        tiles.append(Tile("已挂起", counts["suspended"], wish.but(due="suspended", risk=""), stopped, "calm"))
    return tiles
