"""The desk's page of one claim: what it shows to whom, at what cost, and what it refuses."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Area
from policy.rules import DEDUCTION_REASONS
from portals.desk.sheet import sheet
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, evidence, review_of, signed_in, title_claim, worker
from workflows.claims import ClaimLine
from workflows.reviews import Decision
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
REASON = next(iter(DEDUCTION_REASONS))
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


def test_another_villages_claim_is_refused(cast: Cast, villages: list[Area]) -> None:
    theirs = claim_at(cast, ClaimState.VILLAGE, villages=villages[1:])
    client = clerk(cast, villages[0])
    assert client.get(reverse("desk:claim", args=[theirs.pk])).status_code == 403
    review = review_of(theirs, villages[1])
    answer = client.post(reverse("desk:decide", args=[review.pk]), {"verb": "pass"})
    assert answer.status_code == 403
    review.refresh_from_db()
    assert review.is_open


def test_a_village_sees_its_own_people_only(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.VILLAGE, villages=villages, heads=4)
    shown = clerk(cast, villages[0]).get(reverse("desk:claim", args=[claim.pk])).context["sheet"]
    own = set(ClaimLine.objects.filter(claim=claim, verify_area=villages[0]).values_list("pk", flat=True))
    assert {row.view.line.pk for row in shown.rows} == own
    assert len(own) == 2


def test_no_document_number_leaves_the_page_unmasked(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=3)
    shown = page(signed_in(cast["bureau"]), "desk:claim", claim.pk)
    for line in claim.lines.select_related("worker"):
        assert line.worker.id_number not in shown
        assert line.worker.name in shown


def test_the_amount_is_explained_with_rate_heads_and_article(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=3, risky=1)
    shown = page(signed_in(cast["bureau"]), "desk:claim", claim.pk)
    for words in ("1,000.00", "× 3人", "3,000.00", "一（六）", "C06", "入职前6个月内曾在区内参保", "系统默认（A8）"):
        assert words in shown


@pytest.mark.parametrize("role", ["bureau", "section", "auditor"])
def test_a_claim_page_takes_few_queries_however_many_people(cast: Cast, villages: list[Area], role: str) -> None:
    counts = []
    for heads in (10, 200):
        claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=heads, risky=heads // 2)
        client = signed_in(cast[role])
        with CaptureQueriesContext(connection) as of_sheet:
            sheet(claim_id=claim.pk, by=cast[role], line_page=1, only="", words={})
        assert len(of_sheet) <= MOST_QUERIES, "\n".join(query["sql"] for query in of_sheet)
        with CaptureQueriesContext(connection) as of_page:
            page(client, "desk:claim", claim.pk)
        counts.append(len(of_page))
    assert counts[0] == counts[1]


def test_what_was_said_on_one_page_is_carried_to_the_next(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages, heads=60)
    client = signed_in(cast["bureau"])
    first = claim.lines.get(seq=1)
    said = {f"line-{first.pk}": "deduct", f"reason-{first.pk}": REASON, f"note-{first.pk}": "已离职", "line_page": "2"}
    turned = client.post(reverse("desk:claim", args=[claim.pk]), said)
    assert turned.context["page"].lines.number == 2
    fields = dict(
        re.findall(r'<input type="hidden" name="([a-z]+-[0-9a-f-]{36})" value="([^"]*)"', turned.content.decode())
    )
    assert fields == {key: value for key, value in said.items() if key != "line_page"}
    assert Decision.objects.count() == 0
    review = review_of(claim)
    client.post(reverse("desk:decide", args=[review.pk]), {"verb": "pass", "opinion": "同意", **fields})
    assert Decision.objects.get(line=first).reason_code == REASON


def test_hostile_ids_and_words_are_refused_in_words(cast: Cast, villages: list[Area]) -> None:
    claim = claim_at(cast, ClaimState.BUREAU, villages=villages)
    client, review = signed_in(cast["bureau"]), review_of(claim)
    for pk in (0, 999_999, 2**63, 10**30):
        assert client.get(f"{reverse('desk:inbox')}claims/{pk}/").status_code in {403, 404}
        assert client.post(f"{reverse('desk:inbox')}reviews/{pk}/decide/", {"verb": "pass"}).status_code in {404, 422}
        assert client.post(f"{reverse('desk:inbox')}publicity/{pk}/end/").status_code in {404, 422}
    for path in ("claims/-1/", "claims/x/", "claims/%00/", "lines/1/keep/"):
        assert client.get(reverse("desk:inbox") + path).status_code == 404
    for data in (
        {"verb": "burn"},
        {},
        {"verb": "pass", "line-nonsense": "deduct"},
        {"verb": "pass", f"line-{worker().pk}": "deduct", "reason-x": "y"},
        {"verb": "pass", f"line-{claim.lines.first().pk}": "approve"},
        {"verb": "pass", f"line-{claim.lines.first().pk}": "deduct", f"reason-{claim.lines.first().pk}": "x' OR 1=1"},
    ):
        assert client.post(reverse("desk:decide", args=[review.pk]), data).status_code == 422, data
    review.refresh_from_db()
    assert review.is_open
    bulk = client.post(reverse("desk:bulk"), {"review": ["x", "-1", "9" * 40, "٣"], "verb": "pass"})
    assert bulk.status_code == 200
    assert bulk.context["answers"] == []


def test_an_ambassadors_claim_shows_its_count_and_tier_instead_of_people(cast: Cast) -> None:
    claim = title_claim(cast, ClaimState.VILLAGE, heads=23, tier="silver")
    village = claim.employer.area
    shown = page(clerk(cast, village), "desk:claim", claim.pk)
    for words in ("共统计23人", "银牌", "不另列名单"):
        assert words in shown
    clerk(cast, village).post(reverse("desk:decide", args=[review_of(claim, village).pk]), {"verb": "pass"})
    head = page(signed_in(cast[f"head:{village.code}"]), "desk:claim", claim.pk)
    assert re.search(r'<button[^>]*name="verb" value="return_for_correction"', head)


def test_evidence_stands_beside_its_person_pictures_in_the_page_and_documents_as_links(
    cast: Cast, villages: list[Area]
) -> None:
    claim = claim_at(cast, ClaimState.VILLAGE, villages=villages, heads=2)
    first, second = claim.lines.all()
    picture, document = evidence(claim, first), evidence(claim, first, "application/pdf")
    foreign, general = evidence(claim, second), evidence(claim)
    shown = page(clerk(cast, villages[0]), "desk:claim", claim.pk)
    address = {item: reverse("shared:evidence", args=[item.pk]) for item in (picture, document, foreign, general)}
    assert f'href="#ev-{first.pk}"' in shown
    assert shown.count(f'id="ev-{first.pk}"') == 1
    assert f'<img src="{address[picture]}"' in shown
    assert f'<img src="{address[document]}"' not in shown
    assert f'href="{address[document]}"' in shown
    assert f'href="{address[general]}"' in shown
    assert address[foreign] not in shown
