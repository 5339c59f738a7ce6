"""Funds: never promised past their amount, opened once a number and year."""

import pytest
from django.db import IntegrityError, transaction

from accounts.acting import Actor
from core.errors import NotAllowed, Refusal
from core.models import Event
from funds.commands import open_fund
from funds.models import FundSource
from tests.payments.made import officer

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
