"""One notice with its days, its villages' boards and the objections to it, and the list of what strangers may see."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed
from core.names import mask_name
from core.verdict import Verdict
from documents.papers import content_of
from documents.papers.publicity import PublicityContent, PublicityRow
from workflows import access, published
from workflows.boards import can_post, can_waive, postings_for
from workflows.hearing import objections_for
from workflows.hearings import BoardPosting, Objection
from workflows.holds import hold_of
from workflows.reviews import Notice, NoticeEntry
from workflows.states import ClaimState

ON_ROAD = (ClaimState.PUBLICITY, ClaimState.LEADER, ClaimState.PAYABLE, ClaimState.AWARDED)
HIDDEN = NotAllowed("notice_not_visible", "您当前的岗位无权查看该公示，或公示不存在。如需查看，请切换到相应岗位。")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the period: `mark` is opened, counted, rest, last or after; `number` counts the working days."""

    day: date
    mark: str
    number: int
    today: bool


@dataclass(frozen=True, slots=True)
class Board:
    """A village's board and what the actor may do about it."""

    posting: BoardPosting
    over: bool
    today: date
    post: Verdict
    waive: Verdict


@dataclass(frozen=True, slots=True)
class Entry:
    """A published claim, why it is held, and the objections to it that the actor may see."""

    entry: NoticeEntry
    hold: str
    objections: list[Objection]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Everything the page of a notice shows, in a fixed number of queries."""

    notice: Notice
    days: list[Day]
    boards: list[Board]
    entries: list[Entry]
    left: int
    over: bool
    hears: bool  # whether the post takes objections in

    @property
    def owed(self) -> int:
        """How many villages have neither posted nor been freed."""
        return sum(board.posting.is_owed for board in self.boards)


def notice_page(*, notice_id: int, by: Actor) -> NoticePage:
    """The page of a notice with a claim the actor may see; refuses `notice_not_visible`."""
    notice = Notice.objects.select_related("paper__mark", "opened_by").defer("paper__content").filter(pk=notice_id)
    entries = _entries(notice_id, by)
    found = notice.first() if entries else None
    if found is None:
        raise HIDDEN
    today, calendar = clock.today(), WorkingDays.load()
    holds = hold_of([entry.claim_id for entry in entries])
    boards = list(postings_for(by).filter(notice=found))
    last = max([found.closes_on, *(board.until for board in boards if board.until)])
    return NoticePage(
        notice=found,
        days=days_of(found, last, calendar),
        boards=[_board(by, posting, today) for posting in boards],
        entries=[Entry(entry, holds.get(entry.claim_id, ""), entry.heard) for entry in entries],  # type: ignore[attr-defined]
        left=max(calendar.between(today, found.closes_on), 0),
        over=found.closes_on < today,
        hears=by.role == Role.BUREAU_HANDLER,
    )


def _entries(notice_id: int, by: Actor) -> list[NoticeEntry]:
    heard = objections_for(by).order_by("received_at").defer("name", "phone", "address", "content")
    entries = NoticeEntry.objects.filter(notice=notice_id, claim__in=access.visible_to(by))
    entries = entries.select_related("claim__claimant_org", "claim__claimant_user").order_by("pk")
    return list(entries.prefetch_related(Prefetch("objections", heard, to_attr="heard")))


def _board(by: Actor, posting: BoardPosting, today: date) -> Board:
    over = posting.until is not None and posting.until < today
    return Board(posting, over, today, can_post(by, posting), can_waive(by, posting))


def days_of(notice: Notice, last: date, calendar: WorkingDays) -> list[Day]:
    """The days from the opening to `last`, the boards' last day when it comes later."""
    days, number, today = [], 0, clock.today()
    for step in range((last - notice.opens_on).days + 1):
        day = notice.opens_on + timedelta(days=step)
        counts = step > 0 and calendar.is_working(day) and day <= notice.closes_on
        number += counts
        if day == notice.opens_on:
            mark = "opened"
        elif day == notice.closes_on:
            mark = "last"
        elif day > notice.closes_on:
            mark = "after"
        else:
            mark = "counted" if counts else "rest"
        days.append(Day(day, mark, number if counts else 0, day == today))
    return days


def boards_for(by: Actor) -> list[Board]:
    """The boards a village or township answers for: those still owed first; one query."""
    today = clock.today()
    resting = NoticeEntry.objects.filter(notice=OuterRef("notice"), claim__state__in=ON_ROAD)
    wanted = Q(Exists(resting)) | Q(posted_on__isnull=False)
    found = [_board(by, posting, today) for posting in postings_for(by).filter(wanted)[:100]]
    return sorted(found, key=lambda board: (not board.posting.is_owed, -board.posting.notice_id))


@dataclass(frozen=True, slots=True)
class PublicRow:
    """A recipient as strangers see him: a person masked. `seq` is his number on the notice."""

    seq: int
    recipient: str
    row: PublicityRow
    open: bool  # whether an objection to it can be made on line


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice as the public page shows it: no worker, no claim number, no ID number, phone or account."""

    notice: Notice
    content: PublicityContent
    rows: list[PublicRow]


def shown_now() -> QuerySet[Notice]:
    """Notices that strangers may see: their period runs, or a claim of theirs has not left publicity."""
    waiting = NoticeEntry.objects.filter(notice=OuterRef("pk"), claim__state=ClaimState.PUBLICITY)
    running = Q(closes_on__gte=clock.today()) | Q(Exists(waiting))
    return Notice.objects.filter(running).filter(Q(paper=None) | Q(paper__mark=None)).order_by("-pk")


def public_notice(number: str) -> PublicNotice | None:
    """The masked list of a notice that is shown now; None otherwise. Withdrawn claims stay off it."""
    notice = shown_now().select_related("paper").filter(number=number).first()
    if notice is None:
        return None
    content = content_of(notice.paper) if notice.paper else published.publicity(notice)
    assert isinstance(content, PublicityContent)
    entries = list(notice.entries.select_related("claim").order_by("pk"))
    rows = [_public_row(row, entry) for row, entry in zip(content.rows, entries, strict=False) if _rests(entry)]
    return PublicNotice(notice, content, rows)


def _public_row(row: PublicityRow, entry: NoticeEntry) -> PublicRow:
    shows = entry.claim.state in {ClaimState.PUBLICITY, ClaimState.LEADER}
    return PublicRow(row.seq, mask_name(row.recipient) if row.personal else row.recipient, row, shows)


def _rests(entry: NoticeEntry) -> bool:
    return entry.claim.state in ON_ROAD


def entry_at(notice: Notice, seq: int) -> NoticeEntry | None:
    """The entry with this number on a notice."""
    return next(iter(notice.entries.order_by("pk")[seq - 1 : seq]), None) if seq > 0 else None
