"""The real import of a roster, with named points at which a worker can be told to die."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from core.jobs import Run
from tests.killing.tasks import at
from workflows import roster_import


def between(name: str, before: str, after: str) -> None:
    """Points before and after a function of the import."""
    inner: Callable[..., Any] = getattr(roster_import, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        at(before)
        answer = inner(*args, **kwargs)
        at(after)
        return answer

    setattr(roster_import, name, watched)


between("examine", "reading", "examined")
between("put_lines", "locked", "written")
between("save", "saving", "entered")
step, write = Run.step, Run._write


@contextmanager
def watched_step(run: Run, **asked: Any) -> Iterator[Any]:
    with step(run, **asked) as found:
        yield found
    at("committed")


def watched_write(run: Run, columns: Any) -> None:
    write(run, columns)
    if "losses" in columns:  # the checkpoint, in the transaction of the step
        at("noted")


Run.step, Run._write = watched_step, watched_write  # type: ignore[method-assign]
