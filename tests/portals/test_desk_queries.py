"""What the inbox and a claim page cost: at most fifteen queries a request, with ten claims as with a thousand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from funds.models import FundSource
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at, copies, decided, signed_in, worker
from workflows.reviews import Correction
from workflows.states import ClaimState, ReviewOutcome

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
MARKS = ("SAVEPOINT", "RELEASE SAVEPOINT")  # of the transaction around the session's write


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def villages() -> list[Area]:
    return [Area.objects.get(code=code) for code in ("350521104201", "350521105001")]


def cost(by: Actor, name: str, *args: int) -> list[str]:
    """Every statement of one request: session, user, posts and the page."""
    client = signed_in(by)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return [query["sql"] for query in asked]


@pytest.mark.parametrize(
    ("who", "stop"),
    [
        ("clerk:350521104201", ClaimState.VILLAGE),
        ("bureau", ClaimState.BUREAU),
        ("section", ClaimState.SECTION),
        ("leader", ClaimState.LEADER),
        ("auditor", ClaimState.BUREAU),
    ],
)
def test_ten_claims_cost_what_a_thousand_cost(cast: Cast, villages: list[Area], who: str, stop: ClaimState) -> None:
    claim = claim_at(cast, stop, villages=villages, heads=10, risky=5)
    counts = []
    for more in (9, 990):
        copies(claim, more)
        inbox, page = cost(cast[who], "desk:inbox"), cost(cast[who], "desk:claim", claim.pk)
        assert len(inbox) <= MOST_QUERIES, "\n".join(inbox)
        assert len(page) <= MOST_QUERIES, "\n".join(page)
        counts.append((len(inbox), len(page)))
    assert counts[0] == counts[1]


def test_a_claim_with_everything_keeps_the_bound_too(cast: Cast, villages: list[Area]) -> None:
    """Returned once, published before, contested, with a fund to choose: each asks one query more, and no other."""
    people = [worker() for _ in range(3)]
    claim = claim_at(cast, ClaimState.LEADER, villages=villages, people=people)
    claim_at(cast, ClaimState.BUREAU, villages=villages, people=people[:1], held=True, by=cast["agency2"])
    for step, outcome in (("bureau_review", ReviewOutcome.RETURNED), ("publish", ReviewOutcome.PASSED)):
        decided(claim, cast["bureau"], step, outcome)
    Correction.objects.create(
        claim=claim, level="bureau", note="请补合同", opened_at=clock.now(), due_on=clock.today() + timedelta(days=9)
    )
    FundSource.objects.create(
        name="区级资金",
        allocation_no="乙2号",
        amount_fen=9,
        year=2025,
        functional_code="2080701",
        economic_code="30399",
    )
    asked = [sql for sql in cost(cast["leader"], "desk:claim", claim.pk) if not sql.startswith(MARKS)]
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)
    shown = signed_in(cast["leader"]).get(reverse("desk:claim", args=[claim.pk])).content.decode()
    assert "同一人员被重复申报" in shown
    assert "请补合同" in shown
    assert "乙2号" in shown
