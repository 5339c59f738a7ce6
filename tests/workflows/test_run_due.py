"""`manage.py run_due` and the scheduled tasks do the same work: due and not yet done, once, one bad part aside."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from core import clock
from core.jobs import Job, JobState, enqueue, run_waiting
from core.models import DailyHead
from documents.papers.issuing import RENDER
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import hang
from tests.workflows.made import at
from workflows import deadlines
from workflows.claims import Claim
from workflows.publicity import publish
from workflows.reviews import Review
from workflows.states import ClaimState, ReviewOutcome

pytestmark = pytest.mark.usefixtures("fund")
SCHEDULED = {
    "workflows.deem_accepted",
    "workflows.missing_papers",
    "workflows.publicity_end",
    "workflows.recompute_deadlines",
    "workflows.sign_day",
}


@pytest.fixture(autouse=True)
def by_hand(settings: Any) -> None:
    settings.JOBS_CARRIER = "database"


@pytest.fixture
def two(cast: Cast, fund: FundSource) -> tuple[Claim, Claim]:
    """One claim that nobody accepts, one whose publicity ends."""
    silent = filed(cast, "individual", 2, seed=70)
    shown = at(cast, filed(cast, "individual", 2, seed=5), ClaimState.PUBLICITY)
    hang(cast, publish(claim_ids=[shown.pk], by=cast["bureau"]))
    return silent, shown


def answer() -> dict[str, Any]:
    out = StringIO()
    call_command("run_due", stdout=out)
    return json.loads(out.getvalue())


def test_the_command_does_what_is_due_and_the_second_finds_nothing(two: tuple[Claim, Claim]) -> None:
    with clock.travel(date(2025, 12, 9)):
        first, second = answer(), answer()
    counts = {name: first[name] for name in deadlines.PARTS}
    assert counts == {
        "deemed_accepted": 1,
        "publicity_ended": 1,
        "papers_issued": 5,  # the sheets of two villages and their township, the notice, its summary
        "reviews_released": 0,
        "deadlines_recomputed": 0,
        "day_signed": 1,
    }
    assert set(first["scheduled"]) >= SCHEDULED and set(first["scheduled"].values()) == {JobState.DONE}
    assert {name: second[name] for name in deadlines.PARTS} == dict.fromkeys(deadlines.PARTS, 0)
    assert "failed" not in first


def test_the_tasks_do_it_too(two: tuple[Claim, Claim]) -> None:
    silent, shown = two
    with clock.travel(date(2025, 12, 9)):
        jobs = {kind: enqueue(kind, arguments={}) for kind in SCHEDULED}
        assert run_waiting() == len(SCHEDULED) + 1
        assert [job.kind for job in Job.objects.exclude(kind__in=SCHEDULED)] == [RENDER]  # of the papers that were due
        done = {kind: Job.objects.get(pk=job.pk) for kind, job in jobs.items()}
        assert DailyHead.objects.filter(day=date(2025, 12, 9)).count() == 1
    assert {job.state for job in done.values()} == {JobState.DONE}
    assert done["workflows.deem_accepted"].result["count"] == 1
    assert done["workflows.publicity_end"].result["count"] == 1
    assert (done["workflows.deem_accepted"].done, done["workflows.deem_accepted"].total) == (1, 1)
    assert Review.objects.filter(claim=silent, outcome=ReviewOutcome.DEEMED).count() == 1
    shown.refresh_from_db()
    assert shown.state == ClaimState.LEADER


def test_one_broken_part_stops_no_other_and_shows(
    two: tuple[Claim, Claim], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> int:
        raise ValueError("王小明")

    monkeypatch.setitem(deadlines.PARTS, "publicity_ended", broken)
    out = StringIO()
    with clock.travel(date(2025, 12, 9)), pytest.raises(SystemExit) as ended:
        call_command("run_due", stdout=out)
    told = json.loads(out.getvalue())
    assert (ended.value.code, told["failed"], told["deemed_accepted"]) == (1, ["publicity_ended"], 1)
    assert "ValueError" in caplog.text and "王小明" not in caplog.text
