"""The round of the month and its reminders, as scheduled work (registered by `workflows.tasks`)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.jobs import Run, scheduled, task
from workflows.returns.reminders import send_due
from workflows.returns.rounds import open_round


@scheduled("10 0 * * *")
@task("workflows.open_round", label=gettext_lazy("开始当月月报"))
def open_month(run: Run) -> dict[str, Any]:
    """The month's round, opened on its first day or on the first night after."""
    with run.step():
        round = open_round(month=clock.today())
    return {"say": _("%(round)s月报，截止%(due)s") % {"round": round, "due": round.due_on.isoformat()}}


@scheduled("0 8 * * *")
@task("workflows.remind_returns", label=gettext_lazy("月报催报"))
def remind(run: Run) -> dict[str, Any]:
    """What is due and not yet sent."""
    with run.step():
        count = send_due()
    return {"count": count, "say": _("催报%(count)s条") % {"count": count}}
