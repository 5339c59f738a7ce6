"""Background work of payments; the work itself stands beside its commands."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.jobs import Run, task
from payments import files, result_jobs


@task(files.TASK, label=gettext_lazy("生成支付文件"), attempts=5)
def payment_files(run: Run) -> dict[str, Any]:
    """The files of a sealed batch in one format."""
    return files.make_files(run)


@task(result_jobs.KIND, label=gettext_lazy("导入银行回单"))
def result(run: Run) -> dict[str, Any]:
    """A bank's answer into its batch: whole and once, or not at all."""
    return result_jobs.carry_out(run)
