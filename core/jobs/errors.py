"""Why a run ends before its end, and how a failure is written down without personal data."""

import traceback
from pathlib import Path
from types import TracebackType

from django.conf import settings

from core.errors import Refusal


class Interrupted(BaseException):
    """A run must stop here. Not an Exception: a task that catches its own faults must not catch this."""


class Lost(Interrupted):
    """The lease went to another worker, or somebody ended the job: nothing more may be written for it."""


class Cancelled(Interrupted):
    """Somebody asked for the job to be cancelled."""


class Stopping(Interrupted):
    """The worker was told to stop; the job goes on elsewhere from its checkpoint."""


class Again(Refusal):
    """A refusal that time may mend (a service that does not answer): tried again. Every other refusal fails at once."""


def in_words(error: BaseException) -> tuple[str, str]:
    """(code, message) for the row: no values, because a value may be a name or an ID number.

    A refusal keeps its code, and its sentence when that stands word for word in the code that raised it; a sentence
    with something put in is left out. Any other exception is its class and our own line. Locals are never read.
    """
    where = _our_line(error.__traceback__)
    if isinstance(error, Refusal):
        fixed = _stands_in_code(error)
        return error.code[:80], (error.message if fixed else f"{type(error).__name__} {where}")[:300]
    return type(error).__name__[:80], where[:300]


def _stands_in_code(error: Refusal) -> bool:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return False
    code, known = last.tb_frame.f_code, last.tb_frame.f_globals
    named = [known.get(name) for name in code.co_names]
    return any(isinstance(text, str) and text == error.message for text in (*code.co_consts, *named))


def _our_line(trace: TracebackType | None) -> str:
    root = Path(settings.BASE_DIR)
    ours = [
        f"{Path(frame.f_code.co_filename).relative_to(root)}:{line}"
        for frame, line in traceback.walk_tb(trace)
        if Path(frame.f_code.co_filename).is_relative_to(root) and "site-packages" not in frame.f_code.co_filename
    ]
    return ours[-1] if ours else ""
