"""A broker carries the ids of jobs to Celery workers; the relay publishes them after the commit, never the request."""

from core.job_rows import Job


def hand_over(job: Job) -> None:
    """Nothing to do: the relay finds the row once it is committed (`core.jobs.relaying`)."""
