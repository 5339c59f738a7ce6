"""The zone with its officers, and two villages of one town with people in their registers."""

from collections.abc import Iterator
from typing import Any

import pytest

from project.demo.people import Cast, make_cast
from tests.standing import fresh, standing


@pytest.fixture(scope="module")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with standing(django_db_blocker, make_cast) as cast:
        yield cast


@pytest.fixture
def cast(standing_cast: Cast, db: None) -> Cast:
    return fresh(standing_cast)


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    """Stored files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path
