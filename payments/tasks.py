"""Background work of payments."""

from typing import Any

from django.utils.translation import gettext_lazy

from core.jobs import Run, task
from payments import files


@task(files.TASK, label=gettext_lazy("生成支付文件"), attempts=5)
def payment_files(run: Run) -> dict[str, Any]:
    """The files of a sealed batch in one format."""
    return files.make_files(run)
