"""不予支持告知书: refusal with reasons and remedies (行政复议法 Art. 20, 行政诉讼法 Art. 46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from documents.models import Paper
from documents.papers.letters import Addressee, Reason


@dataclass(frozen=True, slots=True)
class RefusalContent:
    """A claim refused as a whole. At least one reason."""

    KIND: ClassVar = Paper.Kind.REFUSAL
    SERIES: ClassVar[str] = "BY"
    DIGITS: ClassVar[int] = 4
    TEMPLATE: ClassVar[str] = "papers/refusal.html"
    STYLE: ClassVar[str] = "letter.css"

    to: Addressee
    claim_number: str
    kind_label: str
    filed_on: date
    filed_count: int
    reasons: Sequence[Reason]
    scheme_label: str
    doc_no: str
    scheme_title: str = ""

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("a refusal names its reasons")

    @property
    def title(self) -> str:
        return "不予支持告知书"

    @property
    def amount_fen(self) -> int | None:
        return None

    def public(self) -> dict[str, Any]:
        return self.to.public()
