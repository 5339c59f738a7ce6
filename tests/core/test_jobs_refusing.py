"""What a failed attempt leaves in the row: a code, a sentence without values, and a time to try again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.errors import Refusal
from core.jobs import Again, Job, JobState, Run, enqueue, run_job, task
from core.jobs.running import back_off

pytestmark = pytest.mark.django_db
KIND = "tests.refusing"
PLAIN = "常量句子，没有填入任何内容。"
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


def refuses_plainly(run: Run) -> None:
    raise Refusal("plain_code", "这一句没有填入任何内容，请更正后重试。")


def refuses_by_name(run: Run) -> None:
    raise Refusal("named_code", PLAIN)


def refuses_with_values(run: Run) -> None:
    raise Refusal("value_code", f"王小明（{run.arguments['n']}）不在名册中。")


@pytest.mark.parametrize(
    ("work", "code", "message"),
    [
        (refuses_plainly, "plain_code", "这一句没有填入任何内容，请更正后重试。"),
        (refuses_by_name, "named_code", PLAIN),
        (refuses_with_values, "value_code", "Refusal tests/core/test_jobs_refusing.py:"),
    ],
)
def test_a_refusal_fails_at_once_and_keeps_only_a_sentence_without_values(
    work: Callable[[Run], None], code: str, message: str
) -> None:
    job = put(work)
    assert run_job() == JobState.FAILED
    assert state_of(job).error_code == code
    assert job.error_message.startswith(message)
    assert "王小明" not in job.error_message


def test_a_refusal_that_time_may_mend_is_tried_again() -> None:
    def away(run: Run) -> None:
        raise Again("seal_away", "签章服务没有应答。")

    job = put(away)
    assert run_job() == JobState.WAITING
    assert (state_of(job).error_code, job.error_message) == ("seal_away", "签章服务没有应答。")


def test_back_off_doubles_with_jitter_up_to_the_most(settings: Any) -> None:
    settings.JOBS_BACKOFF_SECONDS = (4.0, 20.0)
    for attempt, full in ((1, 4), (2, 8), (3, 16), (4, 20), (9, 20)):
        waits = {back_off(attempt) for _draw in range(50)}
        assert full * 0.5 <= min(waits) and max(waits) <= full * 1.5
        assert len(waits) > 10
