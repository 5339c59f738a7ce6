"""A process killed with SIGKILL at every point of sealing, of making the payment file and of sending.

Each kill happens in a forked process with a connection of its own. After it everything is as before or all is done,
never between; and whoever asks again finishes it.
"""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock
from core.append_only import triggers_off
from core.jobs import Job, run_job
from core.models import Event
from core.timeline import breaks
from funds.ledger import Movement, prove
from funds.models import Voucher
from payments import batches, files, sealing, sending
from payments.files import TASK
from payments.models import Batch, BatchState, PaymentFile, PaymentItem, Transfer
from tests.payments import made
from tests.payments.made import FORMAT, Office, payable

pytestmark = pytest.mark.django_db(transaction=True)
# Killed right after each of these; the last of each list after the commit, before anybody is told.
SEALING = ("ready", "put", "batch_locked", "make", "enter_items", "enter", "issue", "record", "enqueue_file")
FILES = ("sealed_instruction", "write_files", "put", "enter")
SENDING = ("batch_locked", "made_file", "sealed_instruction", "record")
KILLS = 5
CLAIMS = 2


@pytest.fixture
def office(settings: Any, tmp_path: Path, transactional_db: None) -> Office:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOBS_CARRIER = "database"
    return made.office()


def killed(work: Callable[[], object], module: Any = None, point: str = "") -> None:
    """Do the work in a child that kills itself after `module.point`, or without one when the work is done."""
    connection.close()
    child = os.fork()
    if not child:
        if module:
            inner = getattr(module, point)

            def last(*args: Any, **kwargs: Any) -> None:
                inner(*args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)

            setattr(module, point, last)
        try:
            work()
            if not module:
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"not killed at {point}: {status}"


def standing(batch: Batch) -> tuple[object, ...]:
    """Where the batch is, counted from every table it touches."""
    batch.refresh_from_db()
    events = Event.objects.filter(chain=batch.chain)
    return (
        batch.state,
        bool(batch.sha256 and batch.file_id and batch.paper_id),
        Transfer.objects.filter(batch=batch).count(),
        PaymentItem.objects.filter(batch=batch, transfer__isnull=False).count(),
        Voucher.objects.filter(batch=batch.number, movement=Movement.BATCHED).count(),
        Job.objects.filter(kind=TASK, key=f"{batch.pk}:{FORMAT}").count(),
        PaymentFile.objects.filter(batch=batch).count(),
        events.filter(verb="release_batch").count(),
        events.filter(verb="send_batch").count(),
    )


CHECKED = (BatchState.CHECKED, False, 0, 0, 0, 0, 0, 0, 0)
SEALED = (BatchState.SEALED, True, CLAIMS, CLAIMS * 2, 1, 1, 0, 1, 0)
WITH_FILE = (BatchState.SEALED, True, CLAIMS, CLAIMS * 2, 1, 1, 1, 1, 0)
SENT = (BatchState.SENT, True, CLAIMS, CLAIMS * 2, 1, 1, 1, 1, 1)


def faults() -> list[object]:
    return [*prove(), *breaks()]


def run_file(batch: Batch) -> None:
    """The job of the batch's file, as the next worker takes it once the lease of a dead one is over."""
    job = Job.objects.get(kind=TASK, key=f"{batch.pk}:{FORMAT}")
    if job.lease_until:
        Job.objects.filter(pk=job.pk).update(lease_until=clock.machine_now() - timedelta(seconds=1))
    assert run_job(job.pk, beating=False) == Job.State.DONE


def through(office: Office, batch: Batch) -> int:
    """The batch killed at every point of its way from checked to sent; how many kills."""

    def seal() -> object:
        return batches.release_batch(batch_id=batch.pk, by=office.approver)

    def send() -> object:
        return batches.send_batch(batch_id=batch.pk, by=office.maker, format_code=FORMAT)

    way: list[tuple[Callable[[], object], Any, tuple[str, ...], tuple[object, ...], tuple[object, ...]]] = [
        (seal, sealing, SEALING, CHECKED, SEALED),
        (lambda: run_file(batch), files, FILES, SEALED, WITH_FILE),
        (send, sending, SENDING, WITH_FILE, SENT),
    ]
    kills = 0
    for work, module, points, before, after in way:
        for point in points:
            killed(work, module, point)
            assert standing(batch) == before, point
            kills += 1
        killed(work)
        assert standing(batch) == after
        kills += 1
        assert faults() == []
    assert made.code_of(seal) == made.code_of(send) == "batch_moved_on"
    return kills


def test_killed_at_every_point_a_batch_is_as_before_or_done(office: Office) -> None:
    source, kills = made.fund(), 0
    for _turn in range(KILLS):
        batch = made.drafted(office, source, *[payable(source) for _claim in range(CLAIMS)])
        batches.check_batch(batch_id=batch.pk, by=office.checker)
        kills += through(office, batch)
        batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker)
    assert kills == KILLS * (len(SEALING) + len(FILES) + len(SENDING) + 3)
    source.refresh_from_db()
    assert (source.paid_fen, source.batched_fen, source.payable_fen) == (KILLS * CLAIMS * 2_000_00, 0, 0)
    assert faults() == []


def test_the_checker_catches_half_a_seal(office: Office) -> None:
    source = made.fund()
    batch = made.sealed(office, source, *[payable(source) for _claim in range(CLAIMS)])
    assert (standing(batch), faults()) == (SEALED, [])
    with triggers_off(connection), transaction.atomic():
        Voucher.objects.filter(batch=batch.number).update(total_fen=1)
        PaymentItem.objects.filter(pk=batch.items.order_by("pk")[0].pk).update(transfer=None)
    assert standing(batch) != SEALED
    assert len(faults()) == 1
