"""Work outside the request: enqueue it with its cause, write it as a task, follow it by its `Job` row.

    @task("papers.render", label=_("生成文书"), attempts=5)      # in <package>/tasks.py
    def render(run: Run) -> dict:
        for done, pk in enumerate(left, 1):
            with run.step(done=done, total=total, checkpoint={"last": pk}):
                ...                                              # commits together with the checkpoint, or not at all
        return {"file": "<uuid>"}

    enqueue("papers.render", arguments={"paper": 3}, by=actor, key="3")   # in the transaction that causes it

Decision 0007 says why it is made like this.
"""

from core.job_rows import Job, JobState, ScheduledRun
from core.jobs.errors import Again, Cancelled, Lost, Stopping
from core.jobs.queue import cancel, enqueue, retry
from core.jobs.running import execute, lease, run_job, run_waiting
from core.jobs.runs import Run, Step
from core.jobs.schedule import fire_due, planned, run_scheduled, scheduled
from core.jobs.tasks import Task, task

__all__ = [
    "Again", "Cancelled", "Job", "JobState", "Lost", "Run", "ScheduledRun", "Step", "Stopping", "Task",
    "cancel", "enqueue", "execute", "fire_due", "lease", "planned", "retry", "run_job", "run_scheduled",
    "run_waiting", "scheduled", "task",
]  # fmt: skip
