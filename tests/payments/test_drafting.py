"""Putting lines into a batch: what may go in, what is refused by name, one live item a line."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.errors import Refusal, WrongState
from funds.models import FundSource
from payments import batches, queries
from payments.models import Outcome, PaymentItem
from tests.payments import faults, made
from tests.payments.made import Office, code_of, drafted, line_ids, opened, payable, verbs
from workflows.claims import Claim
from workflows.reviews import AssessmentRecord

pytestmark = pytest.mark.django_db


def test_whole_claims_can_be_chosen(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=4), payable(source, heads=1)
    batch = opened(office, source)
    batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], line_ids=line_ids(other), by=office.maker)
    assert set(batch.items.values_list("line", flat=True)) == set(line_ids(claim, other))


FAULTS = {
    "fund_differs": faults.other_fund,
    "holder_differs": faults.private,
    "account_missing": faults.no_account,
    "amount_differs": faults.dearer,
    "claim_held": faults.still_public,
    "budget_exceeded": faults.never_promised,
}


def test_what_was_never_published_is_not_paid(office: Office, source: FundSource) -> None:
    batch, claim = opened(office, source), payable(source, published=False)
    draft = {"batch_id": batch.pk, "claim_ids": [claim.pk], "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "claim_held"


@pytest.mark.parametrize("code", FAULTS)
def test_what_drafting_refuses(office: Office, source: FundSource, code: str) -> None:
    sound, broken = payable(source), payable(source)
    batch = opened(office, source)
    FAULTS[code](broken)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(sound, broken), "by": office.maker}
    with pytest.raises(Refusal) as refused:
        batches.draft_batch(**draft)
    assert refused.value.code == code
    assert code == "budget_exceeded" or broken.number in refused.value.message
    assert not PaymentItem.objects.exists()
    assert verbs(batch.chain) == ["open_batch"]


def test_another_name_on_the_account_is_refused_with_both_names(office: Office, source: FundSource) -> None:
    claim = payable(source)
    faults.renamed(claim)
    batch = opened(office, source)
    with pytest.raises(Refusal, match="另一家公司") as refused:
        batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim), by=office.maker)
    assert (refused.value.code, claim.claimant_name in refused.value.message) == ("holder_differs", True)


@pytest.mark.parametrize("fault", [faults.annulled, faults.worthless, faults.not_approved])
def test_only_payable_lines(office: Office, source: FundSource, fault: Callable[[Claim], None]) -> None:
    claim = payable(source)
    batch = opened(office, source)
    fault(claim)
    by_line = {"batch_id": batch.pk, "line_ids": line_ids(claim), "by": office.maker}
    by_claim = {"batch_id": batch.pk, "claim_ids": [claim.pk], "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**by_line)) == "line_not_payable"
    assert code_of(lambda: batches.draft_batch(**by_claim)) == "line_not_payable"
    assert not queries.payable_lines(fund_id=source.pk, channel="public").exists()


def test_organisations_and_persons_never_share_a_batch(office: Office, source: FundSource) -> None:
    person, agency = payable(source, made.user("张海燕")), payable(source)
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(person, agency), "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "channel_differs"
    private = opened(office, source, channel="private")
    batches.draft_batch(batch_id=private.pk, line_ids=line_ids(person), by=office.maker)
    assert private.items.count() == 2


def test_nothing_unknown_and_too_much(office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = payable(source)
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "nothing_selected"
    assert code_of(lambda: batches.draft_batch(**draft, claim_ids=[987])) == "line_unknown"
    assert code_of(lambda: batches.draft_batch(**draft, line_ids=[uuid4()])) == "line_unknown"
    assert code_of(lambda: batches.draft_batch(batch_id=987, by=office.maker)) == "batch_unknown"
    monkeypatch.setattr(batches, "LARGEST_BATCH", 1)
    assert code_of(lambda: batches.draft_batch(**draft, claim_ids=[claim.pk])) == "batch_too_large"


def test_a_line_stands_in_one_batch_and_the_loser_hears_which(office: Office, source: FundSource) -> None:
    claim = payable(source)
    first = drafted(office, source, claim)
    second = opened(office, source)
    for chosen in ({"line_ids": line_ids(claim)}, {"claim_ids": [claim.pk]}):
        with pytest.raises(WrongState, match=first.number) as refused:
            batches.draft_batch(batch_id=second.pk, by=office.maker2, **chosen)
        assert refused.value.code == "line_in_batch"
    assert PaymentItem.objects.count() == 2
    assert not queries.payable_claims(fund_id=source.pk, channel="public").exists()


def test_the_database_keeps_a_line_in_one_live_item(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch, second = drafted(office, source, claim), opened(office, source)
    today = clock.today()
    again = [
        PaymentItem(batch=second, claim=claim, line_id=pk, account=claim.account, amount_fen=1_000_00, entered_on=today)
        for pk in line_ids(claim)
    ]
    with pytest.raises(WrongState, match=batch.number) as refused:
        batches._put(again)
    assert refused.value.code == "line_in_batch"
    assert PaymentItem.objects.count() == 2


def test_the_approved_sum_is_the_last_approval(office: Office, source: FundSource) -> None:
    claim = payable(source)
    AssessmentRecord.objects.create(claim=claim, stage="approved", result={}, total_fen=1, at=clock.now())
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "line_ids": line_ids(claim), "by": office.maker}
    assert code_of(lambda: batches.draft_batch(**draft)) == "amount_differs"


def test_publicity_must_be_over_the_day_before(office: Office, source: FundSource) -> None:
    claim = payable(source, closes_on=clock.today() - timedelta(days=1))
    assert drafted(office, source, claim).items.filter(outcome=Outcome.PENDING).count() == 2
