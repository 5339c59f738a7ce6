"""The demo's zone with its published policy and a fund: what every test of the road starts from."""

from collections.abc import Iterator
from typing import Any

import pytest

from funds.models import FundSource
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme
from tests.standing import fresh, standing


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with standing(django_db_blocker, make_cast) as cast:
        yield cast


@pytest.fixture
def cast(standing_cast: Cast, db: None) -> Cast:
    return fresh(standing_cast)


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    """Stored files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path
