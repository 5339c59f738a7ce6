"""Where killed workers cost little: one process reads all code once and forks a `manage.py work` when it is asked.

A line on its input is `work`, with the command's arguments, and is answered with the child's id; or `ended` and a
child's id, answered with its exit code as `subprocess` gives it, or with nothing while it runs. Its arguments are
modules to read before the first fork. Nothing is connected or drawn before it, so each child is as a worker that was
started by itself. Its children end after their step when it is gone.
"""

import os
import sys
from importlib import import_module

import django


def worker(arguments: list[str]) -> int:
    """The id of a new worker."""
    from django.core.management import call_command

    own, child = os.getpid(), os.fork()
    if child:
        return child
    code = 1
    try:
        os.close(0)
        call_command("work", *arguments, parent=own)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    django.setup()
    for module in ("workflows.tasks", *sys.argv[1:]):
        import_module(module)
    codes: dict[int, int] = {}
    for line in sys.stdin:
        word, *given = line.split()
        if word == "work":
            print(worker(given), flush=True)
            continue
        pid = int(given[0])
        if pid not in codes and (ended := os.waitpid(pid, os.WNOHANG))[0]:
            codes[pid] = os.waitstatus_to_exitcode(ended[1])
        print(codes.get(pid, ""), flush=True)


if __name__ == "__main__":
    main()
