"""What watches the returns: a town's findings before it merges (C23), and reminders that a missed night only delays."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.jobs import run_scheduled
from project.demo.people import Cast, area_of
from registry.models import GridWorker, LabourPerson, LabourStatus
from tests.standing import fresh, standing
from tests.workflows.returned import IDLE, OURS, THEIRS, handed_in, of, person, two_months
from workflows.returns.reminders import due_stage, reminders_for, send_due
from workflows.returns.reporting import submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import Reminder, SurveyRound, VillageReturn
from workflows.returns.warnings import swing, warnings_of

pytestmark = pytest.mark.django_db
TOWN = "350521104"


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, SurveyRound]]:
    with standing(django_db_blocker, two_months) as world:
        yield world


@pytest.fixture
def world(standing_world: tuple[Cast, SurveyRound], db: None) -> tuple[Cast, SurveyRound]:
    return fresh(standing_world)


def codes(round: SurveyRound) -> list[str]:
    return sorted(found.code for found in warnings_of(round, area_of(TOWN)) if found.code != "C23-1")


@pytest.mark.parametrize(
    ("now", "was", "moved"), [(120, 100, False), (121, 100, True), (80, 100, False), (79, 100, True), (0, 0, False), (1, 0, True)]
)  # fmt: skip
def test_a_swing_is_more_than_a_fifth(now: int, was: int, moved: bool) -> None:
    assert swing(now, was) is moved


def test_who_is_missing_is_named(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world
    missing = [w.village for w in warnings_of(round, area_of(TOWN)) if w.code == "C23-1"]
    submit(return_id=of(round, OURS).pk, nil=True, by=cast[f"clerk:{OURS}"])
    after = [w.village for w in warnings_of(round, area_of(TOWN)) if w.code == "C23-1"]
    assert len(missing) == 25 and set(missing) - set(after) == {area_of(OURS).name}


def test_swings_and_people_listed_twice(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world
    assert codes(round) == []
    person(cast, OURS, 6)  # two employed become three
    person(cast, THEIRS, 6, IDLE)  # the same name, sex and month: unemployed there, employed here
    for code in (OURS, THEIRS):
        handed_in(of(round, code), cast[f"clerk:{code}"])
    found = [(w.code, w.village) for w in warnings_of(round, area_of(TOWN)) if w.code != "C23-1"]
    ours, theirs = area_of(OURS).name, area_of(THEIRS).name
    assert ("C23-2", ours) in found and ("C23-2", theirs) in found
    assert ("C23-3", ours) in found and ("C23-3", theirs) in found
    assert ("C23-4", theirs) in found and ("C23-4", ours) not in found
    away = [w for w in warnings_of(round, area_of("350521106")) if w.code != "C23-1"]
    assert away == []


def test_unchanged_for_more_than_three_months(world: tuple[Cast, SurveyRound]) -> None:
    cast, _november = world
    by = cast[f"clerk:{OURS}"]
    said = []
    for month in (11, 12, 13, 14):  # October was the first: everybody new
        first = date(2025 + month // 13, month if month < 13 else month - 12, 1)
        with clock.travel(first.replace(day=9)):
            round = open_round(month=first)
            submit(return_id=of(round, OURS).pk, nil=True, by=by)
        said.append("C23-5" in codes(round))
    assert said == [False, False, False, True]


def test_findings_do_not_ask_more_for_more_villages(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            warnings_of(round, area_of(TOWN))
        return len(queries)

    for code in (OURS, THEIRS):
        submit(return_id=of(round, code).pk, nil=True, by=cast[f"clerk:{code}"])
    few = asked()
    for number in range(202, 208):
        code = f"350521104{number}"
        if VillageReturn.objects.filter(round=round, village__code=code).exists():
            submit(return_id=of(round, code).pk, nil=True, by=cast[f"clerk:{code}"])
    assert few == asked() <= 6


@pytest.mark.parametrize(("day", "stage"), [(4, None), (5, 5), (7, 5), (8, 8), (9, 8), (10, 10), (24, 10)])
def test_stages(world: tuple[Cast, SurveyRound], day: int, stage: int | None) -> None:
    assert due_stage(world[1], date(2025, 11, day)) == stage


def test_each_stage_once_and_after_a_night_off(world: tuple[Cast, SurveyRound]) -> None:
    """October's villages without people are reminded of October too: its round is not closed."""
    cast, round = world
    submit(return_id=of(round, OURS).pk, nil=True, by=cast[f"clerk:{OURS}"])
    GridWorker.objects.create(area=area_of(THEIRS), seq=1, name="林网格", since=date(2025, 1, 1))
    SurveyRound.objects.exclude(pk=round.pk).update(month=date(2024, 10, 1))
    VillageReturn.objects.exclude(round=round).filter(state="drafted").delete()

    def sent(day: int) -> int:
        with clock.travel(date(2025, 11, day)):
            return send_due()

    counts = [sent(day) for day in (4, 6, 6, 7, 9, 9, 11, 12)]  # nobody was there on the 5th, the 8th, the 10th
    assert counts == [0, 77 + 4, 0, 0, 77 + 4, 0, 77 + 4, 0]
    by = cast[f"clerk:{THEIRS}"]
    ours = reminders_for(by, round)
    assert [(r.stage, r.worker and r.worker.name) for r in ours] == [(10, "林网格"), (8, "林网格"), (5, "林网格")]
    assert not reminders_for(cast[f"clerk:{OURS}"], round).exists()
    assert [r.missing for r in reminders_for(cast[f"handler:{TOWN}"], round)] == [24, 24, 24]


def test_the_plan_opens_the_month_and_reminds(world: tuple[Cast, SurveyRound]) -> None:
    with clock.travel(date(2025, 12, 6)):
        states = run_scheduled()
        assert states["workflows.open_round"] == states["workflows.remind_returns"] == "done"
        december = SurveyRound.objects.get(month=date(2025, 12, 1))
        run_scheduled()
    assert Reminder.objects.filter(round=december, stage=5, area__kind="village").count() in (
        0,
        78,
    )  # either came first
    assert SurveyRound.objects.filter(month=date(2025, 12, 1)).count() == 1
    assert LabourPerson.objects.count() == LabourStatus.objects.count() == 5
