"""Workers killed with SIGKILL while they import rosters: each import is there whole and once, or not at all."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.jobs import Job, JobState
from documents.models import StoredFile
from project.demo.people import Cast, make_cast
from project.demo.rosters import rows, workbook
from project.demo.zone import fund_and_scheme
from tests.killing.rosters import POINTS
from tests.killing.tasks import arm
from tests.killing.workers import Crew, until
from workflows.claims import Claim, ClaimLine
from workflows.drafts import start_claim
from workflows.roster_import import outcome_of, start_import

pytestmark = pytest.mark.django_db(transaction=True)
HEADS = 40
KILLS = 20


@pytest.fixture
def cast(settings: Any, tmp_path: Path, transactional_db: None) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_CARRIER = "database"
    cast = make_cast()
    fund_and_scheme(cast)
    return cast


@pytest.fixture
def crew(tmp_path: Path, cast: Cast) -> Iterator[Crew]:
    crew = Crew(tmp_path, settings="tests.killing.roster_settings", modules=["openpyxl", "xlsxwriter"])
    yield crew
    crew.end()


def uploaded(cast: Cast, turn: int) -> Job:
    """A draft whose roster waits to be imported."""
    claim = start_claim(kind="agency", by=cast["agency"])
    data = workbook("agency", rows("agency", HEADS, seed=5000 + HEADS * turn, employers=cast.employers[:4]))
    return start_import(claim_id=claim.pk, by=cast["agency"], data=data, name="花名册.xlsx")


def faults(jobs: list[Job]) -> list[str]:
    """Everything that is neither whole and once nor absent: the checker. Nothing comes from sound work."""
    wrong = []
    for job in Job.objects.filter(pk__in=[job.pk for job in jobs]):
        claim = Claim.objects.get(pk=job.arguments["claim"])
        people = Counter(ClaimLine.objects.filter(claim=claim).values_list("person_index", flat=True))
        seqs = sorted(ClaimLine.objects.filter(claim=claim).values_list("seq", flat=True))
        there = bool(people) or claim.roster_id is not None
        if there and (len(people) != HEADS or seqs != list(range(1, HEADS + 1)) or claim.roster_id is None):
            wrong.append(f"half: {len(people)} people, roster {claim.roster_id is not None}")
        if there != bool(job.checkpoint):
            wrong.append("lines without their checkpoint, or the other way round")
    imported = Job.objects.filter(pk__in=[job.pk for job in jobs]).exclude(checkpoint={}).count()
    answers = {name: StoredFile.objects.filter(name=name).count() for name in ("校验结果.xlsx", "花名册导入结果.json")}
    return wrong + [f"{name}: {found} of {imported}" for name, found in answers.items() if found != imported]


def all_imported(jobs: list[Job]) -> None:
    assert faults(jobs) == []
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, outcome_of(job)["saved"]) == (JobState.DONE, HEADS)
    assert ClaimLine.objects.count() == HEADS * len(jobs)


def kill_at_points(crew: Crew, cast: Cast, kills: int) -> None:
    jobs = []
    for turn in range(kills):
        arm(crew.kill_file, POINTS[turn % len(POINTS)], 0)
        jobs.append(uploaded(cast, turn))

        def struck(turn: int = turn) -> bool:
            crew.keep(1)
            return crew.dead() == turn + 1

        until(struck, f"a worker to die at {POINTS[turn % len(POINTS)]}")
        assert faults(jobs) == []
    crew.finish()
    all_imported(jobs)


def kill_at_random(crew: Crew, cast: Cast, kills: int, seed: int) -> None:
    chance, jobs = random.Random(seed), []
    while crew.dead() < kills:
        jobs.append(uploaded(cast, len(jobs)))
        crew.keep(1)
        until(lambda: Job.objects.filter(state=JobState.RUNNING).exists(), "an import to begin")
        time.sleep(chance.uniform(0, 0.6))
        for worker in crew.alive():
            worker.kill()
            worker.wait()
        assert faults(jobs) == []
    crew.finish()
    all_imported(jobs)


def test_killed_at_named_points_each_import_is_whole_and_once(crew: Crew, cast: Cast) -> None:
    kill_at_points(crew, cast, kills=2 * len(POINTS))


def test_killed_at_random_each_import_is_whole_and_once(crew: Crew, cast: Cast) -> None:
    kill_at_random(crew, cast, kills=KILLS - 2 * len(POINTS), seed=7)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_killed_all_night(crew: Crew, cast: Cast, seed: int) -> None:
    if seed % 2:
        kill_at_random(crew, cast, kills=KILLS, seed=100 + seed)
    else:
        kill_at_points(crew, cast, kills=KILLS)


def test_the_checker_catches_half_an_import_and_one_that_was_done_twice(crew: Crew, cast: Cast) -> None:
    job = uploaded(cast, 0)
    crew.finish()
    all_imported([job])
    last = ClaimLine.objects.order_by("-seq").values_list("pk", flat=True)[0]
    ClaimLine.objects.filter(pk=last).delete()
    assert faults([job]) == ["half: 39 people, roster True"]
    StoredFile.objects.create(
        name="校验结果.xlsx", content_type="x", size=1, sha256="0" * 64, path="aa/twice", stored_at=job.enqueued_at
    )
    assert "校验结果.xlsx: 2 of 1" in faults([job])
