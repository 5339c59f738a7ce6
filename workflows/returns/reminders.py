"""Reminders of returns on the 5th, the 8th and the last day: due and not yet sent, so a missed night only delays them."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.timeline import SYSTEM, record
from registry.labour import access
from registry.models import GridWorker
from workflows.returns.rounds import DUE
from workflows.returns.rows import OPEN, Reminder, SurveyRound, VillageReturn

STAGES = (5, 8, DUE)
ROUNDS = 2  # an older round is nobody's reminder any more


def due_stage(round: SurveyRound, today: date) -> int | None:
    """The latest stage that is due on `today`; the last one on the round's last day. None before the first."""
    days = {stage: round.month.replace(day=stage) for stage in STAGES} | {DUE: round.due_on}
    due = [stage for stage, day in days.items() if day <= today]
    return max(due) if due else None


def send_due() -> int:
    """Write each reminder that is due and not yet there; how many. Earlier stages that were missed are passed over."""
    sent = 0
    for round in SurveyRound.objects.filter(month__lte=clock.today())[:ROUNDS]:
        stage = due_stage(round, clock.today())
        if stage is not None:
            with transaction.atomic():
                sent += _send(round, stage)
    return sent


def _send(round: SurveyRound, stage: int) -> int:
    SurveyRound.objects.select_for_update().get(pk=round.pk)
    owed = VillageReturn.objects.filter(round=round, edition=1, state__in=OPEN).select_related("village__parent")
    missing = Counter(row.village for row in owed)
    towns = Counter(row.village.parent for row in owed)
    reminded = set(Reminder.objects.filter(round=round, stage=stage).values_list("area", flat=True))
    workers = first_workers([*missing, *towns])  # type: ignore[list-item]
    made = Reminder.objects.bulk_create(
        Reminder(round=round, area=area, stage=stage, missing=count, worker=workers.get(area.pk), sent_at=clock.now())
        for area, count in [*missing.items(), *towns.items()]
        if area is not None and area.pk not in reminded
    )
    if made:
        data = {"stage": stage, "count": len(made)}
        record(f"round:{round.month:%Y-%m}", "remind", by=SYSTEM, data=data)
    return len(made)


def first_workers(areas: list[Area]) -> dict[int, GridWorker]:
    """The grid worker each area's reminders go to: the first of its roster (annex 3) today."""
    found: dict[int, GridWorker] = {}
    for worker in GridWorker.objects.filter(Q(until=None) | Q(until__gt=clock.today()), area__in=areas).order_by(
        "-seq"
    ):
        found[worker.area_id] = worker
    return found


def reminders_for(by: Actor, round: SurveyRound) -> QuerySet[Reminder]:
    """The reminders the post's own area got for a round and that still hold, the latest first."""
    if not access.can_open(by) or by.area is None:
        return Reminder.objects.none()
    return Reminder.objects.filter(round=round, area=by.area).select_related("worker")
