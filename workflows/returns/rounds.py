"""Rounds: a month's survey is opened once, and every village owes a return for it."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import Area
from core import clock
from core.calendar import WorkingDays
from core.timeline import SYSTEM, Signer, record
from workflows.returns.rows import SurveyRound, VillageReturn

DUE = 10  # 每月10日前, inclusive


def due_of(month: date, days: WorkingDays) -> date:
    """The last day of a month's returns: the 10th, rolling to the next working day (A31)."""
    return days.next_working(month.replace(day=DUE))


def number_of(month: date, village: Area, edition: int = 1) -> str:
    """``BB-202511-350521104203``; a correction adds its edition, ``-2``."""
    number = f"BB-{month:%Y%m}-{village.code}"
    return number if edition == 1 else f"{number}-{edition}"


def open_round(*, month: date, by: Signer = SYSTEM) -> SurveyRound:
    """Open a month's round with a return owed by every village; one that is open already is returned as it is.

    While its due date rested on a year without calendar data it is reckoned anew each time.
    """
    month, days = month.replace(day=1), WorkingDays.load()
    due = due_of(month, days)
    unsure = days.deadline(due, 1).provisional
    try:
        with transaction.atomic():
            made = SurveyRound.objects.create(month=month, due_on=due, provisional=unsure, opened_at=clock.now())
            villages = Area.objects.filter(kind=Area.Kind.VILLAGE)
            VillageReturn.objects.bulk_create(
                VillageReturn(round=made, village=village, number=number_of(month, village)) for village in villages
            )
            record(f"round:{month:%Y-%m}", "open_round", by=by, data={"due": due.isoformat()})
            return made
    except IntegrityError:
        found = SurveyRound.objects.get(month=month)
    if found.provisional and (found.due_on, found.provisional) != (due, unsure):
        found.due_on, found.provisional = due, unsure
        found.save(update_fields=["due_on", "provisional"])
    return found


def current_round() -> SurveyRound | None:
    """The latest round that is open."""
    return SurveyRound.objects.filter(month__lte=clock.today()).first()
