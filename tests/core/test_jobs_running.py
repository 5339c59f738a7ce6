"""A run: steps commit with their progress or not at all, every way of ending is written down, nothing personal is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction

from core import clock
from core.jobs import (
    Cancelled,
    Job,
    JobState,
    Lost,
    Run,
    cancel,
    enqueue,
    execute,
    lease,
    retry,
    run_job,
    run_waiting,
    task,
)
from core.jobs.running import MOST_LOSSES
from core.models import NumberSeries
from core.numbering import take
from core.timeline import SYSTEM

pytestmark = pytest.mark.django_db
KIND = "tests.running"
body: list[Callable[[Run], Any]] = []


@task(KIND, label="测试任务", attempts=3)
def play(run: Run) -> Any:
    return body[0](run)


@pytest.fixture(autouse=True)
def by_hand(settings: Any) -> Iterator[None]:
    settings.JOBS_CARRIER = "database"
    yield
    body.clear()


def put(work: Callable[[Run], Any]) -> Job:
    body[:] = [work]
    return enqueue(KIND, arguments={"n": 5})


def state_of(job: Job) -> Job:
    job.refresh_from_db()
    return job


def taken(series: str = "kept") -> int:
    row = NumberSeries.objects.filter(name=series).first()
    return row.last if row else 0


def due_now(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=clock.machine_now() - timedelta(seconds=1))


def count_to(run: Run) -> dict[str, Any]:
    for number in range(run.checkpoint.get("n", 0) + 1, run.arguments["n"] + 1):
        with run.step(done=number, total=5, saying=f"第{number}项", checkpoint={"n": number}):
            take("kept")
    return {"say": "完成"}


def test_steps_count_and_the_result_is_kept() -> None:
    job = put(count_to)
    assert run_waiting() == 1
    state_of(job)
    assert (job.state, job.result, job.checkpoint) == (JobState.DONE, {"say": "完成"}, {"n": 5})
    assert (job.done, job.total, job.percent, job.saying) == (5, 5, 100, "第5项")
    assert (job.attempts, job.lease_until, job.started_at is not None) == (1, None, True)
    assert taken() == 5


def test_a_broken_step_leaves_nothing_and_the_next_attempt_goes_on_behind_the_last_whole_one() -> None:
    broken = iter([True])

    def breaks_in_the_third(run: Run) -> None:
        for number in range(run.checkpoint.get("n", 0) + 1, 6):
            with run.step(done=number, total=5, checkpoint={"n": number}):
                take("kept")
                if number == 3 and next(broken, False):
                    raise OSError("disk of 王小明 350521198001011234")

    job = put(breaks_in_the_third)
    assert run_job() == JobState.WAITING
    state_of(job)
    assert (taken(), job.checkpoint, job.done, job.attempts) == (2, {"n": 2}, 2, 1)
    assert job.error_code == "OSError"
    assert job.error_message.startswith("tests/core/test_jobs_running.py:")
    assert run_job() is None, "it waits before it is tried again"
    assert job.run_after > clock.machine_now()
    due_now(job)
    assert run_job() == JobState.DONE
    assert (taken(), state_of(job).error_code) == (5, "")


def test_what_a_step_finds_out_is_written_with_it() -> None:
    def finds_out(run: Run) -> None:
        with run.step() as step:
            step.checkpoint, step.total, step.done = {"seen": 3}, 10, 3
        assert run.checkpoint == {"seen": 3}

    job = put(finds_out)
    assert run_job() == JobState.DONE
    assert (state_of(job).checkpoint, job.done, job.total) == ({"seen": 3}, 3, 10)


def test_attempts_end_and_a_person_may_try_again() -> None:
    def never(run: Run) -> None:
        raise ValueError("350521198001011234")

    job = put(never)
    for _attempt in range(2):
        assert run_job() == JobState.WAITING
        due_now(job)
    assert run_job() == JobState.FAILED
    assert (state_of(job).attempts, job.finished_at is not None) == (3, True)
    stored = " ".join(str(value) for value in Job.objects.filter(pk=job.pk).values_list()[0])
    assert "350521198001011234" not in stored
    body[:] = [lambda run: None]
    retry(job_id=job.pk, by=SYSTEM)
    assert run_job() == JobState.DONE


def test_cancelling_a_running_job_stops_it_before_the_next_step() -> None:
    def cancelled_after_two(run: Run) -> None:
        for number in range(1, 6):
            with run.step(done=number, total=5):
                take("kept")
            if number == 2:
                cancel(job_id=run.job_id, by=SYSTEM)

    job = put(cancelled_after_two)
    assert run_job() == JobState.CANCELLED
    assert (taken(), state_of(job).done, job.state, job.lease_until) == (2, 2, JobState.CANCELLED, None)


def test_progress_alone_also_notices_the_cancelling() -> None:
    def tells(run: Run) -> None:
        cancel(job_id=run.job_id, by=SYSTEM)
        with pytest.raises(Cancelled):
            run.tell(done=1, total=2)
        raise Cancelled

    assert (put(tells).state, run_job()) == (JobState.WAITING, JobState.CANCELLED)


def test_what_was_told_last_is_written_at_the_end() -> None:
    def tells(run: Run) -> None:
        for number in range(1, 101):
            run.tell(done=number, total=100, saying=f"{number}")

    job = put(tells)
    assert run_job() == JobState.DONE
    assert (state_of(job).done, job.total, job.saying) == (100, 100, "100")


def test_a_worker_taken_for_dead_writes_nothing_more() -> None:
    """Its lease ran out in the middle; another took the job: step, progress and result of the first are refused."""
    seen: list[str] = []

    def sleeps(run: Run) -> dict[str, Any]:
        with run.step(checkpoint={"n": 1}, done=1, total=5):
            take("kept")
        Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=60))
        second = lease()
        assert second is not None and (second.fence, second.losses) == (2, 1)
        with pytest.raises(Lost):
            run.tell(done=4)
        with pytest.raises(Lost), run.step(checkpoint={"n": 9}):
            take("kept")
        assert run.beat() is False
        body[:] = [count_to]
        seen.append(execute(second, seconds=6))
        return {"say": "too late"}

    job = put(sleeps)
    run_job()
    assert seen == [JobState.DONE]
    assert (state_of(job).result, job.checkpoint, taken()) == ({"say": "完成"}, {"n": 5}, 5)


def test_a_job_left_behind_is_taken_again_and_a_held_one_is_not() -> None:
    job = put(count_to)
    assert lease() is not None
    assert lease() is None and lease(job_id=job.pk) is None
    Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))
    assert run_job() == JobState.DONE
    assert (state_of(job).attempts, job.losses, job.fence) == (1, 0, 2)


def test_a_job_that_kills_its_workers_is_laid_before_a_person() -> None:
    job = put(count_to)
    for _death in range(MOST_LOSSES + 1):
        assert lease() is not None
        Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))
    assert run_job() == JobState.FAILED
    assert (state_of(job).error_code, taken()) == ("job_worker_lost", 0)


def test_a_cancelled_job_whose_worker_died_ends_as_cancelled() -> None:
    job = put(count_to)
    lease()
    cancel(job_id=job.pk, by=SYSTEM)
    Job.objects.update(lease_until=clock.machine_now() - timedelta(seconds=1))
    assert run_job() == JobState.CANCELLED
    assert taken() == 0


def test_told_to_stop_the_step_at_hand_commits_and_the_job_goes_on_elsewhere() -> None:
    stopping: list[bool] = []

    def stopped_in_the_second(run: Run) -> None:
        for number in range(run.checkpoint.get("n", 0) + 1, 6):
            with run.step(done=number, total=5, checkpoint={"n": number}):
                take("kept")
                if number == 2:
                    stopping.append(True)

    job = put(stopped_in_the_second)
    assert run_job(stopping=lambda: bool(stopping)) == JobState.WAITING
    assert (taken(), state_of(job).attempts, job.lease_until, job.checkpoint) == (2, 0, None, {"n": 2})
    assert run_job() == JobState.DONE
    assert taken() == 5


def test_ended_at_once_the_lease_is_given_back() -> None:
    def interrupted(run: Run) -> None:
        raise KeyboardInterrupt

    job = put(interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_job()
    assert (state_of(job).state, job.attempts) == (JobState.WAITING, 0)


def test_a_kind_that_this_version_no_longer_knows_fails_for_a_person_to_see() -> None:
    job = Job.objects.create(kind="tests.gone")
    assert run_job() == JobState.FAILED
    assert (state_of(job).error_code, job.label) == ("job_no_task", "tests.gone")


def test_a_result_that_cannot_be_kept_is_a_failure_of_the_task() -> None:
    job = put(lambda run: {"what": object()})
    assert run_job() == JobState.WAITING
    assert state_of(job).error_code == "TypeError"


def test_a_fault_of_the_driver_is_written_without_its_words() -> None:
    def falls(run: Run) -> None:
        raise OperationalError("duplicate key (person)=(350521198001011234)")

    job = put(falls)
    run_job()
    assert (state_of(job).error_code, "350521" in job.error_message) == ("OperationalError", False)


@pytest.mark.django_db(transaction=True)
def test_a_step_inside_another_transaction_is_a_fault_because_it_would_not_commit() -> None:
    def nested(run: Run) -> None:
        with transaction.atomic(), run.step():
            take("kept")

    job = put(nested)
    assert run_job() == JobState.WAITING
    assert (state_of(job).error_code, taken()) == ("RuntimeError", 0)
