"""An upload as its claimant follows it: how far it is, its result where it was left, and why a file was not taken."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.jobs import Job, JobState, run_waiting
from project.demo.people import Cast
from tests.portals.claimants_made import browser, few_queries, people, roster, start, zone
from workflows.claims import Claim, ClaimLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Path) -> Cast:
    cast = zone(settings, tmp_path)
    settings.JOBS_CARRIER = "database"
    return cast


@pytest.fixture
def client(cast: Cast) -> Client:
    return browser(cast["agency"])


def sent(client: Client, claim: Claim, file: SimpleUploadedFile) -> Any:
    return client.post(f"/claims/{claim.pk}/roster/", {"file": file})


def test_the_page_tells_how_far_it_is_then_the_result(cast: Cast, client: Client) -> None:
    claim = start(client, "agency")
    page = sent(client, claim, roster("agency", people(cast, "agency", 3, 7500, phone="12345"))).content.decode()
    job = Job.objects.get(kind="rosters.import")
    assert f"/jobs/{job.pk}/?then=reload" in page and "已排队" in page and "取消任务" in page
    assert '<meta http-equiv="refresh" content="3">' in page and ClaimLine.objects.count() == 0
    run_waiting()
    with few_queries():
        page = client.get(f"/claims/{claim.pk}/roster/imported/").content.decode()
    assert "通过 2 人，未通过 1 人" in page and "手机号码应为11位" in page and "再次上传" in page
    told = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "通过2人，未通过1人" in told and f"/claims/{claim.pk}/roster/imported/" in told


def test_the_draft_shows_the_import_in_place_of_the_form_until_it_is_over(cast: Cast, client: Client) -> None:
    claim = start(client, "agency")
    sent(client, claim, roster("agency", people(cast, "agency", 2, 7600)))
    job = Job.objects.get(kind="rosters.import")
    with few_queries():
        page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert f'id="job-{job.pk}"' in page and "上传花名册</button>" not in page
    again = sent(client, claim, roster("agency", people(cast, "agency", 2, 7600)))
    assert (again.status_code, "上一份花名册正在导入" in again.content.decode()) == (409, True)
    run_waiting()
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "上传花名册</button>" in page and f'id="job-{job.pk}"' not in page


def test_a_file_that_is_no_roster_is_told_with_a_form_for_another_and_no_job_has_failed(
    cast: Cast, client: Client
) -> None:
    claim = start(client, "agency")
    sent(client, claim, SimpleUploadedFile("名单.csv", "甲,乙\n1,2\n".encode()))
    run_waiting()
    answer = client.get(f"/claims/{claim.pk}/roster/imported/")
    page = answer.content.decode()
    assert (answer.status_code, "花名册没有导入" in page, "data-refusal" in page, "再次上传" in page) == (
        422,
        True,
        True,
        True,
    )
    assert Job.objects.get(kind="rosters.import").state == JobState.DONE


def test_cancelled_it_says_that_nothing_changed(cast: Cast, client: Client) -> None:
    claim = start(client, "agency")
    sent(client, claim, roster("agency", people(cast, "agency", 2, 7700)))
    job = Job.objects.get(kind="rosters.import")
    client.post(f"/jobs/{job.pk}/cancel/")
    run_waiting()
    page = client.get(f"/claims/{claim.pk}/roster/imported/").content.decode()
    assert "已取消" in page and "名单没有变动" in page and "再次上传" in page
    assert ClaimLine.objects.count() == 0


def test_the_result_is_for_whoever_uploaded_in_that_post(cast: Cast, client: Client) -> None:
    claim = start(client, "agency")
    sent(client, claim, roster("agency", people(cast, "agency", 2, 7800)))
    run_waiting()
    assert browser(cast["agency2"]).get(f"/claims/{claim.pk}/roster/imported/").status_code == 403
    assert client.get(f"/claims/{claim.pk + 1}/roster/imported/").status_code == 403
