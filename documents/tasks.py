"""Background work on what is kept: papers get their file, and everything is looked over every night."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs import Run, scheduled, task
from documents import exports
from documents.annexes import exporting, importing
from documents.integrity import begin, end, note, total, walk
from documents.papers import making
from documents.papers.issuing import RENDER

CHECK = "documents.integrity"
WORDS = {
    "files": gettext_lazy("核对文件"),
    "papers": gettext_lazy("核对文书"),
    "numbers": gettext_lazy("核对编号"),
    "orphans": gettext_lazy("核对存储"),
    "trail": gettext_lazy("核对办理记录"),
}


@scheduled("*/10 * * * *")
@task(RENDER, label=gettext_lazy("制作文书文件"))
def render(run: Run) -> dict[str, Any]:
    """Issued papers get their PDF, each once: those of the job's own transaction; on schedule all that no job is at.

    One that cannot be made does not keep the others waiting; its error is raised at the end, for the next attempt and
    in the end for a person to see.
    """
    return making.make_all(run)


@scheduled("0 3 * * *")
@task(CHECK, label=gettext_lazy("完整性核对"), attempts=8)
def integrity(run: Run) -> dict[str, Any]:
    """Every file, paper and number, stretch by stretch; broken off, it goes on after the last stretch it noted."""
    if not run.checkpoint:
        whole = total()
        with run.step(total=whole) as step:
            step.checkpoint = {"run": begin().pk, "place": {}, "checked": 0, "total": whole}
    run_id, whole, checked = run.checkpoint["run"], run.checkpoint["total"], run.checkpoint["checked"]
    for stretch in () if run.checkpoint.get("over") else walk(run.checkpoint["place"] or None):
        checked += stretch.checked
        with run.step(done=min(checked, whole), saying=str(WORDS[stretch.part])) as step:
            note(run_id, stretch)
            step.checkpoint = {**run.checkpoint, "place": stretch.place, "checked": checked, "over": not stretch.place}
    with run.step(done=whole, saying=_("核对完毕")):
        ended = end(run_id)
    return {
        "say": _("核对%(checked)s项，发现%(problems)s个问题") % {"checked": ended.checked, "problems": ended.problems}
    }


@task(exports.WRITE, label=gettext_lazy("导出清单"))
def write_export(run: Run) -> dict[str, Any]:
    """A list as a workbook, for whoever asked for it."""
    return exports.write(run)


@task(importing.READ, label=gettext_lazy("预检附件"))
def read_annex(run: Run) -> dict[str, Any]:
    """An uploaded annex compared with the register; nothing of it is written."""
    return importing.carry_out_reading(run)


@task(importing.APPLY, label=gettext_lazy("导入附件"), attempts=8)
def apply_annex(run: Run) -> dict[str, Any]:
    """An annex into the register: whole or not at all, or in steps of which each takes effect once."""
    return importing.carry_out_applying(run)


@task(importing.UNDO, label=gettext_lazy("撤销附件导入"), attempts=8)
def undo_annex(run: Run) -> dict[str, Any]:
    """An import taken back, as long as no other one of its kind followed."""
    return importing.carry_out_undoing(run)


@task(exporting.WRITE, label=gettext_lazy("导出附件"))
def write_annex(run: Run) -> dict[str, Any]:
    """An annex in the official layout, for whoever asked for it."""
    return exporting.carry_out_writing(run)
