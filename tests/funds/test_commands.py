"""Funds: never promised past their amount, opened once a number and year."""

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from core.errors import NotAllowed, Refusal
from core.models import Event
from funds.commands import open_fund, reduce_fund
from funds.ledger import prove, reserve
from funds.models import FundSource
from tests.funds.money import share
from tests.payments.made import code_of, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> Actor:
    return officer("finance_maker", "许丽云")


def fund_of(by: Actor, amount_fen: int = 1_000_00) -> FundSource:
    return open_fund(
        name="就业补助资金",
        allocation_no="泉财指〔2025〕8号",
        year=2025,
        amount_fen=amount_fen,
        functional_code="2080701",
        economic_code="30399",
        by=by,
    )


@pytest.mark.parametrize("reserved", [-1, 1_000_01])
def test_the_database_refuses_an_overdrawn_fund(maker: Actor, reserved: int) -> None:
    fund = fund_of(maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundSource.objects.filter(pk=fund.pk).update(reserved_fen=reserved)


def test_a_number_is_opened_once_a_year_and_noted(maker: Actor) -> None:
    fund = fund_of(maker)
    with pytest.raises(Refusal) as refused:
        fund_of(maker)
    assert refused.value.code == "fund_known"
    assert [(e.chain, e.verb, e.by_id) for e in Event.objects.all()] == [
        (f"fund:{fund.pk}", "open_fund", maker.user_id)
    ]


def test_only_finance_opens_a_fund_and_only_a_complete_one(maker: Actor) -> None:
    with pytest.raises(NotAllowed):
        fund_of(officer("bureau_handler", "黄美雄"))
    with pytest.raises(Refusal) as refused:
        open_fund(
            name="", allocation_no=" ", year=2025, amount_fen=0, functional_code="1", economic_code="x" * 21, by=maker
        )
    assert set(refused.value.fields) == {"name", "allocation_no", "economic_code", "amount_fen"}
    assert not FundSource.objects.exists()


def test_a_budget_is_cut_by_what_nobody_was_promised(maker: Actor) -> None:
    fund = fund_of(maker)
    with transaction.atomic():
        reserve(fund_id=fund.pk, shares=[share(400_00)], by=maker)
    cut = {
        "fund_id": fund.pk,
        "amount_fen": 600_01,
        "document": "泉财指〔2025〕40号",
        "reason": "年中压减",
        "by": maker,
    }
    assert code_of(lambda: reduce_fund(**cut)) == "fund_short"
    for wrong in ({"amount_fen": 0}, {"document": " "}, {"reason": ""}):
        assert code_of(lambda wrong=wrong: reduce_fund(**cut | wrong)) == "reduction_incomplete"
    assert code_of(lambda: reduce_fund(**cut | {"by": officer("bureau_handler", "黄美雄")})) == "fund_not_yours"
    assert code_of(lambda: reduce_fund(**cut | {"fund_id": 0})) == "fund_unknown"
    fund = reduce_fund(**cut | {"amount_fen": 600_00})
    assert (fund.amount_fen, fund.left_fen, fund.reserved_fen) == (400_00, 0, 400_00)
    assert code_of(lambda: reduce_fund(**cut | {"amount_fen": 1})) == "reduction_known"
    assert list(Event.objects.filter(chain=f"fund:{fund.pk}").values_list("verb", flat=True))[-1] == "reduce_fund"
    assert prove() == []
    with pytest.raises(IntegrityError, match="fund_never_overdrawn"), transaction.atomic():
        FundSource.objects.filter(pk=fund.pk).update(amount_fen=399_99)
