"""Making the PDFs of issued papers in the background: what waits, one after the other, each stored once.

Workers are processes that stay: fonts and style sheets are read with the first paper and kept. As many papers are
made side by side as there are workers, because each transaction that issues has a job of its own; WeasyPrint is not
safe in threads. A worker that is killed leaves its job to another, which makes what is left.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.job_rows import LIVE
from core.jobs import Run
from core.models import Event
from documents.models import Paper
from documents.papers.issuing import SIGNS_MISSING, chain_of, pdf_of

NAMED = 5  # papers a sentence names; the others are counted


def make_all(run: Run) -> dict[str, Any]:
    """The work of the job `papers.render`. Raises the first failure once all others are made."""
    waiting = list(_waiting(run).order_by("issued_at", "number").values_list("pk", flat=True))
    failure: Exception | None = None
    for done, pk in enumerate(waiting):
        run.tell(done=done, total=len(waiting), saying=_("制作文书文件"))
        try:
            pdf_of(Paper.objects.get(pk=pk))
        except Exception as error:  # any fault of one template or one content
            failure = failure or error
    run.tell(done=len(waiting), total=len(waiting), saying=_("制作文书文件"))
    if failure is not None:
        raise failure
    return {"count": len(waiting), "say": _("制作%(count)s份") % {"count": len(waiting)} + _odd(waiting)}


def _waiting(run: Run) -> QuerySet[Paper]:
    """Papers without a PDF: of this job's transaction, or, asked by the schedule, of no job that is still live."""
    papers = Paper.objects.filter(bytes=None)
    return papers.filter(job=run.job_id) if run.arguments else papers.exclude(job__state__in=LIVE)


def _odd(made: list[UUID]) -> str:
    """Which of them have signs that no font holds: somebody must install one and have them issued anew."""
    chains = [f"paper:{pk}" for pk in made]
    noted = set(Event.objects.filter(chain__in=chains, verb=SIGNS_MISSING).values_list("chain", flat=True))
    numbers = [paper.number for paper in Paper.objects.filter(pk__in=made) if chain_of(paper) in noted]
    if not numbers:
        return ""
    named = "、".join(numbers[:NAMED]) + ("…" if len(numbers) > NAMED else "")
    words = _("，其中%(count)s份含有现有字体无法显示的字，请补装字体后核对：%(numbers)s")
    return words % {"count": len(numbers), "numbers": named}
