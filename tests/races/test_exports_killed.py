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


def test_killed_five_times_an_export_is_there_whole_and_once_or_not_at_all(crew: Crew, cast: Cast) -> None:
    many_claims(cast)
    job = start_export(kind="claims", filters={}, by=cast["bureau"])
    for kills, point in enumerate(POINTS, 1):
        arm(crew.kill_file, point, 0)

        def struck(kills: int = kills) -> bool:
            crew.keep(1)
            return crew.dead() == kills

        until(struck, f"a worker to die at {point}")
        there = 0 if point in ABSENT else 1
        assert StoredFile.objects.count() == Event.objects.filter(verb="export").count() == there, point
        assert bool(Job.objects.get(pk=job.pk).checkpoint) == bool(there), point
    crew.finish()
    job.refresh_from_db()
    assert (job.state, job.result["say"]) == (JobState.DONE, f"共{ROWS}行")
    (file,) = StoredFile.objects.all()
    assert str(file.pk) == job.result["file"]
    assert verify(read(file))
    assert Event.objects.get(verb="export").data["count"] == ROWS
