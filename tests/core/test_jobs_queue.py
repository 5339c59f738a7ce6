"""Enqueue, cancel, retry: the row exists with its cause, once a key, and holds nothing personal."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import clock
from core.errors import Refusal, WrongState
from core.jobs import Job, JobState, Run, cancel, enqueue, retry, run_job, run_waiting, task
from core.jobs.queue import chain_of
from core.jobs.tasks import Task
from core.models import Event
from core.timeline import SYSTEM, breaks

pytestmark = pytest.mark.django_db
KIND = "tests.queue"
answers: list[dict[str, Any]] = []


@task(KIND, label="测试任务", attempts=2)
def answer(run: Run) -> dict[str, Any]:
    answers.append(run.arguments)
    return {"say": "好了"}


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    settings.JOBS_CARRIER = "database"
    answers.clear()
    yield


def put(**more: Any) -> Job:
    return enqueue(KIND, **{"arguments": {}, **more})


def test_a_job_costs_one_query_and_waits() -> None:
    for more in ({}, {"key": "a"}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            job = put(arguments={"claim": 3}, **more)
        assert len(queries) == 1
        row = Job.objects.get(pk=job.pk)
        assert (row.state, row.arguments, row.attempts, row.asked_by_id) == (JobState.WAITING, {"claim": 3}, 0, None)
        assert (row.label, row.percent, row.is_live) == ("测试任务", None, True)


def test_a_rolled_back_cause_leaves_no_job() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        put()
        raise RuntimeError
    assert Job.objects.count() == 0


def test_a_live_key_gives_the_same_job_and_a_finished_one_a_new() -> None:
    first = put(key="7", arguments={"n": 1})
    assert put(key="7", arguments={"n": 2}) == first
    assert put(key="8") != first
    assert run_waiting() == 2
    assert put(key="7") != first
    assert Job.objects.count() == 3
    assert answers == [{"n": 1}, {}]


def test_who_asked_stands_in_the_row(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create(username="asker")

    class By:
        user_id = user.pk
        post_id = 17

    job = Job.objects.get(pk=put(by=By()).pk)
    assert (job.asked_by_id, job.asked_post) == (user.pk, 17)


@pytest.mark.parametrize(
    "arguments",
    [
        {"q": "13800001234"},
        {"filter": {"q": ["姓名", "350521198001011234"]}},
        {"q": "号码 35052119800101123X 的人"},
        {"account": 6222021234567890123},
    ],
)
def test_personal_numbers_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="改用其他条件") as refused:
        put(arguments=arguments)
    assert refused.value.code == "job_argument_personal"
    assert Job.objects.count() == 0


def test_ids_codes_and_dates_are_no_personal_numbers() -> None:
    put(arguments={"area": "350521104001", "id": str(uuid4()), "from": "2025-11-24", "on": True, "hash": "1" * 64})
    assert Job.objects.count() == 1


def test_a_kind_nobody_registered_is_a_fault_of_the_caller() -> None:
    with pytest.raises(LookupError):
        enqueue("tests.nobody", arguments={})


def test_two_functions_cannot_share_a_kind() -> None:
    with pytest.raises(ValueError, match=KIND):

        @task(KIND, label="另一个")
        def other(run: Run) -> None: ...

    assert isinstance(answer, Task)


def test_a_job_for_later_waits_for_its_time() -> None:
    job = put(run_after=clock.now() + timedelta(hours=1))
    assert run_waiting() == 0
    Job.objects.filter(pk=job.pk).update(run_after=clock.machine_now() - timedelta(seconds=1))
    assert run_waiting() == 1


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_is_not() -> None:
    job = cancel(job_id=put().pk, by=SYSTEM)
    assert (job.state, job.finished_at is not None) == (JobState.CANCELLED, True)
    assert run_waiting() == 0
    with pytest.raises(WrongState) as refused:
        cancel(job_id=job.pk, by=SYSTEM)
    assert refused.value.code == "job_over"
    assert [event.verb for event in Event.objects.filter(chain=chain_of(job))] == ["cancel"]


def test_retry_starts_anew_from_the_checkpoint() -> None:
    job = put()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.FAILED, finished_at=clock.now(), attempts=2, error_code="X", checkpoint={"n": 4}, done=4, total=9
    )
    again = retry(job_id=job.pk, by=SYSTEM)
    assert (again.state, again.attempts, again.error_code, again.checkpoint) == ("waiting", 0, "", {"n": 4})
    assert run_job() == JobState.DONE
    with pytest.raises(WrongState) as refused:
        retry(job_id=job.pk, by=SYSTEM)
    assert refused.value.code == "job_not_failed"
    assert [event.verb for event in Event.objects.filter(chain=chain_of(job))] == ["retry"]
    assert list(breaks()) == []


def test_retry_refuses_beside_a_live_job_of_the_same_key() -> None:
    job = cancel(job_id=put(key="k").pk, by=SYSTEM)
    put(key="k")
    with pytest.raises(WrongState) as refused:
        retry(job_id=job.pk, by=SYSTEM)
    assert refused.value.code == "job_live_already"


@pytest.mark.parametrize("job_id", [uuid4(), "no-uuid"])
def test_an_unknown_job_is_refused(job_id: Any) -> None:
    with pytest.raises(Refusal) as refused:
        cancel(job_id=job_id, by=SYSTEM)
    assert refused.value.code == "job_unknown"


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "odd"},
        {"state": JobState.RUNNING},
        {"state": JobState.DONE},
        {"done": 3, "total": 2},
        {"lease_until": clock.machine_now()},
        {"finished_at": clock.machine_now()},
    ],
)
def test_the_database_refuses_impossible_rows(columns: dict[str, Any]) -> None:
    job = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**columns)


def test_the_database_refuses_a_second_live_job_of_a_key() -> None:
    put(key="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind=KIND, key="k")


@pytest.mark.django_db(transaction=True)
def test_inline_runs_right_after_the_commit(settings: Any) -> None:
    settings.JOBS_CARRIER = "inline"
    with transaction.atomic():
        job = put(arguments={"n": 1})
        assert answers == []
    assert answers == [{"n": 1}]
    job.refresh_from_db()
    assert (job.state, job.result, job.percent) == (JobState.DONE, {"say": "好了"}, 100)
    put(run_after=clock.now() + timedelta(hours=1))
    assert len(answers) == 1
