"""Numbers have no gaps: a rollback gives the number back."""

import pytest
from django.db import transaction

from core.numbering import take


@pytest.mark.django_db
def test_numbers_run_and_series_are_apart() -> None:
    assert [take("a"), take("a"), take("b"), take("a")] == [1, 2, 1, 3]


@pytest.mark.django_db
def test_a_rollback_leaves_no_gap() -> None:
    take("a")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take("a")
        raise ZeroDivisionError
    assert take("a") == 2


@pytest.mark.django_db(transaction=True)
def test_no_number_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        take("a")
