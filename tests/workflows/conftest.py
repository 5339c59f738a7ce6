"""The demo's zone with its published policy and a fund: what every test of the road starts from."""

from collections.abc import Iterator
from typing import Any

import pytest

from funds.models import FundSource
from project.demo.filing import filed
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme
from tests.standing import fresh, standing
from workflows.claims import Claim


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


Filed = tuple[Cast, FundSource, Claim]


def filed_in_two_villages() -> Filed:
    """Four workers in each of two villages of one township."""
    cast = make_cast()
    fund = fund_and_scheme(cast)[0]
    return cast, fund, filed(cast, "agency", 8, seed=300, homes=["洛阳村", "杏田村"])


@pytest.fixture(scope="module")
def standing_claim(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Filed]:
    with standing(django_db_blocker, filed_in_two_villages, files=tmp_path_factory.mktemp("files")) as all_three:
        yield all_three


@pytest.fixture
def ours(standing_claim: Filed, db: None) -> Filed:
    return fresh(standing_claim)


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    """Stored files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path
