"""Background work of payments; the work itself stands beside its commands."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import acting_in
from core.jobs import Run, scheduled, task
from core.timeline import SYSTEM
from payments import batch_pack, files, reconciliation, reconciliation_pages, result_jobs
from payments.recovery.rechecks import list_due


@task(files.TASK, label=gettext_lazy("生成支付文件"), attempts=5)
def payment_files(run: Run) -> dict[str, Any]:
    """The files of a sealed batch in one format."""
    return files.make_files(run)


@task(result_jobs.KIND, label=gettext_lazy("导入银行回单"))
def result(run: Run) -> dict[str, Any]:
    """A bank's answer into its batch: whole and once, or not at all."""
    return result_jobs.carry_out(run)


@task(batch_pack.KIND, label=gettext_lazy("整理批次全部文书"))
def pack(run: Run) -> dict[str, Any]:
    """All papers of a batch as one zip."""
    return batch_pack.make_pack(run)


@scheduled("20 2 * * *")
@task("payments.list_rechecks", label=gettext_lazy("列出满三个月的参保复核"))
def rechecks(run: Run) -> dict[str, Any]:
    """Workers paid three months ago whose insurance nobody has looked at again (C07)."""
    count = list_due()
    return {"count": count, "say": _("列入%(count)s人") % {"count": count}}


@scheduled("30 4 * * *")
@task(reconciliation_pages.KIND, label=gettext_lazy("对账"), attempts=5)
def reconcile(run: Run) -> dict[str, Any]:
    """Everything compared and kept, once a day or when asked; what does not balance stands on the finance pages."""
    if not run.checkpoint:
        done = reconciliation.reconcile(
            lambda done, saying: run.tell(done=done, total=reconciliation.STAGES, saying=saying)
        )
        with run.step(done=reconciliation.STAGES, total=reconciliation.STAGES) as step:
            kept = reconciliation.keep(run.started_by(acting_in) or SYSTEM, done)
            step.checkpoint = {"run": kept.pk, "say": reconciliation.sentence(kept)}
    return dict(run.checkpoint)
