"""Workers killed with SIGKILL while they import bank answers: each answer is there whole and once, or not at all."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.jobs import Job, JobState
from core.models import Event
from core.timeline import breaks
from funds.ledger import prove
from funds.models import FundSource
from payments.models import Batch, PaymentItem, ResultFile, ResultRow, Transfer
from payments.result_jobs import start_import
from tests.killing.results import POINTS
from tests.killing.tasks import arm
from tests.killing.workers import Crew, until
from tests.payments import made
from tests.payments.answered import answer, said, sent_of
from tests.payments.made import Office, payable

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 3


@pytest.fixture
def office(settings: Any, tmp_path: Path, transactional_db: None) -> Office:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_CARRIER = "database"
    return made.office()


@pytest.fixture
def crew(tmp_path: Path, office: Office) -> Iterator[Crew]:
    crew = Crew(tmp_path, settings="tests.killing.result_settings")
    yield crew
    crew.end()


def waiting(office: Office, source: FundSource) -> Batch:
    """A batch that went to the bank."""
    return sent_of(office, source, [payable(source, heads=1) for _ in range(CLAIMS)])


def uploaded(office: Office, batch: Batch) -> Job:
    """Its answer waits to be imported: settled, returned, unknown, and a stranger."""
    rows = [*said(batch, "settled", "returned", "unknown"), ("BF-2025-999-0001", 1, "settled", "")]
    job = start_import(batch_id=batch.pk, by=office.maker, data=answer(rows), name="回单.csv")
    assert isinstance(job, Job)
    return job


def faults(jobs: list[Job]) -> list[str]:
    """Everything that is neither whole and once nor absent: the checker. Nothing comes from sound work."""
    wrong = []
    for job in Job.objects.filter(pk__in=[job.pk for job in jobs]):
        batch = Batch.objects.get(pk=job.arguments["batch"])
        rows = Counter(ResultRow.objects.filter(result_file__batch=batch).values_list("verdict", flat=True))
        moved = set(Transfer.objects.filter(batch=batch).exclude(outcome="pending").values_list("pk", flat=True))
        booked = set(ResultRow.objects.filter(transfer__in=moved, verdict="booked").values_list("transfer", flat=True))
        items = PaymentItem.objects.filter(batch=batch).exclude(outcome="pending").count()
        events = Event.objects.filter(chain=batch.chain, verb__in=["import_result", "answer_batch"]).count()
        files = ResultFile.objects.filter(batch=batch).count()
        found = (files, rows["booked"], rows["parked"], len(moved), len(booked), items, events, bool(job.checkpoint))
        if found not in ((0, 0, 0, 0, 0, 0, 0, False), (1, CLAIMS, 1, CLAIMS, CLAIMS, CLAIMS, 2, True)):
            wrong.append(f"half or twice: {found}")
    return wrong + [f"ledger: {imbalance}" for imbalance in prove()] + [f"trail: {broken}" for broken in breaks()]


def kill_at_points(crew: Crew, office: Office, kills: int) -> None:
    source, jobs = made.fund(), []
    batches = [waiting(office, source) for _kill in range(kills)]
    for turn in range(kills):
        point = POINTS[turn % len(POINTS)]
        arm(crew.kill_file, point, 0)
        jobs.append(uploaded(office, batches[turn]))

        def struck(turn: int = turn) -> bool:
            crew.keep(1)
            return crew.dead() == turn + 1

        until(struck, f"a worker to die at {point}")
        assert faults(jobs) == []
    crew.finish()
    assert faults(jobs) == []
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, bool(job.checkpoint)) == (JobState.DONE, True)


def test_killed_at_every_point_each_answer_is_whole_and_once(crew: Crew, office: Office) -> None:
    kill_at_points(crew, office, kills=len(POINTS))


@pytest.mark.nightly
def test_killed_five_times_at_every_point(crew: Crew, office: Office) -> None:
    kill_at_points(crew, office, kills=5 * len(POINTS))


def test_the_checker_catches_half_an_import(crew: Crew, office: Office) -> None:
    source = made.fund()
    job = uploaded(office, waiting(office, source))
    assert faults([job]) == []
    crew.finish()
    job.refresh_from_db()
    assert faults([job]) == []
    Job.objects.filter(pk=job.pk).update(checkpoint={})
    assert len(faults([job])) == 1
