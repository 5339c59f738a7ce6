"""What stands between a published claim and its approval or payment: the period, the boards, the objections (C18).

Asked by the leader's approval, by payments for many claims at once, and by pages; the database asks again
(migration 0004).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core import clock
from workflows.claims import Claim, ClaimLine
from workflows.hearings import BoardPosting, Objection, ObjectionLine
from workflows.reviews import NoticeEntry
from workflows.states import LineStatus


def last_entries(claim_ids: Collection[int]) -> dict[int, NoticeEntry]:
    """The notice each claim stands in now, by claim; one query."""
    later = NoticeEntry.objects.filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
    entries = NoticeEntry.objects.filter(claim__in=claim_ids).exclude(Exists(later)).select_related("notice")
    return {entry.claim_id: entry for entry in entries.defer("notice__paper")}


def hold_of(claim_ids: Collection[int]) -> dict[int, str]:
    """Claims that may be neither approved nor paid as a whole, each with the sentence why; at most five queries.

    Lines that only an objection names are `held_lines`: the rest of their claim goes on.
    """
    held = unfinished_periods(claim_ids)
    whole = open_objections(claim_ids).filter(~Exists(_named())).values_list("claim", "number")
    for pk, number in whole:
        held.setdefault(pk, whole_sentence(number))
    return held


def whole_sentence(number: str) -> str:
    """Why a claim waits that an objection names as a whole."""
    return _("对整件申报的异议%(number)s正在核查，结案前不能审批和拨付。") % {"number": number}


def unfinished_periods(claim_ids: Collection[int]) -> dict[int, str]:
    """Claims whose notice has not run, or whose villages' boards have not, each with the sentence why."""
    today = clock.today()
    entries = last_entries(claim_ids)
    held: dict[int, str] = {}
    for pk in claim_ids:
        entry = entries.get(pk)
        if entry is None:
            held[pk] = _("没有公示记录，不能审批和拨付。")
        elif entry.notice.closes_on >= today:
            held[pk] = _("公示期至%(day)s24时届满，届满前不能审批和拨付。") % {"day": _day(entry.notice.closes_on)}
    waiting = {pk: entry for pk, entry in entries.items() if pk not in held}
    return held | _boards_lacking(waiting, today)


def _boards_lacking(entries: dict[int, NoticeEntry], today: date) -> dict[int, str]:
    """Claims whose villages have not hung their sheet its whole time."""
    notices = {entry.notice_id for entry in entries.values()}
    boards = BoardPosting.objects.filter(unfinished(today), notice__in=notices).select_related("area")
    lacking: dict[tuple[int, int], BoardPosting] = {(board.notice_id, board.area_id): board for board in boards}
    if not lacking:
        return {}
    held: dict[int, str] = {}
    for pk, area in _villages_of([pk for pk, entry in entries.items()]):
        board = lacking.get((entries[pk].notice_id, area))
        if board is not None:
            held.setdefault(pk, _board_sentence(board))
    return held


def unfinished(today: date) -> Q:
    """Postings that are still owed, or whose sheet must still hang on `today`."""
    return Q(waived_at=None) & (Q(until=None) | Q(until__gte=today))


def _villages_of(claim_ids: Collection[int]) -> Iterable[tuple[int, int]]:
    """(claim, area) of every live line, and of a title's employer."""
    lines = ClaimLine.objects.filter(claim__in=claim_ids, status=LineStatus.LIVE, verify_area__isnull=False)
    titles = Claim.objects.filter(pk__in=claim_ids, employer__area__isnull=False)
    yield from lines.order_by().values_list("claim", "verify_area").distinct()
    yield from titles.order_by().values_list("pk", "employer__area")


def _board_sentence(board: BoardPosting) -> str:
    if board.until is None:
        return _("%(area)s尚未在公示栏张贴公示并上传照片，不能审批和拨付。") % {"area": board.area.name}
    return _("%(area)s公示栏张贴至%(day)s24时届满，届满前不能审批和拨付。") % {
        "area": board.area.name,
        "day": _day(board.until),
    }


def open_objections(claim_ids: Collection[int]) -> QuerySet[Objection]:
    """Objections on these claims that nobody has decided yet."""
    return Objection.objects.filter(claim__in=claim_ids, outcome="")


def open_objections_of(claim: OuterRef) -> QuerySet[Objection]:
    """The open objections of an outer query's claim."""
    return Objection.objects.filter(claim=claim, outcome="")


def held_lines(claim_ids: Collection[int]) -> set[UUID]:
    """Lines that an open objection suspends: those it names, or all of a claim it names as a whole; two queries."""
    named = set(
        ObjectionLine.objects.filter(objection__claim__in=claim_ids, objection__outcome="").values_list(
            "line", flat=True
        )
    )
    whole = open_objections(claim_ids).filter(~Exists(_named())).order_by()
    return named | set(ClaimLine.objects.filter(claim__in=whole.values("claim")).values_list("pk", flat=True))


def suspended_fen(claim_id: int) -> int:
    """What the live lines are worth that an open objection keeps out of the approval, in fen; three queries."""
    named = ClaimLine.objects.filter(claim=claim_id, status=LineStatus.LIVE, pk__in=held_lines([claim_id]))
    return named.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def objected(claim_id: int) -> dict[UUID | None, list[Objection]]:
    """The open objections of one claim by the line they name; under None those to the whole claim. Two queries, or one."""
    found: dict[UUID | None, list[Objection]] = defaultdict(list)
    for objection in open_objections([claim_id]).prefetch_related("named"):
        named = list(objection.named.all())
        for link in named:
            found[link.line_id].append(objection)
        if not named:
            found[None].append(objection)
    return found


def _named() -> QuerySet[ObjectionLine]:
    return ObjectionLine.objects.filter(objection=OuterRef("pk"))


def _day(day: date) -> str:
    return f"{day:%Y年%-m月%-d日}"
