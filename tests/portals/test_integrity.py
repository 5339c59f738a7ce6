"""完整性核对: a lost file reaches a person on a screen, who may look again and sweep, and nobody else may."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from core import clock
from core.jobs import Job
from core.models import Event
from documents.files import put, store
from documents.models import IntegrityFinding, IntegrityRun
from tests.portals.administrators import HOME, desk_of, refusal_of

pytestmark = pytest.mark.django_db(transaction=True)
HERE = f"{HOME}integrity/"


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_lost_file_is_found_by_the_button_shown_and_gone_when_it_is_back() -> None:
    client, by = desk_of("system_admin")
    page = client.get(HERE).content.decode()
    assert "没有未解决的问题" in page and "还没有核对过" in page and "立即检查" in page
    file = store(data=b"one", name="陈志强.pdf", content_type="application/pdf", by_id=None)
    path = Path(default_storage.path(file.path))
    whole = path.read_bytes()
    path.unlink()
    answer = client.post(f"{HERE}check/", follow=True)
    page = answer.content.decode()
    assert "文件丢失" in page and f"file:{file.pk}" in page and "陈志强" not in page
    job = Job.objects.get(kind="documents.integrity")
    assert (job.asked_by_id, job.state) == (by.user_id, "done")
    path.write_bytes(whole)
    page = client.post(f"{HERE}check/", follow=True).content.decode()
    assert "没有未解决的问题" in page and "已解决1个" in page
    assert IntegrityRun.objects.count() == 2


def test_orphans_go_by_the_button_and_stand_in_the_record() -> None:
    client, by = desk_of("system_admin")
    laid = put(b"never entered")
    moment = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(default_storage.path(laid.path), (moment, moment))
    page = client.post(f"{HERE}check/", follow=True).content.decode()
    assert "清除1个无主文件" in page and default_storage.exists(laid.path)
    page = client.post(f"{HERE}sweep/", follow=True).content.decode()
    assert "已清除1个无主文件" in page and not default_storage.exists(laid.path)
    event = Event.objects.get(chain="integrity:orphans")
    assert (event.by_id, event.data) == (by.user_id, {"count": 1})


def test_the_auditor_looks_on_and_others_do_not() -> None:
    client, _by = desk_of("auditor")
    page = client.get(HERE)
    assert page.status_code == 200 and "立即检查" not in page.content.decode()
    assert refusal_of(client.post(f"{HERE}check/")) == "not_your_role"
    assert refusal_of(client.post(f"{HERE}sweep/")) == "not_your_role"
    assert refusal_of(desk_of("security_admin", "林安")[0].get(HERE)) == "not_your_role"
    assert Job.objects.count() == IntegrityFinding.objects.count() == 0


def test_a_walk_on_its_way_shows_how_far_it_is_and_a_second_click_starts_no_other(settings: Any) -> None:
    settings.JOBS_CARRIER = "database"
    client, _by = desk_of("system_admin")
    client.post(f"{HERE}check/")
    page = client.post(f"{HERE}check/", follow=True).content.decode()
    job = Job.objects.get(kind="documents.integrity")
    assert f"job-{job.pk}" in page and "立即检查" not in page
