"""The desk's lists and doors: who owes what, who sees what, who stands outside."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Area
from core import clock
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, review_of, signed_in
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def villages() -> list[Area]:
    return [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]


def clerk(cast: Cast, village: Area) -> Client:
    return signed_in(cast[f"clerk:{village.code}"])


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.content.decode()[:300]
    return response.content.decode()


def test_the_inbox_shows_only_what_the_own_area_owes(cast: Cast, villages: list[Area]) -> None:
    mine = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    theirs = claim_at(cast, ClaimState.VILLAGE, villages=villages[1:])
    shown = page(clerk(cast, villages[0]), "desk:inbox")
    assert mine.number in shown
    assert theirs.number not in shown
    assert theirs.number not in page(signed_in(cast["bureau"]), "desk:inbox")


def test_the_most_urgent_comes_first_and_says_how_late_it_is(cast: Cast, villages: list[Area]) -> None:
    today = clock.today()  # Monday 2025-11-24
    late = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], on=today - timedelta(days=12))
    due = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], on=today - timedelta(days=7))
    fresh = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    shown = page(clerk(cast, villages[0]), "desk:inbox")
    assert [shown.index(c.number) for c in (late, due, fresh)] == sorted(
        shown.index(c.number) for c in (late, due, fresh)
    )
    assert "已逾期3个工作日" in shown
    assert "今日到期" in shown
    assert "还剩5个工作日" in shown


def test_tiles_count_what_their_filters_show(cast: Cast, villages: list[Area]) -> None:
    today = clock.today()
    for days, risky in ((12, 1), (12, 0), (7, 0), (0, 2), (0, 0)):
        claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], risky=risky, on=today - timedelta(days=days))
    client = clerk(cast, villages[0])
    tray = client.get(reverse("desk:inbox")).context["tray"]
    assert {tile.name: tile.count for tile in tray.tiles} == {"全部": 5, "今日到期": 1, "已逾期": 2, "有风险": 2}
    for tile in tray.tiles:
        shown = client.get(f"{reverse('desk:inbox')}?{tile.query}").context["tray"]
        assert len(shown.rows) == tile.count
    both = client.get(reverse("desk:inbox"), {"due": "overdue", "kind": "individual"}).context["tray"]
    assert both.rows == []


def test_a_page_holds_25_and_takes_the_same_queries_for_one_as_for_thirty(cast: Cast, villages: list[Area]) -> None:
    client = clerk(cast, villages[0])
    claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], heads=1)
    page(client, "desk:inbox")  # the first page of a minute also renews the session
    with CaptureQueriesContext(connection) as one:
        page(client, "desk:inbox")
    for _ in range(29):
        claim_at(cast, ClaimState.VILLAGE, villages=villages[:1], heads=1)
    with CaptureQueriesContext(connection) as thirty:
        shown = page(client, "desk:inbox")
    assert shown.count('name="review"') == 25
    assert len(thirty) == len(one) <= MOST_QUERIES
    assert page(client, "desk:inbox", page="2").count('name="review"') == 5
    assert page(client, "desk:inbox", page="99999999999999999999").count('name="review"') == 25


def test_the_auditor_sees_all_and_can_do_nothing(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages)
    client = signed_in(cast["auditor"])
    assert claim.number in page(client, "desk:claims", q=claim.number)
    shown = page(client, "desk:claim", claim.pk)
    assert 'name="verb"' not in shown
    assert client.post(reverse("desk:decide", args=[review_of(claim).pk]), {"verb": "pass"}).status_code == 403
    assert client.post(reverse("desk:publish"), {"claim": claim.pk}).status_code == 403


@pytest.mark.parametrize("who", ["agency", "platform", "person", "hr", "sysadmin", "security"])
@pytest.mark.parametrize("name", ["desk:inbox", "desk:done", "desk:claims", "desk:publicity"])
def test_claimants_and_administrators_stand_outside(cast: Cast, who: str, name: str) -> None:
    assert signed_in(cast[who]).get(reverse(name)).status_code == 403


def test_nobody_enters_without_signing_in(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages)
    for name, args in (("desk:inbox", []), ("desk:claims", []), ("desk:claim", [claim.pk])):
        assert Client().get(reverse(name, args=args)).status_code == 302


def test_the_search_finds_by_number_claimant_and_employer_and_never_shows_more_than_allowed(
    cast: Cast, villages: list[Area]
) -> None:
    mine = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    theirs = claim_at(cast, ClaimState.VILLAGE, villages=villages[1:])
    client = clerk(cast, villages[0])
    for q in (mine.number, mine.claimant_name, mine.lines.first().employer_name, ""):
        shown = page(client, "desk:claims", q=q)
        assert mine.number in shown
        assert theirs.number not in shown
    assert mine.number not in page(client, "desk:claims", q="没有这样的名称")
    assert mine.number not in page(client, "desk:claims", state="payable")


def test_what_was_decided_stands_under_done(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.VILLAGE, villages=villages[:1])
    client = clerk(cast, villages[0])
    assert claim.number not in page(client, "desk:done")
    client.post(reverse("desk:decide", args=[review_of(claim, villages[0]).pk]), {"verb": "pass", "opinion": "属实"})
    assert claim.number in page(client, "desk:done")
