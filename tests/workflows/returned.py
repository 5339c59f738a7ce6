"""A town with three villages of which two have people, and the rounds of two months."""

from datetime import date

from accounts.acting import Actor
from core import clock
from project.demo.people import Cast, area_of, make_cast
from registry.labour.commands import Doing, Particulars, register_person
from registry.models import LabourPerson
from workflows.returns import listing
from workflows.returns.marking import mark_person
from workflows.returns.reporting import submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import SurveyRound, VillageReturn

OURS, THEIRS, FAR = "350521104201", "350521104209", "350521106208"  # two villages of one town, one of another
OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)
WORKS = Doing(status="employed", since=date(2025, 9, 1), employer="恒源鞋业", trade="缝纫工")
IDLE = Doing(status="unemployed", since=date(2025, 9, 1), wanted_trade="电工")


def person(cast: Cast, code: str, number: int, doing: Doing | None = None, /, **who: object) -> LabourPerson:
    """Number n of a village: 林一一, born in 1985 or as told."""
    said = {"name": "林" + "甲乙丙丁戊己庚辛"[number], "sex": "1", "birth_month": date(1985, 1 + number, 1)} | who
    return register_person(
        village=area_of(code),
        who=Particulars(**said),
        doing=doing or WORKS,
        by=cast[f"clerk:{code}"],  # type: ignore[arg-type]
    )


def of(round: SurveyRound, code: str) -> VillageReturn:
    """A village's last edition."""
    return VillageReturn.objects.filter(round=round, village__code=code).order_by("-edition")[0]


def handed_in(found: VillageReturn, by: Actor) -> VillageReturn:
    """Everybody looked at one by one, and the return submitted."""
    for one in listing.left_of(found, listing.before(found)):
        mark_person(return_id=found.pk, person_id=one.pk, by=by)
    return submit(return_id=found.pk, by=by)


def october(cast: Cast) -> SurveyRound:
    """October's round with both villages' returns in: three people here, two there."""
    with clock.travel(date(2025, 10, 8)):
        round = open_round(month=OCTOBER)
        for code, count in ((OURS, 3), (THEIRS, 2)):
            for number in range(count):
                person(cast, code, number, WORKS if number else IDLE, phone=f"1380595{code[-3:]}{number}")
            handed_in(of(round, code), cast[f"clerk:{code}"])
    return round


def two_months() -> tuple[Cast, SurveyRound]:
    """The zone with October's round in and November's just opened."""
    cast = make_cast()
    october(cast)
    with clock.travel(NOVEMBER):
        return cast, open_round(month=NOVEMBER)
