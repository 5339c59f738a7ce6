"""Workers killed with SIGKILL while they issue and make papers: each paper exactly once, and no gap in the numbers."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock
from core.append_only import triggers_off
from core.jobs import Job, JobState, ScheduledRun, enqueue, planned, run_waiting
from documents.files import enter, put, read
from documents.integrity import walk
from documents.models import Paper, PaperBytes, StoredFile
from documents.seals import seals_in
from policy.models import SchemeVersion
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme
from tests.killing.papers import POINTS
from tests.killing.tasks import arm
from tests.killing.workers import Crew, until
from tests.races.test_jobs_celery import CeleryCrew, Redis
from tests.races.test_jobs_celery import redis as redis  # a fixture
from workflows.claims import Claim
from workflows.reviews import Decision
from workflows.states import Verb

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 20
WORKERS = 2
SETTINGS = "tests.killing.paper_settings"


@pytest.fixture
def cast(settings: Any, tmp_path: Path, transactional_db: None) -> Cast:
    """Nothing that is scheduled is due: what workers do is what a test asks for."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_CARRIER = "database"
    ScheduledRun.objects.bulk_create(ScheduledRun(task=plan.kind, due_at=plan.next) for plan in planned())
    cast = make_cast()
    fund_and_scheme(cast)
    return cast


@pytest.fixture
def crew(tmp_path: Path, cast: Cast) -> Iterator[Crew]:
    crew = Crew(tmp_path, settings=SETTINGS, modules=["weasyprint"])
    yield crew
    crew.end()


def refused(cast: Cast, count: int) -> None:
    """Claims that were refused and have no paper yet, and a job that issues what is missing."""
    by, start = cast["agency"], Claim.objects.count()
    day, moment, scheme = clock.today(), clock.now(), SchemeVersion.objects.earliest("pk")
    claims = [
        Claim(
            kind="agency", state="refused", number=f"YG-2025-104-{n:06d}", filed_on=day, created_at=moment,
            saved_at=moment, claimant_org=by.organisation, created_by=by.user, created_post=by.post, scheme=scheme,
        )
        for n in range(start + 1, start + count + 1)
    ]  # fmt: skip
    with transaction.atomic():  # a worker that is at it may not see a claim without its refusal
        for claim in Claim.objects.bulk_create(claims):
            said = "名单所列企业均不在本区，不予支持。"
            Decision.objects.create(claim=claim, verb=Verb.REFUSE, opinion=said, by=by.user, post=by.post, at=moment)
    enqueue("workflows.missing_papers", arguments={})


def faults() -> list[str]:
    """Everything that is not exactly once, at any moment: the checker. Nothing comes from sound work."""
    numbers = sorted(int(number.rsplit("-", 1)[1]) for number in Paper.objects.values_list("number", flat=True))
    subjects = Counter(Paper.objects.values_list("subject", flat=True))
    names = Counter(StoredFile.objects.values_list("name", flat=True))
    stored = PaperBytes.objects.values_list("paper__number", "file__name")
    wrong = [f"{subject}: {times} papers" for subject, times in subjects.items() if times > 1]
    wrong += [] if numbers == list(range(1, len(numbers) + 1)) else ["numbers with a gap or twice"]
    wrong += [f"{name}: {times} files" for name, times in names.items() if times > 1]
    wrong += [f"{name} is of {number}" for number, name in stored if name != f"{number}.pdf"]
    if len(names) != len(stored):
        wrong.append(f"{len(names)} files of {len(stored)} papers")
    if jobless := Paper.objects.exclude(job__in=Job.objects.filter(kind="papers.render")).count():
        wrong.append(f"{jobless} papers without their job")
    return wrong


def all_made() -> None:
    """Every claim has its paper, every paper its sealed bytes; the house's own integrity check says the same."""
    assert faults() == []
    assert Paper.objects.count() == PaperBytes.objects.count() == Claim.objects.count()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    for made in PaperBytes.objects.select_related("file"):
        (seal,) = seals_in(read(made.file))
        assert seal.holds
    assert [problem for stretch in walk() for problem in stretch.problems] == []


def finish(crew: Crew) -> None:
    crew.kill_file.unlink(missing_ok=True)

    def over() -> bool:
        crew.keep(WORKERS)  # asked again and again: one that was just killed may have counted as living
        return not Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).exists()

    until(over, "the rest")
    all_made()


def kill_at_points(crew: Crew, cast: Cast, kills: int) -> None:
    for turn in range(kills):
        arm(crew.kill_file, POINTS[turn % len(POINTS)], 0)
        refused(cast, 1)

        def struck(turn: int = turn) -> bool:
            crew.keep(WORKERS)
            return crew.dead() == turn + 1

        until(struck, f"a worker to die at {POINTS[turn % len(POINTS)]}")
        assert faults() == []
    finish(crew)


def kill_at_random(crew: Crew, cast: Cast, kills: int, seed: int) -> None:
    chance, running = random.Random(seed), Job.objects.filter(state=JobState.RUNNING)
    for _turn in range(kills):
        refused(cast, 2)
        crew.keep(WORKERS)
        until(running.exists, "work to begin")
        time.sleep(chance.uniform(0, 0.3))
        chance.choice(crew.alive()).kill()
        assert faults() == []
    finish(crew)


def test_killed_twenty_times_each_paper_is_there_once_without_a_gap_in_the_numbers(crew: Crew, cast: Cast) -> None:
    kill_at_points(crew, cast, 2 * len(POINTS))
    kill_at_random(crew, cast, KILLS - 2 * len(POINTS), seed=7)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
def test_killed_all_night(crew: Crew, cast: Cast, seed: int) -> None:
    kill_at_points(crew, cast, KILLS // 2)
    kill_at_random(crew, cast, KILLS // 2, seed=100 + seed)


def test_the_checker_catches_a_gap_a_second_paper_and_a_second_file(cast: Cast) -> None:
    refused(cast, 3)
    run_waiting()
    all_made()
    first, second, _third = Paper.objects.order_by("number")
    with triggers_off(connection):
        Paper.objects.filter(pk=second.pk).update(subject=first.subject, number="BY-2025-000009", job=None)
    enter(put(b"%PDF-again"), name=f"{first.number}.pdf", content_type="application/pdf", by_id=None)
    assert faults() == [
        f"{first.subject}: 2 papers",
        "numbers with a gap or twice",
        f"{first.number}.pdf: 2 files",
        f"{second.number}.pdf is of BY-2025-000009",
        "1 papers without their job",
    ]


def test_carried_by_celery_a_killed_worker_leaves_each_paper_to_another(
    cast: Cast, redis: Redis, settings: Any, tmp_path: Path
) -> None:
    settings.JOBS_CARRIER = "celery"
    crew = CeleryCrew(tmp_path, redis, settings=SETTINGS)
    try:
        refused(cast, 6)
        arm(crew.kill_file, "entered", 0)
        crew.relay()
        workers = [crew.worker(), crew.worker()]
        until(lambda: crew.dead() == 1, "a worker to die")
        assert faults() == []
        until(lambda: PaperBytes.objects.count() == 6, "the other to make the rest")
        until(lambda: not Job.objects.exclude(state=JobState.DONE).exists(), "the jobs to end")
        assert sum(worker.poll() is None for worker in workers) == 1
        all_made()
    finally:
        crew.end()
