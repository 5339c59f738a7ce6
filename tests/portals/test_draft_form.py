"""The draft of the 审批表 on the desk: who sees it and when, what it says, and that it proves nothing."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import BUREAU
from core.models import NumberSeries
from documents.models import Paper, StoredFile
from documents.papers.verification import examine
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from tests.portals.desk_made import signed_in
from workflows.claims import Claim
from workflows.previews import BEFORE_DECISION
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
VILLAGE = "350521104209"
WATCHERS = ("section", "leader", "bureau", "maker", "auditor", f"clerk:{VILLAGE}")


@pytest.fixture
def cast(settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]


def at_leader(cast: Cast, heads: int = 2, seed: int = 60) -> Claim:
    return walk(cast, filed(cast, "agency", heads, seed=seed, homes=["白奇村"]), ClaimState.LEADER)


def test_the_bureau_sees_it_before_the_decision_and_nobody_else_nor_later(cast: Cast, fund: FundSource) -> None:
    claim = at_leader(cast)
    address, page = reverse("desk:draft", args=[claim.pk]), reverse("desk:claim", args=[claim.pk])
    for state in (ClaimState.TOWNSHIP, *BEFORE_DECISION, ClaimState.REFUSED):
        Claim.objects.filter(pk=claim.pk).update(state=state)
        for who in WATCHERS:
            client = signed_in(cast[who])
            answer, shown = client.get(address), client.get(page)
            may = cast[who].role in BUREAU and state in BEFORE_DECISION
            assert (answer.status_code == 200) == may, (who, state)
            assert (address in shown.content.decode()) == may, (who, state)
    claimant = signed_in(cast["agency"]).get(address)
    assert claimant.status_code == 403


def test_it_is_watermarked_without_number_or_code_and_leaves_nothing_behind(cast: Cast, fund: FundSource) -> None:
    claim = at_leader(cast)
    before = (Paper.objects.count(), StoredFile.objects.count(), NumberSeries.objects.count())
    answer = signed_in(cast["leader"]).get(reverse("desk:draft", args=[claim.pk]))
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "private, no-store"
    data = answer.content
    assert (Paper.objects.count(), StoredFile.objects.count(), NumberSeries.objects.count()) == before
    found = examine(data)
    assert (found.standing, found.paper) == ("draft", None)
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages)
    assert "未编号" in text and "/verify/" not in text and claim.number and claim.number in text
    assert claim.lines.select_related("worker")[0].worker.name in text
    assert all(line.worker.id_number not in text for line in claim.lines.select_related("worker"))


def test_it_takes_as_many_queries_for_six_people_as_for_two(cast: Cast, fund: FundSource) -> None:
    counts = []
    for heads in (2, 6):
        client = signed_in(cast["leader"])
        address = reverse("desk:draft", args=[at_leader(cast, heads, seed=60 + 10 * heads).pk])
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22
