"""核减告知书: lines that are not paid, each with its reason, and the remedies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from documents.models import Paper
from documents.papers.content import require_masked
from documents.papers.letters import Addressee, Reason


@dataclass(frozen=True, slots=True)
class DeductedLine:
    seq: int
    name: str
    masked_id: str
    reason: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class DeductionContent:
    """Counts are persons; `approved_fen` is what the remaining lines are worth."""

    KIND: ClassVar = Paper.Kind.DEDUCTION
    SERIES: ClassVar[str] = "HJ"
    DIGITS: ClassVar[int] = 4
    TEMPLATE: ClassVar[str] = "papers/deduction.html"
    STYLE: ClassVar[str] = "letter.css"

    to: Addressee
    claim_number: str
    kind_label: str
    filed_on: date
    filed_count: int
    live_count: int
    approved_fen: int
    lines: Sequence[DeductedLine]
    scheme_label: str
    doc_no: str
    scheme_title: str = ""

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a deduction names its lines")
        for line in self.lines:
            require_masked({_("名单证件号码"): line.masked_id})

    @property
    def title(self) -> str:
        return "核减告知书"

    @property
    def amount_fen(self) -> int | None:
        return None

    @property
    def reasons(self) -> list[Reason]:
        """The distinct reasons, in the order of their first line."""
        return list(dict.fromkeys(Reason(line.reason, line.article) for line in self.lines))

    def public(self) -> dict[str, Any]:
        return self.to.public()
