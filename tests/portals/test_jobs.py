"""Background work as its people see it: own jobs, how far they are, results, failures, and who may do what."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import jobs as access
from accounts.acting import Actor
from core import clock
from core.jobs import Job, JobState, Run, task
from core.models import Event
from documents.files import store
from project.demo.people import Cast, make_cast

pytestmark = pytest.mark.django_db
KIND = "tests.told"
FRAME_QUERIES = 4  # session, user, posts, session renewed


@task(KIND, label="试办")
def told(run: Run) -> dict[str, str]:
    with run.step(done=1, total=1):
        pass
    return {"say": "办完1项"}


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


def window(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    session = client.session
    session["post_id"] = by.post_id
    session.save()
    return client


def made(by: Actor | None, state: str = JobState.WAITING, **columns: Any) -> Job:
    """A job in this state, whoever did it."""
    if state not in (JobState.WAITING, JobState.RUNNING):
        columns.setdefault("finished_at", clock.now())
    if state == JobState.RUNNING:
        columns.setdefault("lease_until", clock.machine_now())
    who = {"asked_by": by.user, "asked_post": by.post_id} if by else {}
    return Job.objects.create(kind=KIND, state=state, **who, **columns)


def test_a_list_of_my_own_in_this_post(cast: Cast) -> None:
    made(cast["agency"], JobState.DONE, result={"say": "办完7项"})
    made(cast["agency2"], JobState.DONE, result={"say": "办完9项"})
    page = window(cast["agency"]).get(reverse("shared:jobs")).content.decode()
    assert "办完7项" in page
    assert "办完9项" not in page
    assert "共1项" in page


def test_the_list_costs_the_same_with_ten_and_with_a_thousand(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = window(cast["agency"])
    for count in (10, 990):
        Job.objects.bulk_create(
            Job(kind=KIND, asked_by=cast["agency"].user, asked_post=cast["agency"].post_id) for _ in range(count)
        )
        with django_assert_max_num_queries(FRAME_QUERIES + 4):
            page = client.get(reverse("shared:jobs")).content.decode()
        assert page.count("<progress") <= 25
        assert page.count('scope="row"') == min(Job.objects.count(), 25)


def test_the_administrators_list_costs_the_same_with_ten_and_with_a_thousand(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = window(cast["sysadmin"])
    for count in (10, 990):
        Job.objects.bulk_create(Job(kind=KIND, asked_by=cast["agency"].user) for _ in range(count))
        with django_assert_max_num_queries(FRAME_QUERIES + 6):
            page = client.get(reverse("administration:jobs")).content.decode()
        assert page.count("重试") + page.count(">取消<") == min(Job.objects.count(), 25)


def test_progress_in_words_and_per_cent_asks_again_until_it_is_over(cast: Cast) -> None:
    job = made(cast["agency"], JobState.RUNNING, done=30, total=120, saying="核对名单")
    client, address = window(cast["agency"]), reverse("shared:job", args=[job.pk])
    page = client.get(address).content.decode()
    assert "核对名单" in page
    assert "30/120（25%）" in page
    assert '<meta http-equiv="refresh"' in page
    part = client.get(address, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'hx-trigger="every 1s"' in part.content
    Job.objects.update(state=JobState.DONE, lease_until=None, finished_at=clock.now(), result={"say": "办完120项"})
    part = client.get(f"{address}?then=reload", headers={"HX-Request": "true"})
    assert b"hx-trigger" not in part.content
    assert "办完120项" in part.content.decode()
    assert part["HX-Refresh"] == "true"


def test_the_result_is_downloaded_by_whoever_asked_and_noted(cast: Cast) -> None:
    file = store(data=b"x", name="清单.xlsx", content_type="application/x", by_id=cast["agency"].user_id)
    job = made(cast["agency"], JobState.DONE, result={"file": str(file.pk)})
    address = reverse("shared:job_file", args=[job.pk])
    for other in ("agency2", "sysadmin", "auditor", "leader"):
        assert window(cast[other]).get(address).status_code == 403
    answer = window(cast["agency"]).get(address)
    assert answer.content == b"x"
    assert answer["Content-Disposition"].startswith("attachment")
    assert [event.verb for event in Event.objects.filter(chain=f"job:{job.pk}")] == ["download"]


def test_a_failure_says_what_to_do_and_is_tried_again(cast: Cast) -> None:
    job = made(cast["agency"], JobState.FAILED, error_code="seal_unavailable", error_message="签章服务没有应答。")
    client = window(cast["agency"])
    page = client.get(reverse("shared:job", args=[job.pk])).content.decode()
    assert "签章服务没有应答。" in page
    assert "提示代码：seal_unavailable" in page
    client.post(reverse("shared:job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert Event.objects.get(chain=f"job:{job.pk}").verb == "retry"


def test_a_waiting_one_is_cancelled_once(cast: Cast) -> None:
    job = made(cast["agency"])
    client, address = window(cast["agency"]), reverse("shared:job_cancel", args=[job.pk])
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 409
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_failures_come_first_and_reach_the_administrator(cast: Cast) -> None:
    made(None, JobState.DONE)
    made(None, JobState.FAILED, error_code="KeyError", error_message="workflows/papers.py:12")
    made(None)
    page = window(cast["sysadmin"]).get(reverse("administration:jobs")).content.decode()
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert ["未成功" in row for row in rows] == [True, False, False]
    assert "workflows/papers.py:12" in rows[0]
    assert "签署当日办理记录" in page  # the plan


def test_the_auditor_watches_and_the_administrator_acts(cast: Cast) -> None:
    job = made(cast["agency"], JobState.FAILED, error_code="KeyError")
    assert "重试" not in window(cast["auditor"]).get(reverse("administration:jobs")).content.decode()
    assert window(cast["auditor"]).post(reverse("shared:job_retry", args=[job.pk])).status_code == 403
    assert window(cast["sysadmin"]).post(reverse("shared:job_retry", args=[job.pk])).status_code == 302


@pytest.mark.parametrize("who", ["agency", "clerk:350521104201", "bureau", "leader", "maker", "security"])
def test_other_roles_do_not_open_the_administrators_list(cast: Cast, who: str) -> None:
    assert window(cast[who]).get(reverse("administration:jobs")).status_code == 403


def test_another_post_of_the_same_person_does_not_see_it(cast: Cast) -> None:
    with clock.travel(date(2025, 11, 24)):
        job = made(cast["agency"])
    job.asked_post = cast["agency"].post_id + 100_000
    assert not access.can_follow(cast["agency"], job)
    assert not access.can_take_result(cast["agency"], job)
    assert not access.can_steer(cast["agency"], job)
