"""The whole road of each kind, by the commands, in the officers' names."""

import pytest

from core.timeline import breaks
from documents.models import Paper
from documents.papers import pdf_of
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import walk
from workflows.states import ClaimState, LineStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("kind", "heads", "fen"), [("agency", 24, 2_400_000), ("individual", 6, 300_000), ("platform", 12, 600_000)]
)
def test_from_draft_to_payable(
    cast: Cast, fund: FundSource, kind: str, heads: int, fen: int, django_capture_on_commit_callbacks
) -> None:
    claim = filed(cast, kind, heads, seed=100)
    assert claim.state == ClaimState.FILED and claim.number == "YG-2025-" + claim.number[8:]
    with django_capture_on_commit_callbacks(execute=True):
        claim = walk(cast, claim, ClaimState.PAYABLE, fund=fund)
    assert claim.amount_fen == fen
    assert claim.lines.filter(status=LineStatus.LIVE).count() == heads
    fund.refresh_from_db()
    assert fund.reserved_fen == fen
    papers = {paper.kind: paper for paper in Paper.objects.all()}
    checks = {Paper.Kind.VILLAGE_CHECK, Paper.Kind.TOWNSHIP_CHECK}
    assert set(papers) == {Paper.Kind.APPROVAL, Paper.Kind.ROSTER, Paper.Kind.PUBLICITY, Paper.Kind.SUMMARY} | checks
    assert pdf_of(papers[Paper.Kind.APPROVAL]).startswith(b"%PDF")
    assert list(breaks()) == []
