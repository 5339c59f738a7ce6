"""The ledger: each movement on its road, each refusal with nothing moved, and what the database refuses by itself."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import Refusal
from core.timeline import SYSTEM
from funds import ledger
from funds.ledger import Movement, Pot, Share, prove, statement_of, whereabouts
from funds.models import Entry, FundSource, Posting, Voucher
from tests.funds.money import columns, fund, share

pytestmark = pytest.mark.django_db
BATCH, CASE = "BF-2025-007", "ZH-2025-001"


def promised(source: FundSource, *shares: Share) -> None:
    ledger.reserve(fund_id=source.pk, shares=shares, by=SYSTEM)
    ledger.make_payable(fund_id=source.pk, shares=shares, by=SYSTEM)


def in_batch(source: FundSource, *shares: Share) -> None:
    promised(source, *shares)
    ledger.enter_batch(fund_id=source.pk, shares=shares, batch=BATCH, by=SYSTEM)


def paid(source: FundSource, *shares: Share) -> None:
    in_batch(source, *shares)
    ledger.settle(fund_id=source.pk, shares=shares, batch=BATCH, by=SYSTEM, source="result:1")


def refused(command: Callable[[], object]) -> Refusal:
    """The refusal of a command, after which nothing has moved."""
    before = (list(FundSource.objects.order_by("pk").values()), Voucher.objects.count(), Posting.objects.count())
    with pytest.raises(Refusal) as caught, transaction.atomic():
        command()
    after = (list(FundSource.objects.order_by("pk").values()), Voucher.objects.count(), Posting.objects.count())
    assert after == before
    assert caught.value.message.endswith("。")
    return caught.value


def test_the_whole_road_and_back() -> None:
    source, one, two = fund(), share(600_00, claim=1), share(400_00, claim=2, payee="user:7")
    both, say = [one, two], {"fund_id": source.pk, "by": SYSTEM}
    ledger.reserve(shares=both, **say)
    assert columns(source) == {"left": 9_000_00, "held": 1_000_00}
    ledger.make_payable(shares=both, **say)
    assert columns(source) == {"left": 9_000_00, "payable": 1_000_00}
    ledger.enter_batch(shares=both, batch=BATCH, **say)
    ledger.settle(shares=[one], batch=BATCH, source="result:1/item:1", **say)
    ledger.give_back(shares=[two], batch=BATCH, source="result:1/item:2", reason="户名不符", **say)
    assert columns(source) == {"left": 9_000_00, "payable": 400_00, "paid": 600_00}
    ledger.enter_batch(shares=[two], batch="BF-2025-008", **say)
    ledger.leave_batch(shares=[two], batch="BF-2025-008", reason="批次撤销", **say)
    ledger.release(shares=[two], reason="人员作废", **say)
    ledger.claim_back(shares=[one], case=CASE, **say)
    ledger.receive_back(shares=[share(250_00, line=one.line_id)], case=CASE, **say)
    ledger.write_off(shares=[share(50_00, line=one.line_id)], case=CASE, reason="企业注销", **say)
    ledger.drop_claim(shares=[share(100_00, line=one.line_id)], case=CASE, reason="复议撤销", **say)
    assert columns(source) == {
        "left": 9_400_00, "paid": 100_00, "claimed": 200_00, "recovered": 250_00, "written_off": 50_00,
    }  # fmt: skip
    assert whereabouts([one.line_id, two.line_id])[one.line_id] == {
        Pot.PAID: 100_00, Pot.CLAIMED: 200_00, Pot.RECOVERED: 250_00, Pot.WRITTEN_OFF: 50_00,
    }  # fmt: skip
    assert two.line_id not in whereabouts([two.line_id])
    assert prove() == []


def test_reserving_to_the_last_fen_and_not_past_it() -> None:
    source = fund(1_000_00)
    ledger.reserve(fund_id=source.pk, shares=[share(999_99)], by=SYSTEM)
    assert columns(source)["left"] == 1
    refusal = refused(partial(ledger.reserve, fund_id=source.pk, shares=[share(2)], by=SYSTEM))
    assert refusal.code == "fund_short"
    assert "可用余额0.01元，不足0.02元" in refusal.message
    ledger.supplement(fund_id=source.pk, amount_fen=1, by=SYSTEM, reason="泉台财指〔2025〕30号")
    ledger.reserve(fund_id=source.pk, shares=[share(2)], by=SYSTEM)
    assert columns(source) == {"held": 1_000_01}
    assert refused(partial(ledger.reserve, fund_id=987654, shares=[share(1)], by=SYSTEM)).code == "fund_unknown"


def test_a_line_is_promised_once_whatever_the_fund() -> None:
    source, other, one = fund(), fund(), share()
    promised(source, one)
    for again in (source, other):
        assert refused(partial(ledger.reserve, fund_id=again.pk, shares=[one], by=SYSTEM)).code == "already_reserved"
    ledger.release(fund_id=source.pk, shares=[one], by=SYSTEM, reason="作废")
    ledger.reserve(fund_id=other.pk, shares=[one], by=SYSTEM)
    assert columns(source) == {"left": 10_000_00}


def test_release_takes_from_where_each_line_is() -> None:
    source, held, owed = fund(), share(100_00, claim=1), share(200_00, claim=2)
    ledger.reserve(fund_id=source.pk, shares=[held], by=SYSTEM)
    promised(source, owed)
    vouchers = ledger.release(fund_id=source.pk, shares=[held, owed], by=SYSTEM, reason="不再支持")
    assert [(v.taken_from, v.total_fen) for v in vouchers] == [(Pot.RESERVED, 100_00), (Pot.PAYABLE, 200_00)]
    assert columns(source) == {"left": 10_000_00} and prove() == []


@pytest.mark.parametrize(
    "again", ["reserve", "make_payable", "release", "enter_batch", "leave_batch", "give_back", "settle"]
)
def test_paid_money_moves_by_no_road_of_unpaid_money(again: str) -> None:
    """Another line of the fund has money in every pot, so that the fund's balance alone would let it pass."""
    source, one, others = fund(), share(), [share(claim=n) for n in (2, 3, 4)]
    paid(source, one)
    ledger.reserve(fund_id=source.pk, shares=others, by=SYSTEM)
    ledger.make_payable(fund_id=source.pk, shares=others[1:], by=SYSTEM)
    ledger.enter_batch(fund_id=source.pk, shares=others[2:], batch="BF-2025-009", by=SYSTEM)
    more = {
        "release": {"reason": "作废"},
        "enter_batch": {"batch": "BF-2025-009"},
        "leave_batch": {"batch": "BF-2025-009", "reason": "撤销"},
        "give_back": {"batch": "BF-2025-009", "source": "result:2", "reason": "户名不符"},
        "settle": {"batch": "BF-2025-009", "source": "result:2"},
    }.get(again, {})
    refusal = refused(partial(getattr(ledger, again), fund_id=source.pk, shares=[one], by=SYSTEM, **more))
    assert refusal.code in {"money_elsewhere", "already_reserved"}
    if refusal.code == "money_elsewhere":
        assert "“已支付”1,000.00元" in refusal.message


