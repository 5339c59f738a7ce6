"""Background work of the queue itself: rows that nobody will look for again are cleared away."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.job_rows import Job, JobState, ScheduledRun
from core.jobs import Run, scheduled, task

KEEP_DAYS = 30  # done jobs of the system; those that people asked for stay, with their results
KEEP_DUE_TIMES_DAYS = 400  # longer than the rarest schedule: the last due time of each task must stay known


@scheduled("40 2 * * *")
@task("core.clear_jobs", label=gettext_lazy("清理系统任务记录"))
def clear_jobs(run: Run) -> dict[str, Any]:
    """Delete done jobs that the system asked for, a month after their end; failed ones stay for a person to see."""
    done = Job.objects.filter(state=JobState.DONE, asked_by=None)
    with run.step():
        ScheduledRun.objects.filter(due_at__lt=clock.now() - timedelta(days=KEEP_DUE_TIMES_DAYS)).delete()
        count = done.filter(finished_at__lt=clock.now() - timedelta(days=KEEP_DAYS)).delete()[1].get("core.Job", 0)
    return {"count": count, "say": _("清理%(count)s条") % {"count": count}}
