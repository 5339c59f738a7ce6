"""What every test shares, on both engines: keys, database, which tests run where."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations
from xdist.scheduler import LoadScopeScheduling

from core.errors import Refusal
from documents.rosters.marking_child import mark
from documents.spreadsheets.limits import Limits

STAYING = {"django_content_type", "auth_permission"}
DOORS = {"db", "transactional_db", "live_server", "django_db_blocker", "django_db_setup", "django_db_reset_sequences"}
LONG = ("browser", "tests/portals/test_matrix.py", "tests/races/")


def pytest_configure(config: pytest.Config) -> None:
    """Make the throw-away keys before any worker or child process starts."""
    from core.privacy import make_ring_file
    from documents.seals.certificates import make_local_seal

    make_ring_file(settings.KEYS_FILE)
    make_local_seal()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine-only", action="store_true", help="leave out what uses no database: no other engine can change it"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out (not skip) what this engine cannot run or cannot change, and what is for the night."""
    nightly = "nightly" in (config.option.markexpr or "")
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    kept, left_out = [], []
    for item in items:
        fits = (
            (nightly or not item.get_closest_marker("nightly"))
            and not item.get_closest_marker("sqlite" if on_postgres else "postgres")
            and (not config.option.engine_only or uses_database(item))
        )
        (kept if fits else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def uses_database(item: pytest.Item) -> bool:
    """Whether the test is marked for the database, or a fixture of it asks for one. pytest-django blocks all others."""
    if item.get_closest_marker("django_db") or item.get_closest_marker("postgres"):
        return True
    found: pytest.FuncFixtureInfo = item._fixtureinfo  # type: ignore[attr-defined]
    asked = set(found.argnames)
    for name, definitions in found.name2fixturedefs.items():
        if "pytest_django" not in definitions[-1].func.__module__ and name != "django_db_setup":
            asked.update(*(definition.argnames for definition in definitions))
    return not asked.isdisjoint(DOORS)


class ByFile(LoadScopeScheduling):
    """The tests of a file run on one worker, so that what they share is made once; so do those of the browser."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "browser" if path.startswith("tests/e2e/") else path

    def _assign_work_unit(self, node: Any) -> None:
        """What takes long first, all else in order: so no worker ends long after the other."""
        self.workqueue.move_to_end(min(self.workqueue, key=_turn), last=False)
        super()._assign_work_unit(node)


def _turn(unit: str) -> int:
    return next((place for place, start in enumerate(LONG) if unit.startswith(start)), len(LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    config.option.loadscopereorder = False  # which would begin with the file that has most tests
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """What was read until now stays: the collector of garbage need not go through it again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the flush after a transactional test past the append-only triggers, and bring back the working calendar.

    The calendar comes from a migration; a flush takes it with everything else. Types of content and permissions stay, so
    that they need not be written anew after it. PostgreSQL deletes rows as a replica does, without triggers: TRUNCATE
    makes new files for each table, most of which are empty, and takes ten times as long. The class is changed, not the
    connection: inside a running event loop (Playwright's) Django uses another connection in the same thread.
    """
    from core.append_only import triggers_off
    from core.models import CalendarYear

    with django_db_blocker.unblock():
        calendar = list(CalendarYear.objects.all())
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_and_refill(operations: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        found = sorted(set(re.findall(r'"(\w+)"', " ".join(sql_list))) - STAYING)
        empty = [f'DELETE FROM "{table}"' for table in found]
        if operations.connection.vendor == "postgresql":
            flush(operations, ["SET LOCAL session_replication_role = replica", "; ".join(empty)])
        else:
            with triggers_off(operations.connection):
                flush(operations, empty)
        CalendarYear.objects.bulk_create(calendar)

    BaseDatabaseOperations.execute_sql_flush = flush_and_refill  # type: ignore[method-assign]
    with mock.patch("django.core.management.commands.flush.emit_post_migrate_signal"):
        yield
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


def mark_here(script: Path, order: Mapping[str, Any], data: bytes, name: str, limits: Limits) -> bytes:
    """What the script that marks an uploaded roster does, in this process."""
    try:
        return mark(order, data)
    except Exception as error:
        raise Refusal("file_broken", name) from error


@pytest.fixture(scope="module", autouse=True)
def marked_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every claim of a test has a roster, and the child process that marks it reads openpyxl anew each time.

    Tests of documents, of killed workers and of the browser have the child.
    """
    if {"documents", "e2e"} & set(request.path.parts):
        yield
        return
    with mock.patch("documents.rosters.results.run_contained", mark_here):
        yield
