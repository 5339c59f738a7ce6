"""Workers killed with SIGKILL in the middle of an export: the file is there whole, once, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.jobs import Job, JobState
from core.models import Event
from documents.exports import start_export, verify
from documents.files import read
from documents.models import StoredFile
from project.demo.people import Cast
from project.settings import MEDIA_ROOT
from tests.killing.exports import ABSENT, POINTS
from tests.killing.tasks import arm
from tests.killing.workers import Crew, until
from workflows.claims import Claim

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 20
ROWS = 3_000


@pytest.fixture
def crew(tmp_path: Path, cast: Cast, settings: Any) -> Iterator[Crew]:
    settings.JOBS_CARRIER = "database"
    settings.MEDIA_ROOT = MEDIA_ROOT  # where the workers store
    crew = Crew(tmp_path, modules=["xlsxwriter"])
    yield crew
    crew.end()


def many_claims(cast: Cast) -> None:
    filer = cast["agency"]
    common = {"claimant_org": filer.organisation, "created_by": filer.user, "created_post": filer.post}
    day = filer.post.valid_from
    moment = filer.user.created_at
    Claim.objects.bulk_create(
        [
            Claim(
                kind="agency", state="filed", number=f"YG-2025-104-{n:06d}", filed_on=day, created_at=moment,
                saved_at=moment, **common,
            )
            for n in range(ROWS)
        ],
        batch_size=500,
    )  # fmt: skip


def kill_exports(crew: Crew, cast: Cast, exports: int) -> None:
    """Each export is killed once at every point, then finished; what others left is counted with it."""
    many_claims(cast)
    kills = 0
    for before in range(exports):
        job = start_export(kind="claims", filters={}, by=cast["bureau"])
        for point in POINTS:
            arm(crew.kill_file, point, 0)
            kills += 1

            def struck(kills: int = kills) -> bool:
                crew.keep(1)
                return crew.dead() == kills

            until(struck, f"a worker to die at {point}")
            there = before + (point not in ABSENT)
            assert StoredFile.objects.count() == Event.objects.filter(verb="export").count() == there, point
            assert bool(Job.objects.get(pk=job.pk).checkpoint) == (point not in ABSENT), point
        crew.finish()
        job.refresh_from_db()
        assert (job.state, job.result["say"]) == (JobState.DONE, f"共{ROWS}行")
        assert verify(read(StoredFile.objects.get(pk=job.result["file"])))
    assert StoredFile.objects.count() == exports
    assert [event.data["count"] for event in Event.objects.filter(verb="export")] == [ROWS] * exports


def test_killed_twenty_times_each_export_is_there_whole_and_once_or_not_at_all(crew: Crew, cast: Cast) -> None:
    kill_exports(crew, cast, KILLS // len(POINTS))


@pytest.mark.nightly
@pytest.mark.parametrize("turn", range(10))
def test_killed_all_night(crew: Crew, cast: Cast, turn: int) -> None:
    kill_exports(crew, cast, KILLS // len(POINTS))
