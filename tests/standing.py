"""A state of the database that the tests of one file share: made once, and each test's own writing undone on top of it.

`standing` opens a transaction around the file's tests; the one that each test runs in is then a savepoint of it. Not
for files with transactional tests, which have no transaction around them.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.test import override_settings

Made = TypeVar("Made")


@contextmanager
def standing(blocker: Any, make: Callable[[], Made], *, files: Path | None = None) -> Iterator[Made]:
    """What `make` returns and the rows it wrote, until the end of the block; what it stored lies in `files`.

    Give each test a `fresh` copy: what one test does to an object must not reach the next.
    """
    with ExitStack() as stack:
        if files:
            stack.enter_context(override_settings(MEDIA_ROOT=files))
        whole = transaction.atomic()
        whole._from_testcase = True  # type: ignore[attr-defined]  # as of a TestCase: durable blocks are allowed inside
        with blocker.unblock():
            whole.__enter__()
            try:
                made = make()
            except BaseException:
                transaction.set_rollback(True)
                whole.__exit__(None, None, None)
                raise
        try:
            yield made
        finally:
            with blocker.unblock():
                transaction.set_rollback(True)
                whole.__exit__(None, None, None)


def fresh(made: Made) -> Made:
    """A copy of what stands, for one test."""
    return copy.deepcopy(made)
