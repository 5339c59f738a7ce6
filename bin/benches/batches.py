"""Batches: one of 5,000 items for 2,500 payees is sealed in at most three seconds, ledger and paper included.

What follows is for information: the payment file in the background, and the bank's answer to all of it.
"""

import time
from collections.abc import Callable, Iterator

from benches.measuring import Line, limited, told

CLAIMS, HEADS = 2500, 2
SEAL_SECONDS = 3.0


def lines() -> Iterator[Line]:
    """On a database of its own: SQLite in the folder of this run, made and filled here."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    from core.jobs import run_waiting
    from core.privacy import make_ring_file
    from funds.ledger import prove
    from payments import batches
    from tests.payments import made

    make_ring_file(settings.KEYS_FILE)
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        office, source = made.office(), made.fund()
        claims = [made.payable(source, heads=HEADS) for _number in range(CLAIMS)]
        batch = made.opened(office, source)
        batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk for claim in claims], by=office.maker)
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    wall, seconds = _timed(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver))
    yield limited("batch_sealed_5000_items", seconds, SEAL_SECONDS, unit="s CPU")
    yield told("batch_sealed_5000_items_waited", wall, unit="s")
    yield told("batch_file_5000_items", _timed(run_waiting)[1], unit="s CPU")
    batch.refresh_from_db()
    batches.send_batch(batch_id=batch.pk, by=office.maker, format_code=batch.format_code)
    answer = {"batch_id": batch.pk, "all_pending": True, "outcome": "settled", "by": office.maker}
    yield told("batch_answered_5000_items", _timed(lambda: batches.mark_items(**answer))[1], unit="s CPU")
    yield limited("batch_ledger_out_of_balance", len(prove()), 0, unit="entries")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock on the wall, and of CPU: on a machine that has time they are the same."""
    start, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - busy
