"""Three months of returns in the four towns: received, reported, sent back, waiting and missing."""

from collections.abc import Iterable
from datetime import date

from accounts.models import Area
from core import clock
from project.demo.numbers import mobile, person_name
from project.demo.people import Cast, area_of
from registry.labour.commands import Doing, Particulars, register_person
from workflows.returns import listing
from workflows.returns.marking import confirm_rest, mark_person
from workflows.returns.reminders import send_due
from workflows.returns.reporting import begin_correction, send_back, submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import SurveyRound, VillageReturn
from workflows.returns.towns import merge_and_report, receive

TOWNS = ("350521104", "350521105", "350521106", "350521200")
SURVEYED = ("350521105001", "350521105005", "350521106208", "350521200202")
HEADS = 18
EDUCATION = ("70", "80", "60", "40", "30", "20")
TRADES = ("缝纫工", "电工", "焊工", "普工", "驾驶员", "养殖工")


def fill_returns(cast: Cast) -> None:
    """September complete; October with a late town and a correction; November half done on the day of the demo."""
    with clock.travel(date(2025, 9, 5)):
        for code in SURVEYED:
            _people(cast, area_of(code))
    september = _month(cast, date(2025, 9, 1), TOWNS)
    _report(cast, september, TOWNS, day=date(2025, 9, 10), receive_too=TOWNS)
    _find_work(cast, date(2025, 10, 8))
    october = _month(cast, date(2025, 10, 1), TOWNS, missing=("350521200201",))
    _report(cast, october, TOWNS, day=date(2025, 10, 11), receive_too=TOWNS[:2])
    _correct(cast, october, "350521105001")
    november = _month(cast, date(2025, 11, 1), TOWNS, missing=("350521106201", "350521106208", "350521104201"))
    _report(cast, november, TOWNS[1:2], day=date(2025, 11, 10), receive_too=())
    found = VillageReturn.objects.get(round=november, village__code="350521200202", edition=1)
    with clock.travel(date(2025, 11, 11)):
        by = cast["handler:350521200"]
        send_back(return_id=found.pk, reason="请核实外出务工人员的去向后重新报送", by=by)
        send_due()


def _people(cast: Cast, village: Area) -> None:
    """Eighteen people of a village, four of them looking for work."""
    start = int(village.code[-6:]) % 9000
    for n in range(HEADS):
        who = Particulars(
            name=person_name(7000 + start + n), sex="12"[n % 2], birth_month=date(1972 + (n * 5) % 33, n % 12 + 1, 1),
            phone=mobile(70000 + start * 20 + n), group_name=f"{n % 4 + 1}组", education=EDUCATION[n % 6],
        )  # fmt: skip
        trade = TRADES[n % 6]
        if n % 5 == 0:
            doing = Doing(status="unemployed", since=date(2025, 7, 1), wanted_trade=trade)
        elif n % 5 == 3:
            place = {"destination": "厦门市", "reach": "province"}
            doing = Doing(status="outside", since=date(2025, 3, 1), trade=trade, **place)
        else:
            doing = Doing(status="employed", since=date(2025, 3, 1), trade=trade, employer=cast.employers[n % 6].name)
        register_person(village=village, who=who, doing=doing, by=cast[f"clerk:{village.code}"])


def _month(cast: Cast, month: date, towns: Iterable[str], missing: Iterable[str] = ()) -> SurveyRound:
    """The month's round, reminded on its days; every village of these towns hands in but the missing ones."""
    with clock.travel(month):
        round = open_round(month=month)
    with clock.travel(month.replace(day=5)):
        send_due()
    with clock.travel(month.replace(day=9)):
        owed = VillageReturn.objects.filter(round=round, village__parent__code__in=list(towns))
        for found in owed.exclude(village__code__in=list(missing)).select_related("village", "round"):
            _hand_in(cast, found)
    return round


def _hand_in(cast: Cast, found: VillageReturn) -> None:
    by, last = cast[f"clerk:{found.village.code}"], listing.before(found)
    people = list(listing.people_of(found, last))
    if last and people:
        confirm_rest(return_id=found.pk, by=by)
    for one in listing.left_of(found, last) if people else ():
        mark_person(return_id=found.pk, person_id=one.pk, by=by)
    submit(return_id=found.pk, nil=not people, by=by)


def _find_work(cast: Cast, day: date) -> None:
    """In October one of each village who looked for work found it."""
    with clock.travel(date(2025, 10, 1)):
        round = open_round(month=date(2025, 10, 1))
    with clock.travel(day):
        for code in SURVEYED:
            found = VillageReturn.objects.get(round=round, village__code=code)
            one = listing.people_of(found, listing.before(found)).filter(statuses__status="unemployed").first()
            if one is not None:
                doing = Doing(status="employed", since=day, employer=cast.employers[0].name, trade="普工")
                mark_person(return_id=found.pk, person_id=one.pk, doing=doing, by=cast[f"head:{code}"])


def _report(cast: Cast, round: SurveyRound, towns: Iterable[str], *, day: date, receive_too: Iterable[str]) -> None:
    with clock.travel(day):
        for code in towns:
            town = area_of(code)
            by = cast[f"handler:{code}"]
            made = merge_and_report(round_id=round.pk, town_id=town.pk, by=by, opinion="各项提示已向村里核实。")
            if code in receive_too:
                receive(town_return_id=made.pk, by=cast["bureau"])


def _correct(cast: Cast, round: SurveyRound, code: str) -> None:
    """A village's late correction of October: the first submission stays."""
    with clock.travel(date(2025, 10, 20)):
        by = cast[f"clerk:{code}"]
        first = VillageReturn.objects.get(round=round, village__code=code, edition=1)
        made = begin_correction(return_id=first.pk, by=by)
        one = listing.people_of(made, listing.before(made)).filter(statuses__status="outside").first()
        if one is not None:
            doing = Doing(status="employed", since=date(2025, 10, 15), employer=cast.employers[2].name, trade="普工")
            mark_person(return_id=made.pk, person_id=one.pk, doing=doing, by=by)
        submit(return_id=made.pk, by=by)
