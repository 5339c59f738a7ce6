"""The rows carry themselves: `manage.py work` looks for those that are due."""

from core.job_rows import Job


def hand_over(job: Job) -> None:
    """Nothing to do: a worker finds the row."""
