"""Each job right after the commit, in the process that enqueued it: for tests, scripts and filling the demo.

One attempt; a failure leaves the row waiting or failed exactly as elsewhere, and a worker would go on from there.
"""

from functools import partial

from django.db import transaction

from core.job_rows import Job
from core.jobs.running import run_job


def hand_over(job: Job) -> None:
    """Run it once the caller's transaction is committed; one that must wait for its time is left to a worker."""
    transaction.on_commit(partial(run_job, job.pk, beating=False))
