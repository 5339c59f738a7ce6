"""The real import of a bank's answer, with named points at which a worker can be told to die."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from core.jobs import Run
from payments import bank_results, result_jobs
from tests.killing.tasks import at


def between(module: ModuleType, name: str, before: str, after: str) -> None:
    """Points before and after a function of the import; an empty name is none."""
    inner: Callable[..., Any] = getattr(module, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        at(before)
        answer = inner(*args, **kwargs)
        at(after)
        return answer

    setattr(module, name, watched)


between(result_jobs, "examine", "reading", "examined")
between(bank_results, "judged_for", "locked", "judged")
between(bank_results, "insert_rows", "", "filed")
between(bank_results, "answer_transfers", "booking", "booked")
between(result_jobs, "save", "saving", "saved")
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
