"""Papers are issued once: numbered, frozen, rendered once, and served again unchanged."""

import secrets
import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from core import clock
from core.jobs import Job, enqueue
from core.numbering import take
from core.timeline import SYSTEM, record
from documents.files import enter, put, read
from documents.models import Paper, PaperBytes
from documents.papers.codec import freeze, thaw
from documents.papers.content import Content
from documents.papers.kinds import content_class
from documents.seals import sealed

if TYPE_CHECKING:
    from documents.papers.rendering import Rendered

RENDER = "papers.render"
SIGNS_MISSING = "signs_missing"
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is taken for something else on paper
CODE_LENGTH = 10
LONGEST_QUESTION = 60


def issue(*, kind: str, content: Content, subject: str, by_label: str, number: str | None = None) -> Paper:
    """Number and freeze a paper in the caller's transaction; a rollback gives the number back.

    `number` is taken from the series of kind and year unless given (payment papers bring the batch's own).
    ValueError when the content is not of this kind. The PDF is made in the background, by one job for all papers of
    the transaction, or by whoever opens it sooner (`pdf_of`).
    """
    if not isinstance(content, content_class(kind)):
        raise ValueError(f"{type(content).__name__} is no content of a paper of kind {kind}")
    with transaction.atomic():
        return Paper.objects.create(
            kind=kind,
            number=number or _next_number(content),
            code="".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)),
            subject=subject,
            title=content.title,
            content=freeze(content),
            public=content.public(),
            amount_fen=content.amount_fen,
            issued_on=clock.today(),
            issued_at=clock.now(),
            issued_by_label=by_label,
            job=_job_of_transaction(),
        )


class _Taking:
    """Waits among the calls after the commit, as long as the transaction lasts: papers it issues are this job's.

    With a savepoint that is rolled back it goes as the job's row does.
    """

    def __init__(self, job: Job) -> None:
        self.job, self.over = job, False

    def __call__(self) -> None:
        self.over = True


def _job_of_transaction() -> Job | None:
    """The job that makes the PDFs of what this transaction issues, enqueued in it with its first paper.

    None with the inline carrier, which would make them within the request: there whoever opens a paper makes it.
    """
    if settings.JOBS_CARRIER == "inline":
        return None
    for _savepoints, call, _robust in connection.run_on_commit:
        if isinstance(call, _Taking) and not call.over:
            return call.job
    job = enqueue(RENDER, arguments={"issued": True})
    transaction.on_commit(_Taking(job))
    return job


def _next_number(content: Content) -> str:
    if not content.SERIES:
        raise ValueError(f"a paper of kind {content.KIND} brings its own number")
    year = clock.today().year
    return f"{content.SERIES}-{year}-{take(f'paper:{content.KIND.value}:{year}'):0{content.DIGITS}d}"


def rendered(paper: Paper, content: Content) -> "Rendered":
    """The paper drawn. Only here is WeasyPrint loaded: it is a quarter of what a process loads, and most draw nothing."""
    from documents.papers import rendering

    return rendering.rendered(paper, content)


def pdf_of(paper: Paper) -> bytes:
    """The paper's PDF: rendered and sealed at the first call, afterwards the stored bytes.

    Two calls at once render twice and store once: the row is written under the paper's lock. Refuses
    `seal_unavailable` while the seal cannot be had: the paper then has no PDF, and whoever asks later makes it. Signs
    that no font could draw do not stop the paper (its number is given, the decision stands): their count is recorded
    in its chain, and the job says so.
    """
    if made := _made(paper):
        return read(made.file)
    drawn = rendered(paper, content_of(paper))
    data = sealed(drawn.data)
    laid = put(data)
    with transaction.atomic():
        Paper.objects.select_for_update().only("pk").get(pk=paper.pk)
        if made := _made(paper):
            return read(made.file)
        file = enter(laid, name=f"{paper.number}.pdf", content_type="application/pdf", by_id=None)
        PaperBytes.objects.create(paper=paper, file=file, made_at=clock.now())
        if drawn.missing_signs:
            record(chain_of(paper), SIGNS_MISSING, by=SYSTEM, data={"signs": drawn.missing_signs})
    return data


def chain_of(paper: Paper) -> str:
    """The chain of events of the paper itself."""
    return f"paper:{paper.pk}"


def content_of(paper: Paper) -> Content:
    """What the paper prints, as its dataclass."""
    return thaw(content_class(paper.kind), paper.content)


def _made(paper: Paper) -> PaperBytes | None:
    return PaperBytes.objects.select_related("file").filter(paper=paper).first()


def find(text: str) -> Paper | None:
    """The paper with this number or verification code, as typed: spaces, case and full width do not matter."""
    if len(text) > LONGEST_QUESTION:
        return None
    asked = "".join(unicodedata.normalize("NFKC", text).split()).replace("–", "-").replace("—", "-").upper()
    if not asked or "\0" in asked:
        return None
    papers = Paper.objects.select_related("mark__replacement").defer("content", "mark__replacement__content")
    return papers.filter(Q(number=asked) | Q(code=asked)).first()
