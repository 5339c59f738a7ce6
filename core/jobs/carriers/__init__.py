"""How a job gets from its row to a process: one module a carrier, chosen by `settings.JOBS_CARRIER`.

A carrier module has `hand_over(job)`, called in the transaction that writes the row. It may carry the id, never state.
"""

from importlib import import_module

from django.conf import settings

from core.job_rows import Job


def hand_over(job: Job) -> None:
    """Tell the carrier of a job that waits, inside the transaction that made it wait."""
    import_module(f"core.jobs.carriers.{settings.JOBS_CARRIER}").hand_over(job)
