"""Real connections at once, on PostgreSQL: one line one item, one decision one event."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from accounts.acting import Actor
from accounts.roles import Role
from core.errors import Refusal
from core.jobs import run_waiting
from core.models import Event
from core.timeline import breaks
from funds.ledger import prove
from funds.models import Voucher
from payments import batches
from payments.models import Batch, BatchState, PaymentItem
from payments.moving import move_claims
from tests.payments import made
from tests.payments.made import line_ids, payable

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 10


def at_once(*commands: Callable[[], Batch]) -> list[str]:
    """Run the commands each in its own connection, released together; "ok" or the refusal's code of each."""
    barrier = Barrier(len(commands))

    def run(command: Callable[[], Batch]) -> str:
        try:
            barrier.wait(timeout=30)
            command()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def test_two_officers_race_for_one_line() -> None:
    office, source = made.office(), made.fund()
    for turn in range(ROUNDS):
        claim = payable(source, heads=3)
        pair = [
            batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau, note=f"{turn}-{n}") for n in "ab"
        ]
        draft = partial(batches.draft_batch, line_ids=line_ids(claim))
        answers = at_once(
            partial(draft, batch_id=pair[0].pk, by=office.maker), partial(draft, batch_id=pair[1].pk, by=office.maker2)
        )
        assert sorted(answers) == ["line_in_batch", "ok"]
        assert PaymentItem.objects.filter(claim=claim).count() == 3
        assert Event.objects.filter(chain=claim.chain).count() == 1
    assert list(breaks()) == []


def test_overlapping_choices_in_opposite_order_never_lock_each_other() -> None:
    office, source = made.office(), made.fund()
    for turn in range(ROUNDS):
        shared = [payable(source, heads=1) for _ in range(4)]
        pair = [
            batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau, note=f"{turn}-{n}") for n in "ab"
        ]
        draft = batches.draft_batch
        answers = at_once(
            partial(draft, batch_id=pair[0].pk, line_ids=line_ids(*shared), by=office.maker),
            partial(draft, batch_id=pair[1].pk, line_ids=line_ids(*shared)[::-1], by=office.maker2),
        )
        assert sorted(answers) == ["line_in_batch", "ok"]


def test_sixteen_clicks_on_one_release_seal_once() -> None:
    office, source = made.office(), made.fund()
    batch = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    batches.draft_batch(batch_id=batch.pk, claim_ids=[payable(source).pk], by=office.maker)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    answers = at_once(*[lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)] * 16)
    assert sorted(answers) == ["batch_moved_on"] * 15 + ["ok"]
    assert Event.objects.filter(chain=batch.chain, verb="release_batch").count() == 1


def test_sixteen_clicks_on_paid_mark_once() -> None:
    office, source = made.office(), made.fund()
    batch = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau)
    claim = payable(source)
    batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=office.maker)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    made.send(office, batch)
    paid = {"batch_id": batch.pk, "claim_ids": [claim.pk], "outcome": "settled", "by": office.maker}
    answers = at_once(*[lambda: batches.mark_items(**paid)] * 16)
    assert sorted(answers) == ["already_marked"] * 15 + ["ok"]
    assert Event.objects.filter(chain=claim.chain, verb="paid").count() == 1


def checked(office: made.Office, note: str, *, check: bool = True) -> Batch:
    """A batch that waits for the approver, or for the checker."""
    source = made.fund(allocation_no=f"泉财指〔2025〕{note}号")
    batch = batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau, note=note)
    batch = batches.draft_batch(batch_id=batch.pk, claim_ids=[payable(source).pk], by=office.maker)
    return batches.check_batch(batch_id=batch.pk, by=office.checker) if check else batch


def test_two_checkers_two_sealers_two_senders_have_one_winner_each() -> None:
    office = made.office()
    checkers = [office.checker, made.officer(Role.FINANCE_CHECKER, "陈晓东")]
    approvers = [office.approver, made.officer(Role.FINANCE_APPROVER, "林国栋")]
    makers = [office.maker, office.maker2]
    for turn in range(ROUNDS):
        batch = checked(office, str(turn), check=False)
        steps: list[tuple[Callable[..., Batch], list[Actor], dict[str, str]]] = [
            (batches.check_batch, checkers, {}),
            (batches.release_batch, approvers, {}),
            (batches.send_batch, makers, {"format_code": made.FORMAT}),
        ]
        for command, pair, more in steps:
            answers = at_once(*[partial(command, batch_id=batch.pk, by=by, **more) for by in pair])
            assert sorted(answers) == ["batch_moved_on", "ok"], command
            run_waiting()
        batch.refresh_from_db()
        assert (batch.state, batch.transfers.count()) == (BatchState.SENT, 1)
        assert made.verbs(batch.chain) == ["open_batch", "draft_batch", "check_batch", "release_batch", "send_batch"]
        assert Voucher.objects.filter(batch=batch.number).count() == 1
    assert [*prove(), *breaks()] == []


def test_sealing_and_cancelling_and_sending_never_both_happen() -> None:
    office = made.office()
    for turn in range(ROUNDS):
        batch = checked(office, str(turn))
        reason = {"batch_id": batch.pk, "reason": "暂缓拨付"}
        pair = (
            partial(batches.release_batch, batch_id=batch.pk, by=office.approver),
            partial(batches.cancel_batch, **reason, by=office.bureau),
        )
        answers = at_once(*pair)
        assert answers in (["ok", "batch_not_yours"], ["batch_moved_on", "ok"])
        batch.refresh_from_db()
        if batch.state == BatchState.SEALED:
            run_waiting()
            send = partial(batches.send_batch, batch_id=batch.pk, by=office.maker, format_code=made.FORMAT)
            answers = at_once(send, partial(batches.cancel_batch, **reason, by=office.approver))
            assert sorted(answers) == ["batch_moved_on", "ok"]
            batch.refresh_from_db()
        assert batch.state in (BatchState.SENT, BatchState.CANCELLED)
        batch.fund.refresh_from_db()
        there = (batch.fund.batched_fen, batch.fund.payable_fen)
        assert there == ((2_000_00, 0) if batch.state == BatchState.SENT else (0, 2_000_00))
    assert [*prove(), *breaks()] == []


def test_two_officers_moving_one_claim_to_other_funds_move_it_once() -> None:
    office, source = made.office(), made.fund()
    others = [made.fund(allocation_no=f"泉财指〔2025〕{n}号") for n in (91, 92)]
    for _turn in range(ROUNDS):
        claim = payable(source)
        move = partial(move_claims, claim_ids=[claim.pk], reason="指标调整")
        pair = zip((office.maker, office.maker2), others, strict=True)
        answers = at_once(*[partial(move, by=by, to_fund_id=fund.pk) for by, fund in pair])
        assert answers == ["ok", "ok"]  # one after the other: the second moves it on, from where it is then
        claim.refresh_from_db()
        assert claim.fund_id in {fund.pk for fund in others}
    assert [*prove(), *breaks()] == []


def test_numbers_have_no_gap_when_many_open_at_once() -> None:
    office, source = made.office(), made.fund()
    opening = [
        lambda n=n: batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau, note=str(n))
        for n in range(12)
    ]
    assert set(at_once(*opening)) == {"ok"}
    numbers = sorted(Batch.objects.values_list("number", flat=True))
    assert numbers == [f"BF-2025-{n:03d}" for n in range(1, 13)]
