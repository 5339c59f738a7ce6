"""What time does: silence at acceptance, ended publicity, provisional deadlines, the signed day. "Due and not yet done"."""

from collections.abc import Callable

from django.db import transaction

from core import clock
from core.calendar import WorkingDays
from core.errors import Refusal
from core.timeline import SYSTEM, record, sign_day
from workflows.claims import Claim
from workflows.flows import flow_of
from workflows.handing_on import release, stranded
from workflows.hearings import Objection
from workflows.issuing import issue_missing
from workflows.locking import Case, claim_locked
from workflows.opening import first_stop, limit_of, open_stop
from workflows.publicity import end_publicity
from workflows.renewing import renew_correction, renew_notice
from workflows.reviews import Correction, Decision, Notice, Review
from workflows.states import ClaimState, ReviewOutcome, Step, Verb
from workflows.steps import rule_of


def run_due() -> dict[str, int]:
    """Do everything that is due and not yet done; safe to run twice at once. Counts by kind of work."""
    return {name: work() for name, work in PARTS.items()}


def overdue_acceptances() -> list[int]:
    """Acceptances that nobody decided within their limit, the oldest first."""
    overdue = Review.objects.filter(step=Step.ACCEPTANCE, outcome="", due_on__lt=clock.today()).order_by("pk")
    return list(overdue.values_list("pk", flat=True))


def ended_publicity() -> list[int]:
    """Claims whose publicity period is over without an objection that is still open."""
    over = Claim.objects.filter(state=ClaimState.PUBLICITY, publicity__notice__closes_on__lt=clock.today())
    over = over.exclude(reviews__step=Step.PUBLISH, reviews__outcome="").distinct().order_by("pk")
    return list(over.values_list("pk", flat=True))


def tried(command: Callable[..., object], **arguments: int) -> bool:
    """One item; another runner may have been first, and one bad item never stops the rest."""
    try:
        command(**arguments)
    except Refusal:
        return False
    return True


def deem_accepted(*, review_id: int) -> Claim:
    """Silence after the acceptance limit counts as acceptance (视为受理); it passes nothing."""
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        areas = case.areas()
        stop = first_stop(case, areas)
        review.outcome, review.decided_at = ReviewOutcome.DEEMED, clock.now()
        review.save(update_fields=["outcome", "decided_at"])
        Decision.objects.create(claim=case.claim, review=review, verb=Verb.DEEM, at=clock.now())
        flow_of(case.claim).deem_accepted(stop)
        open_stop(case, stop, areas)
        case.claim.save(update_fields=["state"])
        record(case.claim.chain, Verb.DEEM, by=SYSTEM, data={"review": review.pk, "due_on": review.due_on.isoformat()})
    return case.claim


def recompute() -> int:
    """Compute provisional deadlines again with the calendar as it stands now; counts those that changed or settled."""
    calendar = WorkingDays.load()
    changed = 0
    for review in Review.objects.filter(due_provisional=True, outcome="").select_related("claim__scheme"):
        limit = limit_of(review.claim, rule_of(review.step).sla) + review.stopped_days
        changed += _settle(review, "due_on", "due_provisional", calendar, limit)
    for pk in list(Correction.objects.filter(due_provisional=True, answered_at=None).values_list("claim", flat=True)):
        changed += _settle_correction(pk, calendar)
    open_ones = Objection.objects.filter(due_provisional=True, outcome="").select_related("claim__scheme")
    for objection in open_ones.only("due_on", "due_provisional", "received_at", "claim__scheme"):
        limit = limit_of(objection.claim, "objection_investigation")
        changed += _settle(objection, "due_on", "due_provisional", calendar, limit)
    for pk in list(Notice.objects.filter(provisional=True, closes_on__gte=clock.today()).values_list("pk", flat=True)):
        changed += _settle_notice(pk, calendar)
    return changed


def _settle_correction(claim_id: int, calendar: WorkingDays) -> bool:
    """The open round of a claim, with the letter that named its day."""
    with transaction.atomic():
        claim = claim_locked(claim_id)
        correction = Correction.objects.filter(claim=claim, due_provisional=True, answered_at=None).first()
        if correction is None:
            return False
        limit = limit_of(claim, "supplement_once")
        if changed := _settle(correction, "due_on", "due_provisional", calendar, limit):
            renew_correction(claim, correction, SYSTEM.label)
    return changed


def _settle_notice(notice_id: int, calendar: WorkingDays) -> bool:
    """A running notice, with the 公示表 that named its last day."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("paper").get(pk=notice_id)
        first = notice.entries.select_related("claim__scheme").first()
        if first is None or not notice.provisional:
            return False
        limit = limit_of(first.claim, "publicity")
        if changed := _settle(notice, "closes_on", "provisional", calendar, limit):
            renew_notice(notice, SYSTEM.label)
    return changed


def _settle(
    row: Review | Correction | Notice | Objection, day: str, mark: str, calendar: WorkingDays, limit: int
) -> bool:
    began = row.received_at if isinstance(row, Objection) else row.opened_at
    deadline = calendar.deadline(clock.local_date(began), limit)
    if (getattr(row, day), getattr(row, mark)) == (deadline.day, deadline.provisional):
        return False
    as_read = {"pk": row.pk, day: getattr(row, day), mark: getattr(row, mark)}
    settled = {day: deadline.day, mark: deadline.provisional}
    if not type(row)._default_manager.filter(**as_read).update(**settled):
        return False  # another runner was first
    for name, value in settled.items():
        setattr(row, name, value)
    return True


PARTS: dict[str, Callable[[], int]] = {
    "deemed_accepted": lambda: sum(tried(deem_accepted, review_id=pk) for pk in overdue_acceptances()),
    "publicity_ended": lambda: sum(tried(end_publicity, claim_id=pk) for pk in ended_publicity()),
    "reviews_released": lambda: sum(tried(release, review_id=pk) for pk in list(stranded())),
    "papers_issued": issue_missing,
    "deadlines_recomputed": recompute,
    "day_signed": lambda: int(sign_day() is not None),
}
