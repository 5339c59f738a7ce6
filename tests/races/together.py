"""Commands run at the same moment, each in a thread with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import connection

from core.errors import Refusal

DONE = "done"


def at_once(commands: Sequence[Callable[[], Any]], *, times: int = 1) -> list[str]:
    """Release the commands together, each `times` over in its thread; "done" or the refusal's code of every call.

    Whatever is no Refusal comes out of here as itself: it is a fault of the product.
    """
    barrier = Barrier(len(commands))

    def run(command: Callable[[], Any]) -> list[str]:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return [answer_of(command) for _turn in range(times)]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(commands)) as pool:
        return [answer for answers in pool.map(run, commands) for answer in answers]


def answer_of(command: Callable[[], Any]) -> str:
    """ "done", or the refusal's code once it has a sentence to go with it."""
    try:
        command()
    except Refusal as refusal:
        assert len(refusal.message) > 5, f"{refusal.code} says nothing an official can act on"
        return refusal.code
    return DONE


def meeting(function: Callable[..., Any], gate: Barrier, *, seconds: float = 1.0) -> Callable[..., Any]:
    """`function`, after which a thread waits at the gate for the others; with a lock in their way it goes on alone.

    Opens the gap between reading and writing that a race needs, so that it shows every time and not once in a while.
    """

    def called(*args: Any, **more: Any) -> Any:
        found = function(*args, **more)
        with suppress(BrokenBarrierError):
            gate.wait(timeout=seconds)
        return found

    return called
