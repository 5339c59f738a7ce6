"""`manage.py work`: do background work until told to stop (SIGTERM: the step at hand commits, then the end)."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs.working import Supervisor, Worker


class Command(BaseCommand):
    help = "Take background jobs from the database and do them; any number of workers may run."

    def add_arguments(self, parser: CommandParser) -> None:
        ending = parser.add_mutually_exclusive_group()
        ending.add_argument("--once", action="store_true", help="at most one job, then end")
        ending.add_argument("--until-empty", action="store_true", help="end when no job waits or runs")
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="workers under one supervisor")
        parser.add_argument("--parent", type=int, help="end when this process is gone (the supervisor sets it)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["processes"] > 1 and not options["once"]:
            arguments = ["--until-empty"] if options["until_empty"] else []
            code = Supervisor(options["processes"], arguments).run(restarting=not options["until_empty"])
            sys.exit(code)
        worker = Worker(parent=options["parent"])
        worker.listen()
        if options["once"]:
            worker.once()
        elif options["until_empty"]:
            worker.until_empty()
        else:
            worker.forever()
