"""Workers, enqueuers and timers at the same moment: one job a key, one worker a job, each due time answered once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from core import clock
from core.jobs import Job, JobState, Run, ScheduledRun, cancel, enqueue, fire_due, lease, retry, run_job, task
from core.models import DailyHead
from core.timeline import SYSTEM, breaks
from funds.models import FundSource
from project.demo.people import Cast
from tests.races.drafted import filed, people
from tests.races.together import DONE, at_once
from workflows.reviews import Decision, Review
from workflows.states import ReviewOutcome, Step, Verb

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
KIND = "tests.at_once"
ran: list[str] = []


@task(KIND, label="测试任务")
def note(run: Run) -> None:
    with run.step(done=1, total=1):
        ran.append(str(run.job_id))


@pytest.fixture(autouse=True)
def by_workers(settings: Any) -> Iterator[None]:
    settings.JOBS_CARRIER = "database"
    ran.clear()
    yield


def collecting(into: list[Any], command: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: into.append(command())


def test_sixteen_enqueue_one_key_and_get_one_job(transactional_db: None) -> None:
    for turn in range(10):
        got: list[Job] = []
        put = partial(enqueue, KIND, arguments={"n": turn}, key=f"k{turn}")
        assert at_once([collecting(got, put)] * 16) == [DONE] * 16
        assert len({job.pk for job in got}) == 1
    assert Job.objects.count() == 10


def test_an_enqueuer_waits_for_the_other_and_does_not_fail_when_that_one_gives_up(transactional_db: None) -> None:
    def gives_up() -> None:
        try:
            with transaction.atomic():
                enqueue(KIND, arguments={}, key="k")
                raise RuntimeError
        except RuntimeError:
            pass

    for _turn in range(10):
        assert at_once([gives_up, partial(enqueue, KIND, arguments={}, key="k"), gives_up]) == [DONE] * 3
        assert Job.objects.filter(key="k", state=JobState.WAITING).count() == 1
        Job.objects.all().delete()


def test_eight_workers_take_a_hundred_jobs_once_each(transactional_db: None) -> None:
    jobs = [enqueue(KIND, arguments={"n": n}) for n in range(100)]

    def work() -> None:
        while run_job() is not None:
            pass

    assert at_once([work] * 8) == [DONE] * 8
    while run_job() is not None:  # a worker that skipped the locked rows of the others may have ended early
        pass
    assert Counter(ran) == Counter(str(job.pk) for job in jobs)
    assert set(Job.objects.values_list("state", "attempts", "fence")) == {(JobState.DONE, 1, 1)}


def test_one_job_left_behind_is_taken_by_one_of_eight(transactional_db: None) -> None:
    job = enqueue(KIND, arguments={})
    for turn in range(5):
        got: list[Job | None] = []
        assert at_once([collecting(got, lease)] * 8) == [DONE] * 8
        assert [taken.pk for taken in got if taken] == [job.pk]
        assert Job.objects.get().fence == turn + 1
        Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))


def test_cancel_meets_the_worker(transactional_db: None) -> None:
    for _turn in range(10):
        job = enqueue(KIND, arguments={})
        answers = at_once([partial(cancel, job_id=job.pk, by=SYSTEM), partial(run_job, job.pk)])
        job.refresh_from_db()
        assert answers[1] == DONE
        if answers[0] == DONE:
            assert job.state in {JobState.CANCELLED, JobState.DONE}
        else:
            assert (answers[0], job.state) == ("job_over", JobState.DONE)
        assert (job.lease_until, ran.count(str(job.pk))) == (None, int(job.state == JobState.DONE))
    assert list(breaks()) == []


def test_two_people_retry_one_job(transactional_db: None) -> None:
    job = cancel(job_id=enqueue(KIND, arguments={}, key="k").pk, by=SYSTEM)
    again = partial(retry, job_id=job.pk, by=SYSTEM)
    assert sorted(at_once([again] * 4)) == [DONE] + ["job_not_failed"] * 3


def test_a_due_time_fires_once_whoever_asks(transactional_db: None) -> None:
    got: list[list[Job]] = []
    assert at_once([collecting(got, fire_due)] * 8) == [DONE] * 8
    fired = [job.kind for jobs in got for job in jobs]
    assert len(fired) == len(set(fired)) == ScheduledRun.objects.count() == Job.objects.count() > 0


def test_run_due_twice_at_once_does_everything_once(cast: Cast, fund: FundSource) -> None:
    workers = people(cast, 12, seed=900)
    claims = [filed(cast["agency"], workers[3 * n : 3 * n + 3]) for n in range(4)]
    day = date(2025, 12, 9)
    Review.objects.filter(claim__in=claims).update(due_on=day - timedelta(days=1))

    def run_due() -> None:
        with clock.travel(day):
            call_command("run_due", stdout=StringIO())

    assert at_once([run_due] * 3) == [DONE] * 3
    deemed = Review.objects.filter(step=Step.ACCEPTANCE, outcome=ReviewOutcome.DEEMED)
    assert sorted(review.claim_id for review in deemed) == sorted(claim.pk for claim in claims)
    assert Decision.objects.filter(verb=Verb.DEEM).count() == 4
    assert DailyHead.objects.filter(day=day).count() == 1
    assert not Job.objects.exclude(state=JobState.DONE).exists()
    kinds = list(Job.objects.values_list("kind", flat=True))
    assert len(kinds) == len(set(kinds)) > 0
    assert list(breaks()) == []
