"""Marking what the bank did: paid, returned, answered once; a returned line goes into a new batch."""

import pytest

from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from funds.models import FundSource
from payments import batches, queries
from payments.models import Batch, BatchState, Outcome, PaymentItem, Transfer
from tests.payments import made
from tests.payments.answered import mended
from tests.payments.made import Office, code_of, drafted, line_ids, payable, sent, verbs
from workflows.queries import with_amounts
from workflows.states import PaymentState

WRONG = {"outcome": "returned", "reason_code": "account_wrong"}
pytestmark = pytest.mark.django_db


def ids(batch: Batch) -> list[int]:
    return list(batch.transfers.order_by("pk").values_list("pk", flat=True))


def payment_state(claim_id: int) -> str:
    from workflows.claims import Claim

    return with_amounts(Claim.objects.filter(pk=claim_id)).get().payment_state


def test_a_returned_transfer_is_paid_by_a_new_batch_that_names_it(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=3), payable(source, heads=1)
    batch = sent(office, source, claim, other)
    bad, good = ids(batch)
    batches.mark_items(batch_id=batch.pk, transfer_ids=[good], outcome="settled", by=office.maker)
    assert payment_state(other.pk) == PaymentState.PAID
    batch = batches.mark_items(batch_id=batch.pk, transfer_ids=[bad], by=office.maker, **WRONG)
    assert batch.state == BatchState.CLOSED
    assert (batch.count, batch.total_fen) == (4, 4_000_00)
    waiting = queries.payable_lines(fund_id=source.pk, channel="public")
    assert not waiting.exists()
    mended(office, Transfer.objects.get(pk=bad))
    assert [line.pk for line in waiting] == line_ids(claim)
    assert queries.payable_claims(fund_id=source.pk, channel="public").get().was_returned
    second = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    batches.draft_batch(batch_id=second.pk, claim_ids=[claim.pk], by=office.maker2)
    batches.check_batch(batch_id=second.pk, by=office.checker)
    second = batches.release_batch(batch_id=second.pk, by=office.approver)
    assert (second.count, second.total_fen) == (3, 3_000_00)
    assert second.transfers.get().reissue_of_id == bad
    made.send(office, second)
    batches.mark_items(batch_id=second.pk, all_pending=True, outcome="settled", by=office.maker)
    assert payment_state(claim.pk) == PaymentState.PAID
    assert PaymentItem.objects.filter(line__claim=claim, live=True, outcome=Outcome.SETTLED).count() == 3
    assert verbs(claim.chain) == [
        "batched", "returned", "account_change_asked", "account_changed", "batched", "paid",
    ]  # fmt: skip


def test_the_same_answer_again_says_so_and_changes_nothing(office: Office, source: FundSource) -> None:
    batch = sent(office, source, payable(source), payable(source))
    first, *_rest = ids(batch)
    mark = {"batch_id": batch.pk, "transfer_ids": [first], "by": office.maker}
    batches.mark_items(**mark, outcome="settled")
    events = Event.objects.count()
    for _click in range(5):
        with pytest.raises(WrongState, match="未作改动") as refused:
            batches.mark_items(**mark, outcome="settled")
        assert refused.value.code == "already_marked"
    assert Event.objects.count() == events


def test_the_other_answer_is_refused_for_all_that_was_chosen(office: Office, source: FundSource) -> None:
    batch = sent(office, source, payable(source), payable(source))
    first, second = ids(batch)
    batches.mark_items(batch_id=batch.pk, transfer_ids=[first], outcome="settled", by=office.maker)
    with pytest.raises(WrongState, match="已支付") as refused:
        batches.mark_items(batch_id=batch.pk, transfer_ids=[first, second], by=office.maker, **WRONG)
    assert refused.value.code == "marked_otherwise"
    assert Transfer.objects.get(pk=second).outcome == Outcome.PENDING
    assert set(PaymentItem.objects.filter(transfer=second).values_list("outcome", flat=True)) == {Outcome.PENDING}


def test_a_closed_batch_answers_by_its_items(office: Office, source: FundSource) -> None:
    batch = sent(office, source, payable(source))
    mark = {"batch_id": batch.pk, "by": office.maker}
    batches.mark_items(**mark, all_pending=True, outcome="settled")
    assert code_of(lambda: batches.mark_items(**mark, transfer_ids=ids(batch), outcome="settled")) == "already_marked"
    assert code_of(lambda: batches.mark_items(**mark, all_pending=True, outcome="settled")) == "already_marked"
    other = {"transfer_ids": ids(batch)} | WRONG
    assert code_of(lambda: batches.mark_items(**mark, **other)) == "marked_otherwise"
    assert code_of(lambda: batches.mark_items(**mark, outcome="settled")) == "nothing_selected"
    assert verbs(batch.chain).count("answer_batch") == 1


def test_what_marking_refuses(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    paid = {"batch_id": batch.pk, "claim_ids": [claim.pk], "outcome": "settled"}
    assert code_of(lambda: batches.mark_items(**paid, by=office.maker)) == "batch_not_sealed"
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    assert code_of(lambda: batches.mark_items(**paid, by=office.maker)) == "batch_not_sent"
    made.send(office, batch)
    foreign = {"claim_ids": [], "transfer_ids": ids(sent(office, source, payable(source)))}
    with pytest.raises(NotAllowed):
        batches.mark_items(**paid, by=office.bureau)
    assert code_of(lambda: batches.mark_items(**paid | {"outcome": "pending"}, by=office.maker)) == "outcome_unknown"
    assert code_of(lambda: batches.mark_items(**paid | {"outcome": "returned"}, by=office.maker)) == "reason_missing"
    assert code_of(lambda: batches.mark_items(**paid | foreign, by=office.maker)) == "transfer_unknown"
    numbered = WRONG | {"reason": "账号 6228480012345678 有误"}
    assert code_of(lambda: batches.mark_items(**paid | numbered, by=office.maker)) == "words_with_number"
    assert set(PaymentItem.objects.values_list("outcome", flat=True)) == {Outcome.PENDING}


def test_items_of_an_earlier_round_are_no_part_of_the_sealed_batch(office: Office, source: FundSource) -> None:
    dropped, kept = payable(source), payable(source)
    batch = drafted(office, source, dropped, kept)
    batches.return_batch(batch_id=batch.pk, by=office.checker, reason="先不付第一家")
    batches.draft_batch(batch_id=batch.pk, claim_ids=[kept.pk], by=office.maker)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    batch = made.send(office, batch)
    assert (batch.count, batch.transfers.count()) == (2, 1)
    with pytest.raises(Refusal) as refused:
        batches.mark_items(batch_id=batch.pk, outcome="settled", by=office.maker, claim_ids=[dropped.pk])
    assert refused.value.code == "transfer_unknown"
    assert batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker).state == "closed"
