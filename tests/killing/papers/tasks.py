"""The real road of a paper from its number to its stored bytes, with points at which a worker can be told to die."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from documents.papers import issuing, making
from tests.killing.tasks import at


def after(module: ModuleType, name: str, point: str) -> None:
    """A point after a function that the module calls."""
    inner: Callable[..., Any] = getattr(module, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        answer = inner(*args, **kwargs)
        at(point)
        return answer

    setattr(module, name, watched)


after(issuing, "take", "numbered")
after(issuing, "_job_of_transaction", "asked")
after(issuing, "rendered", "drawn")
after(issuing, "sealed", "sealed")
after(issuing, "put", "laid")
after(issuing, "enter", "entered")
after(making, "pdf_of", "made")
