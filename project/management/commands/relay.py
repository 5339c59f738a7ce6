"""`manage.py relay [--once]`: publish the ids of committed jobs to the broker, and fire scheduled work."""

import logging
import signal
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from core import clock
from core.jobs import fire_due
from core.jobs.relaying import relay

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "For YINGONG_JOBS=celery: publish jobs after their commit; two at once do no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.JOBS_CARRIER != "celery":
            raise CommandError("The relay belongs to YINGONG_JOBS=celery; other carriers need none.")
        from project.celery import send

        if options["once"]:
            self.stdout.write(str(relay(send)))
            return
        told = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        planned = float("-inf")
        while not told.is_set():
            try:
                if clock.ticks() - planned >= settings.JOBS_SCHEDULE_SECONDS:
                    fire_due()
                    planned = clock.ticks()
                relay(send)
            except OperationalError:  # nothing is lost: the rows wait
                log.warning("relay: the broker does not answer")
            except DatabaseError as error:
                log.warning("relay: %s", type(error).__name__)
                connection.close()
            told.wait(settings.JOBS_POLL_SECONDS)
