"""Officers walking a claim along its road, each in his own name, a working day a step."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from PIL import Image, ImageDraw

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.calendar import WorkingDays
from funds.models import FundSource
from project.demo.people import Cast
from workflows.boards import record_posting
from workflows.claims import Claim
from workflows.deciding import decide
from workflows.hearings import BoardPosting
from workflows.publicity import end_publicity, publish
from workflows.reverifying import record_second_look
from workflows.reviews import Notice, NoticeEntry, Review
from workflows.samples import Reverification
from workflows.states import ClaimState, Step, Verb

OPINIONS = {
    Step.ACCEPTANCE: "材料齐全，予以受理。",
    Step.VILLAGE_RECORD: "经上门及电话核实，名单所列人员均在岗，情况属实。",
    Step.VILLAGE_CONFIRM: "情况属实，同意上报。",
    Step.TOWNSHIP_REVIEW: "经抽查比对，材料与核实情况一致。",
    Step.TOWNSHIP_SIGN: "同意上报民生保障局。",
    Step.BUREAU_REVIEW: "经核对劳动合同、社保缴费记录，符合奖补条件。",
    Step.SECTION_REVIEW: "同意，进入公示。",
    Step.LEADER_APPROVAL: "同意拨付。",
}
PLACES = {
    Step.VILLAGE_RECORD: "clerk",
    Step.VILLAGE_CONFIRM: "head",
    Step.TOWNSHIP_REVIEW: "handler",
    Step.TOWNSHIP_SIGN: "lead",
}
CENTRE = {
    Step.ACCEPTANCE: "bureau",
    Step.BUREAU_REVIEW: "bureau",
    Step.SECTION_REVIEW: "section",
    Step.LEADER_APPROVAL: "leader",
}
ORDER = list(ClaimState)
THREE_WEEKS = timedelta(days=21)


def officer_of(cast: Cast, review: Review) -> Actor:
    """Who of the cast owes this review."""
    step = Step(review.step)
    return cast[CENTRE[step]] if step in CENTRE else cast[f"{PLACES[step]}:{review.area.code}"]


def say_yes(cast: Cast, review: Review, *, fund: FundSource | None = None) -> Claim:
    """Decide one review with the usual yes of its step."""
    step = Step(review.step)
    verb = {Step.ACCEPTANCE: Verb.ACCEPT, Step.LEADER_APPROVAL: Verb.APPROVE}.get(step, Verb.PASS)
    return decide(
        review_id=review.pk,
        by=officer_of(cast, review),
        verb=verb,
        opinion=OPINIONS[step],
        fund_id=fund.pk if fund and step == Step.LEADER_APPROVAL else None,
    )


def open_of(claim: Claim) -> list[Review]:
    """The claim's open reviews that officers decide, oldest first."""
    reviews = Review.objects.filter(claim=claim, outcome="").exclude(step=Step.PUBLISH)
    return list(reviews.select_related("area").order_by("pk"))


def walk(
    cast: Cast, claim: Claim, until: ClaimState, *, fund: FundSource | None = None, on: date | None = None
) -> Claim:
    """Say yes along the road until the claim stands at `until` (or past it). `on`: the day of the first step.

    With `on` every step happens a working day after the one before; without, all happen today, of a notice that was
    published three weeks ago and has run its time.
    """
    for _day in steps(cast, claim, until, fund=fund, on=on or clock.today(), pause=on is not None):
        pass  # each turn of the loop is one day's deeds
    return Claim.objects.get(pk=claim.pk)


def steps(
    cast: Cast, claim: Claim, until: ClaimState, *, fund: FundSource | None = None, on: date, pause: bool = True
) -> Iterator[date]:
    """The walk as deeds that wait for their day: yields the day, then acts on it when resumed."""
    days = WorkingDays.load()
    day = on
    while ORDER.index(ClaimState((claim := Claim.objects.get(pk=claim.pk)).state)) < ORDER.index(until):
        day = max(day, _not_before(claim))
        yield day
        with clock.travel(day):
            if pause:
                _look_again(cast, claim)
            _one_step(cast, claim, fund, published=day if pause else day - THREE_WEEKS)
        if pause:
            day = days.next_working(day + timedelta(days=1))


def _look_again(cast: Cast, claim: Claim) -> None:
    """The second looks drawn at this level, each done before its officers decide."""
    for work in claim.reverifications.filter(outcome="").select_related("area"):
        here = ClaimState.BUREAU if work.area.kind == Area.Kind.ZONE else ClaimState.TOWNSHIP
        if claim.state == here:
            by = cast["bureau"] if here == ClaimState.BUREAU else cast[f"handler:{work.area.code}"]
            found = {"outcome": Reverification.Outcome.CONFIRMED, "method": Reverification.Method.PHONE}
            record_second_look(work_id=work.pk, by=by, note="电话核实，本人在岗。", **found)


def _notice_entry(claim: Claim) -> NoticeEntry | None:
    """How the claim is published now; None while it waits for somebody to publish it."""
    if Review.objects.filter(claim=claim, step=Step.PUBLISH, outcome="").exists():
        return None
    return NoticeEntry.objects.select_related("notice").filter(claim=claim).order_by("-pk").first()


def _not_before(claim: Claim) -> date:
    """The first day on which the next step may happen: after the period and the boards' days, when it is published."""
    entry = _notice_entry(claim) if claim.state == ClaimState.PUBLICITY else None
    if entry is None:
        return date.min
    boards = list(BoardPosting.objects.filter(notice=entry.notice))
    if any(board.is_owed for board in boards):
        return date.min
    return max([entry.notice.closes_on, *(board.until for board in boards if board.until)]) + timedelta(days=1)


@lru_cache(maxsize=1)
def photo() -> bytes:
    """A small picture of a sheet on a board."""
    picture = Image.new("RGB", (320, 240), (150, 112, 74))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 30, 230, 210), fill=(250, 248, 240), outline=(120, 120, 120))
    draw.rectangle((120, 48, 200, 58), fill=(180, 40, 40))
    for row in range(76, 196, 12):
        draw.line((104, row, 216, row), fill=(90, 90, 90))
    out = io.BytesIO()
    picture.save(out, format="JPEG", quality=70)
    return out.getvalue()


def hang(cast: Cast, notice: Notice, *, but: int = 0) -> None:
    """The villages concerned put the notice up today and send their photos; the last `but` of them have not yet."""
    owed = list(BoardPosting.objects.filter(notice=notice, posted_on=None).select_related("area").order_by("pk"))
    for posting in owed[: len(owed) - but]:
        by = cast[f"clerk:{posting.area.code}"]
        record_posting(posting_id=posting.pk, by=by, posted_on=clock.today(), data=photo(), name="公示栏.jpg")


def _one_step(cast: Cast, claim: Claim, fund: FundSource | None, published: date) -> None:
    """What the officers of one day do; parallel reviews are decided the same day. `published` dates a notice."""
    if claim.state == ClaimState.PUBLICITY:
        entry = _notice_entry(claim)
        if entry is None:
            with clock.travel(published):
                hang(cast, publish(claim_ids=[claim.pk], by=cast["bureau"]))
        elif any(board.is_owed for board in entry.notice.boards.all()):
            hang(cast, entry.notice)
        else:
            end_publicity(claim_id=claim.pk, by=cast["bureau"])
        return
    for review in open_of(claim):
        say_yes(cast, review, fund=fund)
