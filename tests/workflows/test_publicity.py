"""公示: five working days that the opening day does not count in, then the leader; and what silence does."""

from datetime import date

import pytest

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.models import CalendarYear
from documents.models import Paper
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast
from project.demo.walking import hang, open_of
from tests.workflows.made import at, review_at
from workflows.claims import Claim
from workflows.deadlines import recompute, run_due
from workflows.issuing import issue_missing
from workflows.publicity import end_publicity, publish, waiting_for_publicity
from workflows.reviews import Decision, Review
from workflows.states import ClaimState, ReviewOutcome, Step, Verb

pytestmark = pytest.mark.usefixtures("fund")


@pytest.fixture
def claim(cast: Cast, fund: FundSource) -> Claim:
    return at(cast, filed(cast, "individual", 2, seed=5), ClaimState.PUBLICITY)


def test_the_period_is_five_working_days_and_nothing_goes_before(cast: Cast, claim: Claim) -> None:
    assert list(waiting_for_publicity(cast["bureau"])) == [claim]
    notice = publish(claim_ids=[claim.pk], by=cast["bureau"])
    assert (notice.number, notice.opens_on, notice.closes_on) == ("GS-2025-01", date(2025, 11, 24), date(2025, 12, 1))
    hang(cast, notice)
    with pytest.raises(WrongState, match="2025年12月1日24时"):
        end_publicity(claim_id=claim.pk, by=cast["bureau"])
    with clock.travel(date(2025, 12, 1)), pytest.raises(WrongState):
        end_publicity(claim_id=claim.pk, by=cast["bureau"])
    with clock.travel(date(2025, 12, 2)):
        assert end_publicity(claim_id=claim.pk, by=cast["bureau"]).state == ClaimState.LEADER


def test_publishing_twice_or_by_others_is_refused(cast: Cast, claim: Claim) -> None:
    with pytest.raises(NotAllowed):
        publish(claim_ids=[claim.pk], by=cast["section"])
    publish(claim_ids=[claim.pk], by=cast["bureau"])
    with pytest.raises(WrongState) as caught:
        publish(claim_ids=[claim.pk], by=cast["bureau"])
    assert caught.value.code == "already_published"
    with pytest.raises(Refusal) as caught:
        publish(claim_ids=[], by=cast["bureau"])
    assert caught.value.code == "nothing_to_publish"


def test_all_or_nothing(cast: Cast, claim: Claim) -> None:
    other = filed(cast, "individual", 1, seed=50)
    with pytest.raises(WrongState):
        publish(claim_ids=[claim.pk, other.pk], by=cast["bureau"])
    assert Review.objects.get(claim=claim, step=Step.PUBLISH).is_open


def test_the_end_comes_by_itself_also_after_a_night_off_and_once(cast: Cast, claim: Claim) -> None:
    hang(cast, publish(claim_ids=[claim.pk], by=cast["bureau"]))
    assert run_due()["publicity_ended"] == 0
    with clock.travel(date(2025, 12, 9)):
        assert run_due()["publicity_ended"] == 1
        assert run_due()["publicity_ended"] == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.LEADER


def test_silence_is_acceptance_that_passes_nothing(cast: Cast) -> None:
    claim = filed(cast, "individual", 2, seed=70)
    assert open_of(claim)[0].due_on == date(2025, 12, 1)
    with clock.travel(date(2025, 12, 1)):
        assert run_due()["deemed_accepted"] == 0
    with clock.travel(date(2025, 12, 2)):
        assert run_due()["deemed_accepted"] == 1
        assert run_due()["deemed_accepted"] == 0
    claim.refresh_from_db()
    assert claim.state == ClaimState.VILLAGE
    assert Review.objects.get(claim=claim, step=Step.ACCEPTANCE).outcome == ReviewOutcome.DEEMED
    assert Decision.objects.get(claim=claim).verb == Verb.DEEM
    assert Decision.objects.get(claim=claim).by is None


def test_provisional_deadlines_move_when_the_year_is_loaded(cast: Cast) -> None:
    with clock.travel(date(2026, 12, 29)):
        claim = filed(cast, "individual", 2, seed=70, hired=date(2025, 12, 1))
        review = review_at(claim, Step.ACCEPTANCE)
        assert (review.due_on, review.due_provisional) == (date(2027, 1, 5), True)
        assert recompute() == 0
        CalendarYear.objects.create(year=2027, holidays=["2027-01-01"], make_up_days=[], source="test")
        assert recompute() == 1
    review.refresh_from_db()
    assert (review.due_on, review.due_provisional) == (date(2027, 1, 6), False)


def test_a_paper_left_out_is_issued_later_and_once(cast: Cast, claim: Claim) -> None:
    """Commit callbacks do not run in this test, as after a crash."""
    publish(claim_ids=[claim.pk], by=cast["bureau"])
    assert not Paper.objects.exists()
    assert issue_missing() == 5  # the sheets of two villages and their township, the notice, its summary
    assert issue_missing() == 0
    assert [paper.number for paper in Paper.objects.filter(kind=Paper.Kind.PUBLICITY)] == ["GS-2025-01"]
    assert Paper.objects.filter(kind=Paper.Kind.SUMMARY).count() == 1
