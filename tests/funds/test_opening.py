"""The migration that opens the ledger over a database that has already approved, paid and had payments returned."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from core.append_only import triggers_off
from core.timeline import SYSTEM
from funds.ledger import Pot, prove, whereabouts
from funds.models import FundSource, Posting, Voucher
from payments.answering import Answer, answer_transfers
from payments.locking import batch_locked
from payments.models import Transfer
from tests.payments import made
from workflows.claims import Claim, ClaimLine

pytestmark = pytest.mark.django_db
open_the_ledger = import_module("funds.migrations.0004_postings_for_what_stands").open_the_ledger


@pytest.fixture
def before() -> tuple[FundSource, dict[str, Claim]]:
    """A fund as it stood without a ledger: one claim each waiting, drafted, sealed, paid and returned."""
    office, source = made.office(), made.fund(50_000_00)
    claims = {name: made.payable(source) for name in ("waiting", "drafted", "sealed", "paid", "returned")}
    made.drafted(office, source, claims["drafted"])
    batch = made.sent(office, source, claims["sealed"], claims["paid"], claims["returned"])
    said = {"paid": Answer("settled"), "returned": Answer("returned", "other", "退票")}
    transfers = {name: Transfer.objects.get(batch=batch, claim=claims[name]).pk for name in said}
    with transaction.atomic():
        told = {transfers[name]: answer for name, answer in said.items()}
        answer_transfers(batch=batch_locked(batch.pk), outcomes=told, by=SYSTEM, source="hand")
    with triggers_off(connection):
        Posting.objects.all().delete()
        Voucher.objects.all().delete()
    if connection.vendor == "postgresql":  # lifting the triggers made every check immediate
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    FundSource.objects.update(payable_fen=0, batched_fen=0, paid_fen=0)
    source.refresh_from_db()
    assert source.reserved_fen == 10_000_00
    return source, claims


def places(claim: Claim) -> set[tuple[Pot, ...]]:
    lines = ClaimLine.objects.filter(claim=claim).values_list("pk", flat=True)
    return {tuple(pots) for pots in whereabouts(list(lines)).values()}


def test_what_stood_is_posted_as_it_stood(before: tuple[FundSource, dict[str, Claim]]) -> None:
    source, claims = before
    open_the_ledger(apps, None)
    assert {name: places(claim) for name, claim in claims.items()} == {
        "waiting": {(Pot.PAYABLE,)},
        "drafted": {(Pot.PAYABLE,)},
        "sealed": {(Pot.BATCHED,)},
        "paid": {(Pot.PAID,)},
        "returned": {(Pot.PAYABLE,)},
    }
    source.refresh_from_db()
    assert Voucher.objects.exclude(batch="").count() == 3  # entered, settled, returned: one each a batch
    assert (source.payable_fen, source.batched_fen, source.paid_fen) == (6_000_00, 2_000_00, 2_000_00)
    assert prove() == []


def test_a_fund_with_less_reserved_than_approved_stops_the_migration(
    before: tuple[FundSource, dict[str, Claim]],
) -> None:
    FundSource.objects.update(reserved_fen=1)
    with pytest.raises(RuntimeError, match="approved lines are worth 1000000 fen, reserved are 1"):
        open_the_ledger(apps, None)
