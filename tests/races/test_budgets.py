"""The last of a budget, and the last of a line's money, claimed by two at once: one has it, the other is told."""

from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from core.timeline import SYSTEM
from funds import ledger
from funds.ledger import Share, prove
from funds.models import FundSource, Posting, Voucher
from project.demo.people import Cast
from project.demo.walking import say_yes, walk
from tests.funds.money import columns
from tests.funds.money import fund as opened
from tests.races.drafted import filed, people
from tests.races.together import DONE, at_once
from workflows.claims import Claim
from workflows.reviews import Review
from workflows.states import ClaimState, Step

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def alone(name: str, **more: object) -> None:
    with transaction.atomic():
        getattr(ledger, name)(by=SYSTEM, **more)


def test_leaders_sign_at_once_for_the_last_of_a_budget(cast: Cast, fund: FundSource) -> None:
    """Three claims of 2,000 yuan and money for one: one is payable, the others wait with their lines unpromised."""
    with transaction.atomic():
        source = opened(3_999_99)
    workers = people(cast, 6, seed=450)
    claims = [walk(cast, filed(cast["agency"], workers[n : n + 2]), ClaimState.LEADER) for n in (0, 2, 4)]
    reviews = [Review.objects.get(claim=claim, step=Step.LEADER_APPROVAL, outcome="") for claim in claims]
    answers = at_once([partial(say_yes, cast, review, fund=source) for review in reviews])
    assert sorted(answers) == [DONE, "fund_short", "fund_short"]
    assert columns(source) == {"left": 1_999_99, "payable": 2_000_00}
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["leader", "leader", "payable"]
    assert prove() == []


def test_one_line_is_taken_into_two_batches_at_once(transactional_db: None) -> None:
    with transaction.atomic():
        source, other = opened(), opened()
    for turn in range(10):
        line = [Share(claim_id=1, line_id=uuid4(), payee="org:1", amount_fen=100_00)]
        alone("reserve", fund_id=source.pk, shares=line)
        alone("make_payable", fund_id=source.pk, shares=line)
        enter = partial(alone, "enter_batch", fund_id=source.pk, shares=line)
        move = partial(alone, "move_to_fund", from_fund_id=source.pk, to_fund_id=other.pk, shares=line, reason="调整")
        answers = at_once([partial(enter, batch=f"BF-{turn}a"), partial(enter, batch=f"BF-{turn}b"), move])
        assert sorted(answers) == [DONE, "money_elsewhere", "money_elsewhere"]
    assert prove() == []


def test_moving_between_two_funds_in_opposite_directions_never_locks(transactional_db: None) -> None:
    with transaction.atomic():
        pair = [opened(), opened()]
    lines = [[Share(claim_id=n, line_id=uuid4(), payee="org:1", amount_fen=100_00)] for n in (0, 1)]
    for source, line in zip(pair, lines, strict=True):
        alone("reserve", fund_id=source.pk, shares=line)
        alone("make_payable", fund_id=source.pk, shares=line)

    def there_and_back(at: int) -> None:
        for one, two in ((at, 1 - at), (1 - at, at)):
            alone("move_to_fund", from_fund_id=pair[one].pk, to_fund_id=pair[two].pk, shares=lines[at], reason="调整")

    assert at_once([partial(there_and_back, 0), partial(there_and_back, 1)], times=10) == [DONE] * 20
    assert [columns(source)["payable"] for source in pair] == [100_00, 100_00]
    assert Voucher.objects.filter(movement="moved").count() == 80
    assert prove() == []


@pytest.mark.parametrize("change", [{"total_fen": 99_99}, {"count": 2}])
def test_the_database_refuses_a_voucher_that_is_not_its_postings(transactional_db: None, change: dict) -> None:
    with transaction.atomic():
        source = opened(100_00)
    row = Voucher.objects.values().get() | {"id": None} | change
    with pytest.raises(IntegrityError, match=r"does not balance|is closed"), transaction.atomic():
        voucher = Voucher.objects.create(**row)
        Posting.objects.create(voucher=voucher, amount_fen=100_00)
    assert (FundSource.objects.get(pk=source.pk).amount_fen, Voucher.objects.count()) == (100_00, 1)
