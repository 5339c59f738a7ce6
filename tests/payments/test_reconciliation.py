"""Reconciliation: sound figures agree to the fen, and data spoiled behind the triggers shows, by row and by exit code."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from core import clock
from core.append_only import triggers_off
from core.jobs import enqueue, run_waiting
from core.timeline import SYSTEM
from funds.models import FundSource, Posting
from payments.batches import check_batch, draft_batch, mark_items, release_batch
from payments.differences import find
from payments.figures import Cut
from payments.models import Batch, PaymentItem, ReconciliationRun, ResultRow, Transfer
from payments.moving import move_claims
from payments.reconciliation import Group, groups_by, keep, last_run, reconcile
from tests.payments import made
from tests.payments.answered import imported, mended, said, sent_of
from tests.payments.made import Office, payable
from workflows.claims import Claim, ClaimLine

pytestmark = pytest.mark.django_db
MOST = 120  # the whole reconciliation: five cuts and every single question


def command(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `reconcile --json`."""
    out = StringIO()
    try:
        call_command("reconcile", "--json", *options, stdout=out)
    except SystemExit as left:
        return int(str(left.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@pytest.fixture
def world(office: Office, source: FundSource) -> dict[str, Any]:
    """Three claims: paid by the bank, returned and paid again by hand, waiting on another fund; one was moved there."""
    other = made.fund(allocation_no="泉财指〔2025〕9号")
    paid, returned, waiting = payable(source, heads=3), payable(source, heads=2), payable(source, heads=1)
    first = sent_of(office, source, [paid, returned])
    imported(office, first, said(first, "settled", "returned"))
    mended(office, Transfer.objects.get(outcome="returned"))
    second = sent_of(office, source, [returned])
    mark_items(batch_id=second.pk, all_pending=True, outcome="settled", by=office.maker)
    move_claims(claim_ids=[waiting.pk], to_fund_id=other.pk, reason="指标不足", by=office.maker)
    return {"source": source, "other": other, "claims": (paid, returned, waiting), "batches": (first, second)}


def by_key(cut: str) -> dict[Any, Group]:
    return {group.key: group for group in groups_by(cut)}


def test_sound_money_balances_by_every_cut(world: dict[str, Any]) -> None:
    done = reconcile()
    assert (done.balanced, done.imbalances, {c: g for c, g in done.red.items() if g}) == (True, [], {})
    total = {name: one.own for name, one in done.total.measures.items()}
    assert total == {
        "approved": 6_000_00, "batched": 7_000_00, "sent": 7_000_00, "settled": 5_000_00, "returned": 2_000_00,
        "claimed": 0, "recovered": 0,
    }  # fmt: skip
    settled = done.total.measures["settled"]
    assert (settled.bank, settled.hand, settled.ledger) == (3_000_00, 2_000_00, 5_000_00)
    funds = by_key(Cut.FUND)
    assert funds[world["source"].pk].unpaid_fen == 0
    assert funds[world["other"].pk].unpaid_fen == 1_000_00
    for cut in Cut.values:
        groups = groups_by(cut)
        assert all(group.balanced for group in groups)
        assert sum(group.measures["settled"].own for group in groups) == 5_000_00
        assert sum(group.measures["approved"].ledger or 0 for group in groups) == 6_000_00
    assert {group.label for group in groups_by(Cut.CLAIMANT)} == {claim.claimant_name for claim in world["claims"]}
    assert groups_by(Cut.FUND, year=2024) == []
    assert command()[0] == 0


def test_claims_paid_partly_before_they_moved_stay_with_the_fund_that_paid(office: Office, source: FundSource) -> None:
    other = made.fund(allocation_no="泉财指〔2025〕9号")
    claim = payable(source, heads=2)
    lines = made.line_ids(claim)
    batch = made.opened(office, source)
    draft_batch(batch_id=batch.pk, line_ids=lines[:1], by=office.maker)
    check_batch(batch_id=batch.pk, by=office.checker)
    release_batch(batch_id=batch.pk, by=office.approver)
    sent = made.send(office, batch)
    imported(office, sent, said(sent))
    move_claims(claim_ids=[claim.pk], to_fund_id=other.pk, reason="指标不足", by=office.maker)
    approved = {key: group.measures["approved"].own for key, group in by_key(Cut.FUND).items()}
    assert approved == {source.pk: 1_000_00, other.pk: 1_000_00}
    assert reconcile().balanced


def test_what_is_sealed_in_one_month_and_paid_in_the_next_is_no_fault(office: Office, source: FundSource) -> None:
    with clock.travel(date(2025, 10, 31)):
        batch = made.sealed(office, source, payable(source))
    made.send(office, batch)
    mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker)
    months = {key: group.measures for key, group in by_key(Cut.MONTH).items()}
    october, november = months[date(2025, 10, 1)], months[date(2025, 11, 1)]
    assert (october["batched"].own, october["sent"].own) == (2_000_00, 0)
    assert (november["batched"].own, november["settled"].own) == (0, 2_000_00)
    assert reconcile().balanced


def lose_a_posting(world: dict[str, Any]) -> None:
    line = ClaimLine.objects.filter(claim=world["claims"][0])[0]
    Posting.objects.filter(line_id=line.pk, voucher__movement="settled").delete()


def change_an_item(world: dict[str, Any]) -> None:
    item = PaymentItem.objects.filter(claim=world["claims"][0])[0]
    PaymentItem.objects.filter(pk=item.pk).update(amount_fen=1_000_01)


def change_a_bank_amount(world: dict[str, Any]) -> None:
    ResultRow.objects.filter(outcome="settled", verdict="booked").update(amount_fen=2_999_99)


def lose_a_bank_row(world: dict[str, Any]) -> None:
    ResultRow.objects.filter(outcome="returned").delete()


def approve_another_fen(world: dict[str, Any]) -> None:
    line = ClaimLine.objects.filter(claim=world["claims"][2])[0]
    ClaimLine.objects.filter(pk=line.pk).update(amount_fen=1_000_01)


def two_faults_that_cancel_out(world: dict[str, Any]) -> None:
    for claim, fen in zip(world["claims"][:2], (999_99, 1_000_01), strict=True):
        line = ClaimLine.objects.filter(claim=claim)[0]
        Posting.objects.filter(line_id=line.pk, voucher__movement="settled").update(amount_fen=fen)


def change_a_sealed_total(world: dict[str, Any]) -> None:
    Batch.objects.filter(pk=world["batches"][0].pk).update(total_fen=5_000_01)


def forget_an_annulment(world: dict[str, Any]) -> None:
    ClaimLine.objects.filter(claim=world["claims"][2]).update(status="annulled")


SPOILT: list[tuple[Callable[[dict[str, Any]], None], str, str, set[str]]] = [
    (lose_a_posting, "settled", "ledger", {"line_settled", "voucher", "fund"}),
    (change_an_item, "settled", "ledger", {"line_batched", "line_settled", "item_amount", "transfer"}),
    (change_a_bank_amount, "settled", "bank", {"bank"}),
    (lose_a_bank_row, "returned", "bank", {"bank"}),
    (approve_another_fen, "approved", "ledger", {"line_approved"}),
    (two_faults_that_cancel_out, "", "", {"line_settled"}),
    (change_a_sealed_total, "", "", {"batch"}),
    (forget_an_annulment, "approved", "ledger", {"line_approved"}),
]


@pytest.mark.parametrize(("spoil", "measure", "side", "kinds"), SPOILT, ids=[case[0].__name__ for case in SPOILT])
def test_spoilt_data_shows_red_and_leaves_with_1(
    world: dict[str, Any], spoil: Callable[[dict[str, Any]], None], measure: str, side: str, kinds: set[str]
) -> None:
    with triggers_off(connection):
        spoil(world)
    code, answer = command()
    assert (code, answer["balanced"]) == (1, False)
    assert kinds <= {one["kind"] for one in answer["imbalances"]}
    assert all(one["message"].endswith("。") for one in answer["imbalances"])
    if not measure:
        return
    red = [group for group in groups_by(Cut.FUND) if not group.balanced]
    assert red and groups_by(Cut.FUND)[0] == red[0]
    one = red[0].measures[measure]
    assert not one.balanced and one.gap
    assert (one.own == one.ledger) == (side == "bank")
    assert {cut for cut, groups in answer["red"].items() if groups} == set(Cut.values)


def test_the_daily_job_keeps_what_it_found_and_the_next_one_too(world: dict[str, Any]) -> None:
    enqueue("payments.reconcile", arguments={})
    run_waiting()
    kept = last_run()
    assert kept is not None and kept.balanced and kept.content["total"]["settled"]["fen"] == 5_000_00
    with triggers_off(connection):
        change_a_bank_amount(world)
    assert command("--keep")[0] == 1
    worse = last_run()
    assert worse is not None and (worse.balanced, worse.problems > 0) == (False, True)
    assert ReconciliationRun.objects.count() == 2
    names = {claim.claimant_name for claim in world["claims"]}
    assert not [name for name in names if name in json.dumps(worse.content, ensure_ascii=False)]


def test_nothing_at_all_balances() -> None:
    assert command()[0] == 0
    assert (find(), keep(SYSTEM).balanced) == ([], True)


@pytest.mark.parametrize("many", [2, 12])
def test_as_few_queries_for_many(
    office: Office, source: FundSource, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claims: list[Claim] = [payable(source, heads=1) for _ in range(many)]
    batch = sent_of(office, source, claims)
    imported(office, batch, said(batch, *["returned"] * (many // 2)))
    with django_assert_max_num_queries(MOST):
        assert reconcile().balanced
    with django_assert_max_num_queries(20):
        assert len(groups_by(Cut.CLAIMANT)) == many
