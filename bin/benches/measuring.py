"""How the benches measure: CPU time of this process and its children, memory of a child, and lines of the answer.

A line is {"name", "value", "unit", "baseline", "ratio", "target", "ok"}. Machines differ, so where there is a baseline
the ratio to it, taken in the same run, is what a target judges. Without a baseline the target judges the value. A line
without a target is for information and always ok.
"""

import gc
import os
import resource
import statistics
import subprocess
from collections.abc import Callable, Sequence

Line = dict[str, object]


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def cpu_ms(work: Callable[[], object], times: int, *, warm: bool = True) -> float:
    """Median CPU milliseconds of one call, children included; `warm` calls it once before, unmeasured."""
    if warm:
        work()
    taken = []
    for _ in range(times):
        gc.collect()
        start = spent()
        work()
        taken.append((spent() - start) * 1000)
    return statistics.median(taken)


def peak_mb(command: Sequence[str], *, given: bytes = b"") -> float:
    """The largest resident memory, in MB, of a child process; its own children are not counted.

    `given` is its standard input, read whole before it answers. Raises RuntimeError when it does not end well.
    """
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert child.stdin is not None
    child.stdin.write(given)
    child.stdin.close()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the measured process ended with {child.returncode}")
    return usage.ru_maxrss / 1024


def judged(
    name: str, value: float, baseline: float, target: float, *, unit: str = "ms CPU", at_least: bool = False
) -> Line:
    """The ratio to the baseline must not pass the target, or with `at_least` must reach it."""
    ratio = value / baseline
    return _line(name, value, unit, baseline, ratio, target, ratio >= target if at_least else ratio <= target)


def limited(name: str, value: float, target: float, *, unit: str = "ms CPU") -> Line:
    """The value itself must not pass the target (0 failures, 100 ms)."""
    return _line(name, value, unit, None, None, target, value <= target)


def told(name: str, value: float, baseline: float | None = None, *, unit: str = "ms CPU") -> Line:
    """For information: nothing is judged."""
    return _line(name, value, unit, baseline, value / baseline if baseline else None, None, True)


def _line(
    name: str, value: float, unit: str, baseline: float | None, ratio: float | None, target: float | None, ok: bool
) -> Line:
    return {
        "name": name, "value": round(value, 1), "unit": unit,
        "baseline": None if baseline is None else round(baseline, 1),
        "ratio": None if ratio is None else round(ratio, 3), "target": target, "ok": ok,
    }  # fmt: skip
