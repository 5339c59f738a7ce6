"""The inbox as a page: counts over everything owed, the filtered reviews, and how many working days each has left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from core.verdict import Verdict
from portals.desk import forms
from workflows import queries
from workflows.hearings import Objection
from workflows.recalling import recalls
from workflows.reviews import Review
from workflows.states import ClaimState, Kind, Verb

PAGE = 25
CLOSED = {ClaimState.PAYABLE, ClaimState.AWARDED, ClaimState.REFUSED, ClaimState.WITHDRAWN}
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
    """What the officer wants to see of his inbox."""

    kind: str = ""
    due: str = ""  # today, overdue
    risk: bool = False
    page: int = 1

    def but(self, **changes: object) -> str:
        """The query string of this wish with some parts changed; always back on the first page."""
        parts = {"kind": self.kind, "due": self.due, "risk": "1" if self.risk else ""} | changes
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class Tile:
    """One count, which is also a filter."""

    name: str
    count: int
    query: str
    chosen: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A last day as of today: `days` working days left, or over when `tone` is ``late`` (today, soon, calm)."""

    day: date
    days: int
    tone: str
    provisional: bool = False

    @classmethod
    def of(cls, review: Review | Objection, days: WorkingDays) -> "Due":
        """The due date of an open review or objection."""
        today, day = clock.today(), review.due_on
        left = days.between(today, day)
        if day < today:
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


def wish_in(data: QueryDict) -> Wish:
    """The filters of the address; what is not known is left out."""
    kind, due = data.get("kind", ""), data.get("due", "")
    return Wish(
        kind=kind if kind in Kind.values else "",
        due=due if due in {"today", "overdue"} else "",
        risk=bool(data.get("risk")),
        page=forms.page_in(data.get("page", "")),
    )


def page_of(found: QuerySet, number: str | int) -> Page:
    """A page of 25; a number beyond the end gives the last page."""
    return Paginator(found, PAGE).get_page(forms.page_in(str(number)))


def inbox(by: Actor, wish: Wish) -> Tray:
    """The acting post's inbox as wished for; four queries whatever its size."""
    owed, today = queries.inbox(by), clock.today()
    late, due_today, risky = Q(due_on__lt=today), Q(due_on=today), Q(risk__gt=0)
    counts = owed.order_by().aggregate(
        every=Count("pk"),
        late=Count("pk", filter=late),
        now=Count("pk", filter=due_today),
        doubtful=Count("pk", filter=risky),
    )
    page = page_of(queries.inbox(by, kind=wish.kind, due=wish.due, risk=wish.risk), wish.page)
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
    )


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
    return [
        Tile("全部", counts["every"], wish.but(due="", risk=""), not wish.due and not wish.risk, "calm"),
        Tile("今日到期", counts["now"], wish.but(due="today", risk=""), wish.due == "today", "today"),
        Tile("已逾期", counts["late"], wish.but(due="overdue", risk=""), wish.due == "overdue", "late"),
        Tile("有风险", counts["doubtful"], wish.but(due="", risk="1"), wish.risk, "risk"),
    ]
