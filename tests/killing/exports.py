"""Named points of an export where an armed worker kills itself: loaded like any package's `exports.py`."""

import os
from collections.abc import Callable, Iterator
from typing import Any

from documents import exports
from tests.killing.tasks import at

ABSENT = ("rows", "put", "entered", "recorded")  # killed there, nothing of the export may be seen
POINTS = (*ABSENT, "stepped")
ROW = 1500  # into the second chunk


def _dying_after(point: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*given: Any, **named: Any) -> Any:
        answer = work(*given, **named)
        at(point)
        return answer

    return watched


def _dying_among(rows: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    def watched(*given: Any) -> Iterator[Any]:
        for number, row in enumerate(rows(*given), 1):
            if number == ROW:
                at("rows")
            yield row

    return watched


if "YINGONG_KILL_FILE" in os.environ:  # in a worker; the test itself only reads the names
    exports._told = _dying_among(exports._told)
    exports.put = _dying_after("put", exports.put)
    exports.enter = _dying_after("entered", exports.enter)
    exports.record = _dying_after("recorded", exports.record)
    exports._make = _dying_after("stepped", exports._make)
