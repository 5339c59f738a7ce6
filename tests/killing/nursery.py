"""Where killed workers cost little: one process reads all code once and forks a `manage.py work` for each line it reads.

Nothing is connected or drawn before the fork, so each child is as a worker that was started by itself. It answers with
the child's id, and its children end after their step when it is gone.
"""

import os
import signal
import sys

import django


def main() -> None:
    django.setup()
    import weasyprint  # noqa: F401 (read once, for all)
    from django.core.management import call_command

    import workflows.tasks  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave no trace that would have to be asked for
    own = os.getpid()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            call_command("work", parent=own)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
