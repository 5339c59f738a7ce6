"""Celery as a carrier of jobs (`YINGONG_JOBS=celery`): messages hold a job's id and nothing else.

celery -A project.celery worker          does the work
manage.py relay                          publishes what was committed
"""

import multiprocessing
import os
from typing import Any
from uuid import UUID

import django
from celery import Celery
from celery.signals import worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup()

from django.conf import settings  # noqa: E402 (settings first)
from django.db import close_old_connections  # noqa: E402

from core.jobs import run_job  # noqa: E402

app = Celery("yingong")
app.conf.update(
    broker_url=settings.JOBS_BROKER,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_connect_timeout": 5, "socket_timeout": 10, "max_retries": 1},
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="yingong",
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
)
STOP = multiprocessing.Event()  # shared with the pool's processes, which are forked after this line


@worker_shutting_down.connect
def _told_to_stop(**kwargs: Any) -> None:
    STOP.set()


@app.task(name="yingong.run")
def run(job_id: str) -> str | None:
    """Take this job's lease and do it, as a worker of the database carrier would; its state, None when it was taken."""
    close_old_connections()
    try:
        return run_job(UUID(job_id), stopping=STOP.is_set)
    finally:
        close_old_connections()


def send(job_id: UUID) -> None:
    """Publish a job's id; raises `kombu.exceptions.OperationalError` when the broker is away."""
    app.send_task("yingong.run", args=[str(job_id)], retry=False)
