"""Background work of payments; the work itself stands beside its commands."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs import Run, scheduled, task
from core.timeline import SYSTEM
from payments import files, reconciliation, result_jobs
from payments.recovery.rechecks import list_due


@task(files.TASK, label=gettext_lazy("生成支付文件"), attempts=5)
def payment_files(run: Run) -> dict[str, Any]:
    """The files of a sealed batch in one format."""
    return files.make_files(run)


@task(result_jobs.KIND, label=gettext_lazy("导入银行回单"))
def result(run: Run) -> dict[str, Any]:
    """A bank's answer into its batch: whole and once, or not at all."""
    return result_jobs.carry_out(run)


@scheduled("20 2 * * *")
@task("payments.list_rechecks", label=gettext_lazy("列出满三个月的参保复核"))
def rechecks(run: Run) -> dict[str, Any]:
    """Workers paid three months ago whose insurance nobody has looked at again (C07)."""
    count = list_due()
    return {"count": count, "say": _("列入%(count)s人") % {"count": count}}


@scheduled("30 4 * * *")
@task("payments.reconcile", label=gettext_lazy("每日对账"), attempts=5)
def reconcile(run: Run) -> dict[str, Any]:
    """Everything compared once a day and kept; what does not balance stands on the finance pages until it does."""
    if not run.checkpoint:
        with run.step(done=1, total=1) as step:
            kept = reconciliation.keep(SYSTEM)
            step.checkpoint = {"run": kept.pk, "say": reconciliation.sentence(kept)}
    return dict(run.checkpoint)
