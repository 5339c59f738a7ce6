"""The office and the fund that every test of payments needs."""

import pytest

from funds.models import FundSource
from tests.payments import made
from tests.payments.made import Office


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()
