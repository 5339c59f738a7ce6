"""What every test shares, on both engines: keys, database, which tests run where."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations

STAYING = {"django_content_type", "auth_permission"}


def pytest_configure(config: pytest.Config) -> None:
    """Make the throw-away keys before any worker or child process starts."""
    from core.privacy import make_ring_file
    from documents.seals.certificates import make_local_seal

    make_ring_file(settings.KEYS_FILE)
    make_local_seal()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out (not skip) what this engine cannot run and what is for the night; keep the browser on one worker."""
    nightly = "nightly" in (config.option.markexpr or "")
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    kept, left_out = [], []
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        fits = (nightly or not item.get_closest_marker("nightly")) and (
            on_postgres or not item.get_closest_marker("postgres")
        )
        (kept if fits else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


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
