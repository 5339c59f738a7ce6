"""Papers are issued once: numbered, frozen, rendered once, and served again unchanged."""

import secrets
import unicodedata

from django.db import transaction
from django.db.models import Q

from core import clock
from core.numbering import take
from documents.files import enter, put, read
from documents.models import Paper, PaperBytes
from documents.papers.codec import freeze, thaw
from documents.papers.content import Content
from documents.papers.kinds import content_class
from documents.papers.rendering import render
from documents.seals import sealed

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is taken for something else on paper
CODE_LENGTH = 10
LONGEST_QUESTION = 60


def issue(*, kind: str, content: Content, subject: str, by_label: str, number: str | None = None) -> Paper:
    """Number and freeze a paper in the caller's transaction; a rollback gives the number back.

    `number` is taken from the series of kind and year unless given (payment papers bring the batch's own).
    ValueError when the content is not of this kind. The PDF is made when it is first asked for (`pdf_of`).
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
        )


def _next_number(content: Content) -> str:
    if not content.SERIES:
        raise ValueError(f"a paper of kind {content.KIND} brings its own number")
    year = clock.today().year
    return f"{content.SERIES}-{year}-{take(f'paper:{content.KIND.value}:{year}'):0{content.DIGITS}d}"


def pdf_of(paper: Paper) -> bytes:
    """The paper's PDF: rendered and sealed at the first call, afterwards the stored bytes.

    Two calls at once render twice and store once: the row is written under the paper's lock. Refuses
    `seal_unavailable` while the seal cannot be had: the paper then has no PDF, and whoever asks later makes it.
    """
    if made := _made(paper):
        return read(made.file)
    data = sealed(render(paper, content_of(paper)))
    laid = put(data)
    with transaction.atomic():
        Paper.objects.select_for_update().only("pk").get(pk=paper.pk)
        if made := _made(paper):
            return read(made.file)
        file = enter(laid, name=f"{paper.number}.pdf", content_type="application/pdf", by_id=None)
        PaperBytes.objects.create(paper=paper, file=file, made_at=clock.now())
    return data


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
