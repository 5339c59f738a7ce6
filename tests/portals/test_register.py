"""The labour register's pages: searched in few queries, masked, revealed with a reason, imported, merged; one's own only."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from core.inserting import insert_rows
from core.jobs import run_waiting
from core.models import Event
from documents.models import AnnexImport
from project.demo.people import Cast, area_of, make_cast
from registry.labour import queries
from registry.labour.commands import Doing, Particulars, phone_index, register_person
from registry.models import LabourPerson, LabourStatus
from tests.registry.messy import CHEN, LIN, official, with_
from tests.standing import fresh, standing

pytestmark = pytest.mark.django_db
HOME, OTHER = "350521104203", "350521104204"
WORKS = Doing(status="employed", since=date(2025, 9, 1), employer="恒源鞋业", trade="缝纫工")


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with standing(django_db_blocker, make_cast) as cast:
        yield cast


@pytest.fixture
def cast(standing_cast: Cast, db: None, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    settings.JOBS_CARRIER = "database"
    return fresh(standing_cast)


def browser(cast: Cast, name: str) -> Client:
    client, by = Client(), cast[name]
    client.force_login(by.user)
    session = client.session
    session["post_id"] = by.post_id
    session.save()
    return client


def lin(cast: Cast, code: str = HOME, phone: str = "13805950001") -> LabourPerson:
    who = Particulars(name="林小妹", sex="2", birth_month=date(1990, 3, 1), phone=phone)
    return register_person(village=area_of(code), who=who, doing=WORKS, by=cast[f"clerk:{code}"])


def crowd(count: int) -> None:
    village, now = area_of(HOME), clock.now()
    people = [
        LabourPerson(
            village=village, name=f"陈{'甲乙丙丁戊己庚辛'[n % 8]}{'子丑寅卯'[n % 4]}", sex="1", birth_month=date(1980, 1, 1),
            phone=f"136{n:08d}", phone_index=phone_index(f"136{n:08d}"), created_at=now,
        )
        for n in range(count)
    ]  # fmt: skip
    insert_rows(people)
    insert_rows(
        [
            LabourStatus(person_id=p.pk, status="employed", since=date(2025, 1, 1), source="officer", recorded_at=now)
            for p in people
        ]
    )


@pytest.mark.parametrize("count", [10, 2000])
def test_a_search_takes_few_queries(cast: Cast, count: int, django_assert_max_num_queries: Any) -> None:
    crowd(count)
    lin(cast)
    client = browser(cast, f"clerk:{HOME}")
    for q in ("", "林小", "13805950001", "350521199003070013"):
        with django_assert_max_num_queries(10):
            page = client.get(reverse("register:people"), {"q": q})
        assert page.status_code == 200
    page = client.get(reverse("register:people"), {"q": "13805950001"})
    assert "林小妹" in page.content.decode() and "13805950001" not in page.content.decode().replace(
        'value="13805950001"', ""
    )


def test_a_number_is_shown_for_a_reason_only(cast: Cast) -> None:
    person, client = lin(cast), browser(cast, "auditor")
    address = reverse("register:person", args=[person.pk])
    assert "138****0001" in client.get(address).content.decode()
    reveal = reverse("register:reveal", args=[person.pk])
    assert client.post(reveal, {"what": "phone", "reason": ""}).status_code == 422
    shown = client.post(reveal, {"what": "phone", "reason": "电话回访核实"})
    assert "13805950001" in shown.content.decode() and shown["Cache-Control"] == "private, no-store"
    assert Event.objects.get(verb="reveal").data["reason"] == "电话回访核实"


def test_upload_dry_run_apply_and_undo(cast: Cast) -> None:
    client = browser(cast, f"clerk:{HOME}")
    data = official(LIN, CHEN, with_(LIN, G="123"))
    answer = client.post(reverse("register:imports"), {"file": SimpleUploadedFile("附件2.xlsx", data)})
    made = AnnexImport.objects.get()
    page = reverse("register:import", args=[made.pk])
    assert answer["Location"] == page and "预检附件" in client.get(page).content.decode()
    run_waiting()
    text = client.get(page).content.decode()
    assert "G6" in text and "导入登记" in text and not LabourPerson.objects.exists()
    client.post(reverse("register:apply", args=[made.pk]))
    assert "可以离开本页" in client.get(page).content.decode()
    run_waiting()
    assert queries.standing().count() == 2 and "撤销整次导入" in client.get(page).content.decode()
    client.post(reverse("register:undo", args=[made.pk]))
    run_waiting()
    assert not queries.standing().exists() and "已撤销" in client.get(page).content.decode()


def test_a_refused_file_says_why(cast: Cast) -> None:
    client = browser(cast, f"clerk:{HOME}")
    client.post(reverse("register:imports"), {"file": SimpleUploadedFile("a.xlsx", "甲,乙\n1,2".encode())})
    run_waiting()
    text = client.get(reverse("register:import", args=[AnnexImport.objects.get().pk])).content.decode()
    assert "没有找到附件的表头" in text


def test_annex_out_by_a_job(cast: Cast) -> None:
    lin(cast)
    client = browser(cast, f"clerk:{HOME}")
    answer = client.post(reverse("register:export"), {"annex": "2", "area": str(area_of(HOME).pk)})
    run_waiting()
    assert client.get(answer["Location"] + "file/").status_code == 200
    denied = client.post(reverse("register:export"), {"annex": "2", "area": str(area_of(OTHER).pk)})
    assert denied.status_code == 403


def test_register_change_and_merge_by_hand(cast: Cast) -> None:
    client = browser(cast, f"clerk:{HOME}")
    given = {"name": "王大海", "sex": "1", "birth_month": "1980-05", "status": "employed", "since": "2025-10-01"}
    made = client.post(reverse("register:new"), given)
    assert made.status_code == 302 and client.post(reverse("register:new"), given).status_code == 422
    person = LabourPerson.objects.get()
    status = {"status": "unemployed", "since": "2025-11-01", "wanted_trade": "电工"}
    assert client.post(reverse("register:status", args=[person.pk]), status).status_code == 302
    assert client.post(reverse("register:group", args=[person.pk]), {"group": "veteran"}).status_code == 302
    twin = register_person(
        village=area_of(HOME), by=cast[f"clerk:{HOME}"],
        who=Particulars(name="王大海", sex="1", birth_month=date(1980, 5, 1), phone="13805950008"),
    )  # fmt: skip
    merge = reverse("register:merge", args=[person.pk])
    assert "合并为一人" in client.get(merge).content.decode()
    client.post(merge, {"other": str(twin.pk), "reason": "同一人换号"})
    assert queries.standing().count() == 1
    assert "撤销合并" in client.get(reverse("register:person", args=[person.pk])).content.decode()


def test_another_village_sees_nothing(cast: Cast) -> None:
    person = lin(cast)
    lin(cast, OTHER, "13805950002")
    client = browser(cast, f"head:{OTHER}")
    page = client.get(reverse("register:people"), {"q": "林小妹"}).content.decode()
    assert str(person.pk) not in page and page.count("林小妹</a>") == 1
    for name in ("person", "merge"):
        assert client.get(reverse(f"register:{name}", args=[person.pk])).status_code == 403
    mine = reverse("register:person", args=[LabourPerson.objects.get(village=area_of(OTHER)).pk])
    assert "上浦" not in client.get(mine).content.decode()
    town = browser(cast, "handler:350521104")
    assert "上浦" in town.get(mine).content.decode()
