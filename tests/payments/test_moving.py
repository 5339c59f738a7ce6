"""Another fund for what is still to be paid, and a sealed batch taken back before it was sent: the money follows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from documents.standing import WITHDRAWN
from funds.ledger import Movement, prove, statement_of
from funds.models import FundSource, Voucher
from payments import batches, queries
from payments.models import BatchState, Outcome
from payments.moving import move_claims
from tests.payments import made
from tests.payments.made import FORMAT, Office, code_of, drafted, line_ids, payable, sealed, sent, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> FundSource:
    return made.fund(amount_fen=3_000_00, allocation_no="泉财指〔2025〕9号")


def test_what_is_payable_moves_to_another_fund_with_a_reason(
    office: Office, source: FundSource, other: FundSource
) -> None:
    claim, kept = payable(source, heads=2), payable(source, heads=1)
    move = {"claim_ids": [claim.pk], "to_fund_id": other.pk, "by": office.maker}
    assert code_of(lambda: move_claims(**move, reason=" ")) == "reason_missing"
    [claim] = move_claims(**move, reason="原指标不足")
    assert (claim.fund_id, kept.fund_id) == (other.pk, source.pk)
    source.refresh_from_db()
    other.refresh_from_db()
    assert (source.reserved_fen, source.payable_fen) == (1_000_00, 1_000_00)
    assert (other.reserved_fen, other.payable_fen, other.left_fen) == (2_000_00, 2_000_00, 1_000_00)
    assert set(Voucher.objects.filter(movement=Movement.MOVED).values_list("reason", flat=True)) == {"原指标不足"}
    assert verbs(claim.chain) == ["move_fund"]
    assert queries.payable_lines(fund_id=other.pk, channel="public").count() == 2
    batch = batches.open_batch(fund_id=other.pk, channel="public", by=office.bureau)
    batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=office.maker)
    assert code_of(lambda: move_claims(**move | {"to_fund_id": source.pk}, reason="x")) == "line_in_batch"
    assert statement_of(line_id=line_ids(claim)[0])
    assert not prove()


def test_what_moving_refuses(office: Office, source: FundSource, other: FundSource) -> None:
    claim, big = payable(source), payable(source, heads=4)
    move = {"claim_ids": [claim.pk], "to_fund_id": other.pk, "reason": "指标调整", "by": office.maker}
    for change, code in (
        ({"by": office.checker}, "move_not_yours"),
        ({"claim_ids": []}, "nothing_selected"),
        ({"claim_ids": [987654]}, "line_unknown"),
        ({"to_fund_id": 987654}, "fund_unknown"),
        ({"to_fund_id": source.pk}, "same_fund"),
        ({"claim_ids": [claim.pk, big.pk]}, "fund_short"),
        ({"reason": "账号 6228480012345678"}, "words_with_number"),
        ({"by": made.posted(claim.created_by, Role.FINANCE_MAKER)}, "batch_pays_you"),
    ):
        assert code_of(lambda change=change: move_claims(**move | change)) == code
    batch = sent(office, source, claim)
    batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker)
    assert code_of(lambda: move_claims(**move)) == "line_not_payable"
    assert not Voucher.objects.filter(movement=Movement.MOVED).exists()


def test_a_sealed_batch_is_taken_back_with_its_paper_and_its_money(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = sealed(office, source, claim)
    source.refresh_from_db()
    assert (source.payable_fen, source.batched_fen) == (0, 2_000_00)
    batch = batches.cancel_batch(batch_id=batch.pk, by=office.approver, reason="收款人来函更正")
    source.refresh_from_db()
    assert (source.payable_fen, source.batched_fen) == (2_000_00, 0)
    assert (batch.state, batch.count, batch.total_fen, len(batch.sha256)) == (BatchState.CANCELLED, 2, 2_000_00, 64)
    assert set(batch.transfers.values_list("outcome", flat=True)) == {Outcome.WITHDRAWN}
    assert set(batch.items.values_list("outcome", "live")) == {(Outcome.WITHDRAWN, False)}
    assert batch.paper is not None
    assert batch.paper.standing.code == WITHDRAWN
    page = queries.batch_page(batch_id=batch.pk, by=office.auditor)
    assert [row.outcome for row in page.rows] == [Outcome.WITHDRAWN]
    send = {"batch_id": batch.pk, "by": office.maker, "format_code": FORMAT}
    assert code_of(lambda: batches.send_batch(**send)) == "batch_moved_on"
    again = sent(office, source, claim)
    batches.mark_items(batch_id=again.pk, all_pending=True, outcome="settled", by=office.maker)
    source.refresh_from_db()
    assert (source.paid_fen, source.batched_fen, source.payable_fen) == (2_000_00, 0, 0)
    assert verbs(claim.chain) == ["batched", "unbatched", "batched", "paid"]
    assert not prove()


def test_commands_ask_a_fixed_number_of_questions(office: Office) -> None:
    """Each command over 3 and over 30 claims: not one query more, but for the ledger's and the bank's by the thousand."""
    counts = []
    for many in (3, 30):
        source = made.fund(allocation_no=f"泉财指〔2025〕1{many}号")
        claims = [payable(source, heads=1) for _claim in range(many)]
        other = made.fund(allocation_no=f"泉财指〔2025〕2{many}号")
        move_claims(claim_ids=[claims[0].pk], to_fund_id=other.pk, reason="先试一件", by=office.maker)
        batch = drafted(office, source, *claims[1:])
        counts.append(
            [
                queries_of(lambda batch=batch: batches.check_batch(batch_id=batch.pk, by=office.checker)),
                queries_of(lambda batch=batch: batches.release_batch(batch_id=batch.pk, by=office.approver)),
                queries_of(lambda batch=batch: made.send(office, batch)),
                queries_of(
                    lambda batch=batch: batches.mark_items(
                        batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker
                    )
                ),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 60


def queries_of(work: object) -> int:
    with CaptureQueriesContext(connection) as asked:
        work()  # type: ignore[operator]
    return len(asked)
