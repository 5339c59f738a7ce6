"""Real connections at once, on PostgreSQL: one line one item, one decision one event."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from core.errors import Refusal
from core.models import Event
from core.timeline import breaks
from payments import batches
from payments.models import Batch, PaymentItem
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


def test_numbers_have_no_gap_when_many_open_at_once() -> None:
    office, source = made.office(), made.fund()
    opening = [
        lambda n=n: batches.open_batch(fund_id=source.pk, channel="public", by=office.bureau, note=str(n))
        for n in range(12)
    ]
    assert set(at_once(*opening)) == {"ok"}
    numbers = sorted(Batch.objects.values_list("number", flat=True))
    assert numbers == [f"BF-2025-{n:03d}" for n in range(1, 13)]
