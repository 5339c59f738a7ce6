"""Officers walking a claim along its road, each in his own name, a working day a step."""

from datetime import date, timedelta

from accounts.acting import Actor
from core import clock
from core.calendar import WorkingDays
from funds.models import FundSource
from project.demo.people import Cast
from workflows.claims import Claim
from workflows.deciding import decide
from workflows.publicity import end_publicity, publish
from workflows.reviews import NoticeEntry, Review
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

    With `on` every step happens a working day after the one before (parallel reviews the same day); without, all
    happen today.
    """
    days = WorkingDays.load()
    day = on or clock.today()
    for _step in range(200):
        claim = Claim.objects.get(pk=claim.pk)
        if ORDER.index(ClaimState(claim.state)) >= ORDER.index(until):
            return claim
        with clock.travel(day):
            day = _one_step(cast, claim, fund, day)
        if on:
            day = days.next_working(day + timedelta(days=1))
    raise RuntimeError(f"{claim} did not reach {until}")


def _one_step(cast: Cast, claim: Claim, fund: FundSource | None, day: date) -> date:
    """One officer's deed; publicity moves the day past its period."""
    if claim.state == ClaimState.PUBLICITY:
        entry = NoticeEntry.objects.select_related("notice").filter(claim=claim).order_by("-pk").first()
        waiting = Review.objects.filter(claim=claim, step=Step.PUBLISH, outcome="").exists()
        if entry is None or waiting:
            publish(claim_ids=[claim.pk], by=cast["bureau"])
            return day
        after = entry.notice.closes_on + timedelta(days=1)
        with clock.travel(max(day, after)):
            end_publicity(claim_id=claim.pk, by=cast["bureau"])
        return max(day, after)
    for review in open_of(claim):  # parallel reviews are decided the same day
        say_yes(cast, review, fund=fund)
    return day
