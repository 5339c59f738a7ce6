"""Marking what the bank did: paid, returned, answered once; a returned line goes into a new batch."""

import pytest

from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from funds.models import FundSource
from payments import batches, queries
from payments.models import Batch, BatchState, ItemOutcome, PaymentItem
from tests.payments.made import Office, code_of, drafted, payable, sealed, verbs
from workflows.queries import with_amounts
from workflows.states import PaymentState

pytestmark = pytest.mark.django_db


def ids(batch: Batch) -> list[int]:
    return list(batch.items.order_by("pk").values_list("pk", flat=True))


def payment_state(claim_id: int) -> str:
    from workflows.claims import Claim

    return with_amounts(Claim.objects.filter(pk=claim_id)).get().payment_state


def test_a_returned_line_is_paid_by_a_new_batch(office: Office, source: FundSource) -> None:
    claim = payable(source, heads=3)
    batch = sealed(office, source, claim)
    bad, *good = ids(batch)
    batches.mark_items(batch_id=batch.pk, item_ids=good, outcome="paid", by=office.maker)
    assert payment_state(claim.pk) == PaymentState.PARTLY_PAID
    batch = batches.mark_items(
        batch_id=batch.pk, item_ids=[bad], outcome="returned", reason="账号错误", by=office.maker
    )
    assert batch.state == BatchState.CLOSED
    assert (batch.count, batch.total_fen) == (3, 3_000_00)
    waiting = queries.payable_lines(fund_id=source.pk, channel="public")
    assert [line.pk for line in waiting] == [PaymentItem.objects.get(pk=bad).line_id]
    assert queries.payable_claims(fund_id=source.pk, channel="public").get().was_returned
    second = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    batches.draft_batch(batch_id=second.pk, claim_ids=[claim.pk], by=office.maker2)
    batches.check_batch(batch_id=second.pk, by=office.checker)
    second = batches.release_batch(batch_id=second.pk, by=office.approver)
    assert (second.count, second.total_fen) == (1, 1_000_00)
    batches.mark_items(batch_id=second.pk, all_pending=True, outcome="paid", by=office.maker)
    assert payment_state(claim.pk) == PaymentState.PAID
    assert PaymentItem.objects.filter(line__claim=claim, live=True, outcome=ItemOutcome.PAID).count() == 3
    assert verbs(claim.chain) == ["batched", "paid", "returned", "batched", "paid"]


def test_the_same_answer_again_says_so_and_changes_nothing(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source), payable(source))
    first, *_rest = ids(batch)
    mark = {"batch_id": batch.pk, "item_ids": [first], "by": office.maker}
    batches.mark_items(**mark, outcome="paid")
    events = Event.objects.count()
    for _click in range(5):
        with pytest.raises(WrongState, match="未作改动") as refused:
            batches.mark_items(**mark, outcome="paid")
        assert refused.value.code == "already_marked"
    assert Event.objects.count() == events


def test_the_other_answer_is_refused_for_all_that_was_chosen(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    first, second = ids(batch)
    batches.mark_items(batch_id=batch.pk, item_ids=[first], outcome="paid", by=office.maker)
    with pytest.raises(WrongState, match="已支付") as refused:
        batches.mark_items(
            batch_id=batch.pk, item_ids=[first, second], outcome="returned", reason="销户", by=office.maker
        )
    assert refused.value.code == "marked_otherwise"
    assert PaymentItem.objects.get(pk=second).outcome == ItemOutcome.PENDING


def test_a_closed_batch_answers_by_its_items(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    mark = {"batch_id": batch.pk, "by": office.maker}
    batches.mark_items(**mark, all_pending=True, outcome="paid")
    assert code_of(lambda: batches.mark_items(**mark, item_ids=ids(batch), outcome="paid")) == "already_marked"
    assert code_of(lambda: batches.mark_items(**mark, all_pending=True, outcome="paid")) == "already_marked"
    other = {"item_ids": ids(batch), "outcome": "returned", "reason": "冻结"}
    assert code_of(lambda: batches.mark_items(**mark, **other)) == "marked_otherwise"
    assert code_of(lambda: batches.mark_items(**mark, outcome="paid")) == "nothing_selected"
    assert verbs(batch.chain).count("mark_paid") == 1


def test_what_marking_refuses(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    paid = {"batch_id": batch.pk, "item_ids": ids(batch), "outcome": "paid"}
    assert code_of(lambda: batches.mark_items(**paid, by=office.maker)) == "batch_not_sealed"
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    foreign = sealed(office, source, payable(source))
    with pytest.raises(NotAllowed):
        batches.mark_items(**paid, by=office.bureau)
    assert code_of(lambda: batches.mark_items(**paid | {"outcome": "pending"}, by=office.maker)) == "outcome_unknown"
    assert code_of(lambda: batches.mark_items(**paid | {"outcome": "returned"}, by=office.maker)) == "reason_missing"
    assert code_of(lambda: batches.mark_items(**paid | {"item_ids": ids(foreign)}, by=office.maker)) == "item_unknown"
    numbered = {"outcome": "returned", "reason": "账号 6228480012345678 有误"}
    assert code_of(lambda: batches.mark_items(**paid | numbered, by=office.maker)) == "words_with_number"
    assert set(PaymentItem.objects.values_list("outcome", flat=True)) == {ItemOutcome.PENDING}


def test_items_of_an_earlier_round_are_no_part_of_the_sealed_batch(office: Office, source: FundSource) -> None:
    dropped, kept = payable(source), payable(source)
    batch = drafted(office, source, dropped, kept)
    batches.return_batch(batch_id=batch.pk, by=office.checker, reason="先不付第一家")
    batches.draft_batch(batch_id=batch.pk, claim_ids=[kept.pk], by=office.maker)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batch = batches.release_batch(batch_id=batch.pk, by=office.approver)
    assert batch.count == 2
    old = list(batch.items.filter(claim=dropped).values_list("pk", flat=True))
    for chosen in ({"item_ids": old}, {"claim_ids": [dropped.pk]}):
        with pytest.raises(Refusal) as refused:
            batches.mark_items(batch_id=batch.pk, outcome="paid", by=office.maker, **chosen)
        assert refused.value.code == "item_unknown"
    assert batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="paid", by=office.maker).state == "closed"
