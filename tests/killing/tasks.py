"""Tasks that leave a trace row an item, and can be killed at a named point; careful ones and careless ones.

The trace table has no unique constraint: it shows what happened. `arm` names the point where the next worker that
comes by kills itself with SIGKILL.
"""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection

from core.jobs import Run, task
from core.numbering import take

CAREFUL, DOUBLING, LOSING = "killing.careful", "killing.doubling", "killing.losing"
POINTS = ("start", "before", "inside", "writing", "after", "end")
TABLE = "killing_trace"
ITEM_SECONDS = 0.01


def arm(file: Path, point: str, item: int) -> None:
    """The next worker that is at `point` of `item` dies there."""
    file.with_suffix(".new").write_text(f"{point} {item}")
    file.with_suffix(".new").rename(file)


def at(point: str, item: int = 0) -> None:
    """Die here when it is armed for here; one worker only."""
    file = Path(os.environ["YINGONG_KILL_FILE"])
    with suppress(FileNotFoundError):
        if file.read_text() == f"{point} {item}":
            file.rename(file.with_suffix(f".{os.getpid()}"))
            os.kill(os.getpid(), signal.SIGKILL)


def trace(run: Run, item: int, number: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (job, item, number, pid) VALUES (%s, %s, %s, %s)",
            [str(run.job_id), item, number, os.getpid()],
        )


def items(run: Run) -> range:
    return range(run.checkpoint.get("item", 0) + 1, run.arguments["items"] + 1)


@task(CAREFUL, label="逐项", attempts=3)
def careful(run: Run) -> dict[str, int]:
    at("start")
    write = run._write

    def watched(columns: Mapping[str, Any]) -> None:
        at("writing", columns["done"])
        write(columns)

    run._write = watched  # type: ignore[method-assign]
    for item in items(run):
        at("before", item)
        with run.step(done=item, total=run.arguments["items"], checkpoint={"item": item}):
            trace(run, item, take("killing"))
            time.sleep(ITEM_SECONDS)
            at("inside", item)
        at("after", item)
    at("end")
    return {"items": run.arguments["items"]}


@task(DOUBLING, label="先写后记", attempts=3)
def doubling(run: Run) -> None:
    """Writes outside the step, then notes it: killed between the two, it writes again."""
    for item in items(run):
        trace(run, item)
        at("inside", item)
        with run.step(checkpoint={"item": item}):
            pass


@task(LOSING, label="先记后写", attempts=3)
def losing(run: Run) -> None:
    """Notes it, then writes outside the step: killed between the two, it never writes."""
    for item in items(run):
        with run.step(checkpoint={"item": item}):
            pass
        at("inside", item)
        trace(run, item)