def test_no_more_leaves_a_line_than_it_has_and_to_nobody_else() -> None:
    source, one = fund(), share(600_00)
    promised(source, one, share(600_00, claim=2))
    for wrong in (share(600_01, line=one.line_id), share(600_00, line=one.line_id, payee="org:2")):
        enter = partial(ledger.enter_batch, fund_id=source.pk, shares=[wrong], batch=BATCH, by=SYSTEM)
        assert refused(enter).code == "money_elsewhere"


def test_a_line_moves_to_another_fund_and_back_again() -> None:
    source, other, poor, one = fund(), fund(), fund(999_99), share()
    promised(source, one)
    move = partial(ledger.move_to_fund, shares=[one], by=SYSTEM, reason="区级资金不足")
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=poor.pk)).code == "fund_short"
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=other.pk, reason=" ")).code == "reason_missing"
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=source.pk)).code == "same_fund"
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=987654)).code == "fund_unknown"
    move(from_fund_id=source.pk, to_fund_id=other.pk)
    assert (columns(source), columns(other)) == ({"left": 10_000_00}, {"left": 9_000_00, "payable": 1_000_00})
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=other.pk)).code == "money_elsewhere"
    move(from_fund_id=other.pk, to_fund_id=source.pk)
    ledger.enter_batch(fund_id=source.pk, shares=[one], batch=BATCH, by=SYSTEM)
    assert refused(partial(move, from_fund_id=source.pk, to_fund_id=other.pk)).code == "money_elsewhere"
    told = [(p.voucher.movement, p.voucher.fund_id, p.voucher.other_fund_id) for p in statement_of(line_id=one.line_id)]
    assert told[2:4] == [(Movement.MOVED, source.pk, other.pk), (Movement.MOVED, other.pk, source.pk)]
    assert prove() == []


def test_a_debt_is_kept_back_from_a_later_payment() -> None:
    """The debt's fund has its money back, the later line is paid for that part and payable for the rest."""
    old, new, debt, later = fund(), fund(), share(300_00), share(1_000_00, claim=2)
    paid(old, debt)
    promised(new, later)
    ledger.claim_back(fund_id=old.pk, shares=[debt], case=CASE, by=SYSTEM)
    part = share(300_00, claim=2, line=later.line_id)
    offset = partial(ledger.offset_back, fund_id=old.pk, against_fund_id=new.pk, case=CASE, by=SYSTEM)
    for wrong in (share(299_99, line=later.line_id), share(300_00, line=later.line_id, payee="org:2")):
        assert refused(partial(offset, shares=[debt], against=[wrong])).code == "offset_differs"
    offset(shares=[debt], against=[part])
    assert columns(old) == {"left": 9_700_00, "recovered": 300_00}
    assert columns(new) == {"left": 9_000_00, "payable": 700_00, "paid": 300_00}
    assert [p.voucher.movement for p in statement_of(case=CASE)] == ["recovery_claimed", "offset", "offset"]
    assert prove() == []


