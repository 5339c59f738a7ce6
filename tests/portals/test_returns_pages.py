"""The pages of the monthly return, as a village's clerk, a town's officer and the labour section walk them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Actor
from core import clock
from project.demo.people import Cast, area_of
from registry.models import LabourPerson
from tests.standing import fresh, standing
from tests.workflows.returned import NOVEMBER, OURS, THEIRS, of, person, two_months
from workflows.returns.rows import SurveyRound, TownReturn

pytestmark = pytest.mark.django_db
TOWN = "350521104"


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Cast, SurveyRound]]:
    with standing(django_db_blocker, two_months) as world:
        yield world


@pytest.fixture
def world(standing_world: tuple[Cast, SurveyRound], db: None) -> tuple[Cast, SurveyRound]:
    return fresh(standing_world)


def signed_in(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    session = client.session
    session["post_id"] = by.post_id
    session.save()
    return client


def test_from_the_village_to_the_receipt(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world
    clerk, town, bureau = (signed_in(cast[name]) for name in (f"clerk:{OURS}", f"handler:{TOWN}", "bureau"))
    found = of(round, OURS)
    address = reverse("returns:village", args=[found.pk])
    assert found.number in clerk.get(reverse("returns:returns")).content.decode()
    page = clerk.get(address)
    assert len(page.context["rows"]) == 3 and "本月无变化" in page.content.decode()
    one = page.context["rows"][0].person
    mark = reverse("returns:mark", args=[found.pk, one.pk])
    assert clerk.post(mark, {"status": "outside", "destination": "厦门", "reach": "province"}).status_code == 302
    assert clerk.post(reverse("returns:submit", args=[found.pk]), {"nil": "1"}).status_code == 422
    clerk.post(reverse("returns:rest", args=[found.pk]))
    assert clerk.post(reverse("returns:submit", args=[found.pk])).status_code == 302
    assert "办理更正" not in clerk.get(address).content.decode()
    of_town = reverse("returns:town", args=[round.pk, area_of(TOWN).pk])
    shown = town.get(of_town)
    assert shown.context["waiting"] == 1 and "C23-1" in shown.content.decode()
    assert town.post(reverse("returns:back", args=[found.pk]), {"reason": "请核实厦门务工"}).status_code == 302
    assert "请核实厦门务工" in clerk.get(address).content.decode()
    assert clerk.post(reverse("returns:submit", args=[found.pk])).status_code == 302  # what was confirmed stays so
    merge = reverse("returns:merge", args=[round.pk, area_of(TOWN).pk])
    assert town.post(merge).status_code == 422
    assert town.post(merge, {"opinion": "其余村已核实"}).status_code == 302
    report = TownReturn.objects.get(round=round)
    assert bureau.post(reverse("returns:receive", args=[report.pk])).status_code == 302
    assert "HZ-2025-0001" in bureau.get(of_town).content.decode()
    grid = bureau.get(reverse("returns:returns")).content.decode()
    assert "已接收" in grid and "逾期未齐" in grid and "1/25村已报" in grid


def test_a_village_opens_no_other_village_and_no_town(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world
    clerk = signed_in(cast[f"clerk:{OURS}"])
    assert clerk.get(reverse("returns:village", args=[of(round, THEIRS).pk])).status_code == 403
    assert clerk.get(reverse("returns:town", args=[round.pk, area_of(TOWN).pk])).status_code == 403
    other = signed_in(cast["handler:350521106"])
    assert other.get(reverse("returns:town", args=[round.pk, area_of(TOWN).pk])).status_code == 403
    assert other.get(reverse("returns:village", args=[of(round, OURS).pk])).status_code == 403


def test_lists_turn_pages_and_ask_no_more_for_more_people(world: tuple[Cast, SurveyRound]) -> None:
    cast, round = world
    found = of(round, OURS)
    client, address = signed_in(cast[f"clerk:{OURS}"]), reverse("returns:village", args=[found.pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    asked()
    few = asked()
    made = person(cast, OURS, 7)
    for number in range(40):
        LabourPerson.objects.create(
            village=made.village, name=f"林{number}", sex="1", birth_month=made.birth_month, created_at=clock.now()
        ).statuses.create(status="employed", since=NOVEMBER, source="officer", recorded_at=clock.now())
    assert asked() == few <= 20
    assert len(client.get(address).context["rows"]) == 25
    bureau = signed_in(cast["bureau"])
    bureau.get(reverse("returns:returns"))
    with CaptureQueriesContext(connection) as queries:
        bureau.get(reverse("returns:returns"))
    assert len(queries) <= 12


def test_the_picture_draws_what_its_tables_say(world: tuple[Cast, SurveyRound]) -> None:
    cast, _round = world
    zone = signed_in(cast["auditor"]).get(reverse("returns:picture"))
    page = zone.content.decode()
    assert page.count("<svg") >= 6 and zone.context["shown"].stock.total == 5
    assert not any(word in page for word in ("<style", "style=", "<script>", "onload"))
    assert f"?area={area_of(TOWN).pk}" in page
    clerk = signed_in(cast[f"clerk:{OURS}"])
    assert clerk.get(reverse("returns:picture")).context["shown"].stock.total == 3
    assert clerk.get(reverse("returns:picture"), {"area": area_of(THEIRS).pk}).status_code == 403
    assert clerk.get(reverse("returns:picture"), {"area": "9" * 40}).status_code in (200, 403)
