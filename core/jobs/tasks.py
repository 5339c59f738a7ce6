"""The register of tasks: what kinds of work there are, each with the function that does it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.runs import Run

Work = Callable[["Run"], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of work: `label` is what pages call it, `attempts` how often it is tried before it has failed."""

    kind: str
    label: Any
    attempts: int
    work: Work

    def __call__(self, run: "Run") -> Mapping[str, Any] | None:
        return self.work(run)


_known: dict[str, Task] = {}


def task(kind: str, *, label: Any, attempts: int = 5) -> Callable[[Work], Task]:
    """Register the function below as the work of `kind` ("<package>.<verb>").

    What it returns is kept in the row: ``{"file": "<StoredFile uuid>"}`` offers a download, ``{"url": "/claims/3/"}``
    a link, ``{"say": "…"}`` a sentence; no personal data. `label` may be lazy.
    """

    def register(work: Work) -> Task:
        known = _known.get(kind)
        if known and (known.work.__module__, known.work.__qualname__) != (work.__module__, work.__qualname__):
            raise ValueError(f"two tasks of one kind: {kind}")
        _known[kind] = Task(kind, label, attempts, work)
        return _known[kind]

    return register


def find(kind: str) -> Task | None:
    """The task of a kind, None when this version has none."""
    return _known.get(kind)


def all_tasks() -> Iterable[Task]:
    """Every registered task, by kind."""
    return [_known[kind] for kind in sorted(_known)]
