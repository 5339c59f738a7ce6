"""`bin/serve`: the server and a worker beside it; what stops one stops the other, and nothing is left behind."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 60.0  # seconds; how long a fault may take to show, not how long the thing takes
ENDED = "SELECT count(*) FROM core_scheduledrun"


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def alive(group: int) -> bool:
    """Is any process of the group left (zombies are not)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, process_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(process_group) == group and state != "Z":
            return True
    return False


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and an empty SQLite database, made once."""
    var = tmp_path_factory.mktemp("prepared")
    for command in ("make_keys", "migrate"):
        ran = [sys.executable, "manage.py", command]
        subprocess.run(ran, cwd=settings.BASE_DIR, env=environment(var), check=True, stdout=subprocess.DEVNULL)
    return var


def environment(var: Path, **more: str) -> dict[str, str]:
    """The surroundings of a desk of its own: SQLite, the business date of the demo."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("YINGONG_", "DATABASE_"))}
    return bare | {
        "YINGONG_VAR": str(var), "YINGONG_BUSINESS_DATE": "2025-11-24", "DJANGO_SETTINGS_MODULE": "project.settings",
        **more,
    }  # fmt: skip


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A desk of its own, served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    var = tmp_path / "var"
    shutil.copytree(prepared, var)
    around = environment(var, YINGONG_PYTHON=sys.executable, PORT=str(port))
    # A shell that was started in the background passes on that Ctrl+C is ignored; nobody could trap it then.
    command = ["env", "--default-signal=INT", "bash", "bin/serve"]
    served = subprocess.Popen(command, cwd=settings.BASE_DIR, env=around, start_new_session=True)
    try:
        until(lambda: answers(port), "the server")
        yield served, port, var
    finally:
        if alive(served.pid):
            os.killpg(served.pid, signal.SIGKILL)
        served.wait()


def planned_runs(var: Path) -> int:
    with sqlite3.connect(f"file:{var}/yingong.sqlite3?mode=ro", uri=True) as database:
        return int(database.execute(ENDED).fetchone()[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_both_work_and_stop_together(desk: tuple[subprocess.Popen[bytes], int, Path], number: signal.Signals) -> None:
    served, port, var = desk
    until(lambda: planned_runs(var) > 0, "the worker's first look at the schedule")
    served.send_signal(number)
    assert served.wait(PATIENCE) == 0
    until(lambda: not alive(served.pid), "the end of every process")
    assert not answers(port)


def test_a_dead_worker_takes_the_server_with_it(desk: tuple[subprocess.Popen[bytes], int, Path]) -> None:
    served, port, _var = desk
    children = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    worker = next(pid for pid in children if b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))
    os.kill(int(worker), signal.SIGKILL)
    assert served.wait(PATIENCE) == 128 + signal.SIGKILL
    until(lambda: not alive(served.pid), "the end of every process")
    assert not answers(port)
