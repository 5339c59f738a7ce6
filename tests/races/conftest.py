"""The demo's zone in committed rows, so that threads with connections of their own see it."""

from pathlib import Path
from typing import Any

import pytest

from funds.models import FundSource
from project.demo.people import Cast, make_cast
from project.demo.zone import fund_and_scheme


@pytest.fixture
def cast(transactional_db: None, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]
