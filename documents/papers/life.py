"""The life of an issued paper: it holds until it is withdrawn or replaced, once and for good. Nothing is deleted.

Basis: brief 2.2 H; an office that corrects a decision takes the old paper out of force and says by which one.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import WrongState
from core.timeline import record
from documents.models import Paper, PaperMark
from documents.standing import Standing


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of whom a paper's mark keeps the label only."""

    label: str
    user_id: int | None = None
    post_id: int | None = None


def standing_of(paper: Paper) -> Standing:
    """In force, withdrawn or replaced, as the database says now."""
    return (
        Paper.objects.select_related("mark__replacement")
        .only("mark", "mark__replacement__number")
        .get(pk=paper.pk)
        .standing
    )


def withdraw(paper: Paper, *, reason: str, by_label: str) -> PaperMark:
    """Take a paper out of force without another in its place; refuses (`paper_marked`) one that is out already.

    An event is written on the paper's chain (its subject), whose lock the caller holds.
    """
    return _mark(paper, PaperMark.Mark.WITHDRAWN, None, reason, by_label)


def replace(paper: Paper, *, by: Paper, reason: str, by_label: str) -> PaperMark:
    """Put `by` in the place of a paper of the same kind; refuses (`paper_marked`) one that is out of force already.

    ValueError when `by` is the paper itself, older, or of another kind. Event and lock as for `withdraw`.
    """
    if by.pk == paper.pk or by.kind != paper.kind or by.issued_at < paper.issued_at:
        raise ValueError("a paper is replaced by a later one of its kind")
    return _mark(paper, PaperMark.Mark.REPLACED, by, reason, by_label)


def _mark(paper: Paper, mark: str, by: Paper | None, reason: str, by_label: str) -> PaperMark:
    try:
        with transaction.atomic():
            made = PaperMark.objects.create(
                paper=paper, mark=mark, replacement=by, reason=reason[:300], by_label=by_label, at=clock.now()
            )
    except IntegrityError as error:
        raise WrongState(
            "paper_marked", _("%(number)s 已撤回或已被替代，不能再次处理。") % {"number": paper.number}
        ) from error
    data = {"paper": str(paper.pk), "number": paper.number} | ({"replacement": by.number} if by else {})
    record(paper.subject, f"paper_{mark}", by=Named(by_label), data=data)
    return made
