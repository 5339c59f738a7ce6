"""The demo's zone with its published policy and a fund: what every test of the road starts from."""

import pytest

from funds.models import FundSource
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    """Stored files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path