def test_money_moves_only_inside_a_transaction_and_never_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    source, one = fund(), share()
    reserve = partial(ledger.reserve, fund_id=source.pk, by=SYSTEM)
    for wrong in ([], [share(0)], [share(-1)], [one, one], [share(payee="")]):
        with pytest.raises(ValueError, match="share"):
            reserve(shares=wrong)
    with pytest.raises(ValueError, match="positive"):
        ledger.supplement(fund_id=source.pk, amount_fen=0, by=SYSTEM, reason="")
    monkeypatch.setattr(transaction, "get_connection", lambda: SimpleNamespace(in_atomic_block=False))
    for command in (
        partial(reserve, shares=[one]),
        partial(ledger.appropriate, fund_id=source.pk, amount_fen=1, by=SYSTEM),
    ):
        with pytest.raises(RuntimeError, match="inside the transaction"):
            command()


@pytest.mark.parametrize(
    ("column", "value"),
    [("reserved_fen", -1), ("reserved_fen", 10_000_01), ("payable_fen", -1), ("paid_fen", 1), ("claimed_fen", -1)],
)
def test_the_database_refuses_balances_that_cannot_be(column: str, value: int) -> None:
    source = fund()
    with pytest.raises(IntegrityError), transaction.atomic():
        FundSource.objects.filter(pk=source.pk).update(**{column: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {"taken_from": "available", "put_into": "paid"},
        {"movement": "settled", "taken_from": "batched", "put_into": "paid"},  # names no batch
        {"total_fen": 0},
        {"movement": "moved", "taken_from": "payable", "put_into": "available"},  # names no other fund
    ],
)
def test_the_database_refuses_a_voucher_that_takes_another_road(wrong: dict[str, object]) -> None:
    promised(fund(), share())
    row = Voucher.objects.filter(movement="payable").values().get()
    row.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.create(**row | wrong)


@pytest.mark.parametrize("wrong", [{"amount_fen": -5}, {"amount_fen": 0}, {"line_id": None}, {"payee": ""}])
def test_the_database_refuses_a_posting_of_nothing_or_of_nobody(wrong: dict[str, object]) -> None:
    promised(fund(), share())
    row = Posting.objects.order_by("-pk").values().first() or {}
    row.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(**row | wrong)


def test_the_database_settles_a_line_once_a_batch() -> None:
    one = share()
    paid(fund(), one)
    row = Posting.objects.filter(voucher__movement="settled").values().get()
    row.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(**row)


def test_a_voucher_once_written_takes_no_more_postings() -> None:
    promised(fund(), share())
    row = Posting.objects.filter(voucher__movement="reserved").values().get() | {"id": None, "line_id": share().line_id}
    with pytest.raises(IntegrityError, match="voucher is closed"), transaction.atomic():
        Posting.objects.create(**row)


def test_what_goes_past_the_writer_is_found() -> None:
    source, one = fund(), share()
    promised(source, one)
    assert prove() == []
    FundSource.objects.filter(pk=source.pk).update(payable_fen=0, amount_fen=10_000_01)
    assert [(i.about, i.expected_fen, i.found_fen) for i in prove()] == [
        (f"fund:{source.pk}:budget", -10_000_00, -10_000_01),
        (f"fund:{source.pk}:available", 9_000_00, 9_000_01),
        (f"fund:{source.pk}:reserved", 0, 1_000_00),
        (f"fund:{source.pk}:payable", 1_000_00, 0),
    ]
    row = Voucher.objects.filter(movement="payable").values().get() | {"id": None, "count": 2}
    row |= {"movement": "batched", "taken_from": "payable", "put_into": "batched", "batch": BATCH}
    with transaction.atomic():
        voucher = Voucher.objects.create(**row)
        Posting.objects.create(voucher=voucher, claim_id=1, line_id=one.line_id, payee="org:9", amount_fen=7)
        found = {imbalance.kind: imbalance for imbalance in prove()}
        transaction.set_rollback(True)
    assert set(found) == {"fund", "voucher", "line"}
    assert found["voucher"].about == f"voucher:{voucher.pk}"
    assert (found["line"].about, found["line"].found_fen) == (f"line:{one.line_id}", -7)


def queries_of(heads: int) -> dict[str, int]:
    source = fund(heads * 1_000_00)
    shares = [share(claim=n // 50) for n in range(heads)]
    say = {"fund_id": source.pk, "shares": shares, "by": SYSTEM}
    counts = {}
    for name, more in (
        ("reserve", {}),
        ("make_payable", {}),
        ("enter_batch", {"batch": BATCH}),
        ("settle", {"batch": BATCH, "source": "result:1"}),
    ):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            getattr(ledger, name)(**say, **more)
        counts[name] = len(captured)
    with CaptureQueriesContext(connection) as captured:
        assert prove() == []
    counts["prove"] = len(captured)
    return counts


def test_queries_do_not_grow_with_lines_but_by_the_batch() -> None:
    few, many = queries_of(10), queries_of(5_000)
    assert few == {"reserve": 4, "make_payable": 4, "enter_batch": 4, "settle": 4, "prove": 6}
    assert many.pop("prove") == 6
    assert max(many.values()) <= 40  # eight a thousand lines
    assert Entry.objects.count() == 2 * Posting.objects.count()
