"""Runs a small script in a child process with limits on memory and time; killing it loses nothing."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from core.errors import Refusal
from documents.spreadsheets.limits import Limits

# -I: no environment, no user packages, no current folder. The limits are set before the script loads anything.
_PRELUDE = """
import resource, runpy, sys
memory, seconds = int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
runpy.run_path(sys.argv[1], run_name="__main__")
"""
_OUT_OF_MEMORY = 70  # what our scripts exit with after a MemoryError
_ABORTED = (-6, -9, -11, _OUT_OF_MEMORY)  # how native code ends when it cannot have the memory it asks for
_OUT_OF_TIME = (-24,)


def run_contained(script: Path, order: Mapping[str, object], data: bytes, name: str, limits: Limits) -> bytes:
    """What the script answers on its standard output, given one line of JSON and then the bytes.

    Refuses with `file_timeout`, `file_too_large` (memory) or `file_broken`; `name` is only for the sentence.
    """
    command = [sys.executable, "-I", "-c", _PRELUDE, str(script), str(limits.memory_bytes), str(limits.cpu_seconds)]
    with subprocess.Popen(  # noqa: S603 (our own interpreter and script; no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, close_fds=True
    ) as child:
        try:
            answer, _ = child.communicate(json.dumps(order).encode() + b"\n" + data, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise _too_slow(name) from None
    if child.returncode == 0:
        return answer
    if child.returncode in _OUT_OF_TIME:
        raise _too_slow(name)
    if child.returncode in _ABORTED:
        raise Refusal(
            "file_too_large", f"文件“{name}”的内容太大，无法读取。请删除多余的行列和工作表，或分成几个文件后再上传。"
        )
    raise Refusal("file_broken", f"文件“{name}”已损坏或内容不完整，无法读取。请用Excel或WPS打开并另存为xlsx后再上传。")


def _too_slow(name: str) -> Refusal:
    return Refusal(
        "file_timeout",
        f"文件“{name}”读取时间过长，已停止。请删除多余的内容，或分成几个文件后再上传；多次出现请联系管理员。",
    )
