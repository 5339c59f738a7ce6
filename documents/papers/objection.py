"""异议处理告知书: what became of an objection, with the reasons, to whoever made it (brief 2.6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from documents.models import Paper
from documents.papers.letters import Addressee


@dataclass(frozen=True, slots=True)
class ObjectionContent:
    """An objection that was decided. `recipient` is whom the notice published; `upheld` says which way it went."""

    KIND: ClassVar = Paper.Kind.OBJECTION
    SERIES: ClassVar[str] = "YF"
    DIGITS: ClassVar[int] = 4
    TEMPLATE: ClassVar[str] = "papers/objection.html"
    STYLE: ClassVar[str] = "letter.css"

    to: Addressee
    objection_number: str
    notice_number: str
    received_on: date
    recipient: str
    kind_label: str
    upheld: bool
    findings: str
    reasons: str
    scheme_label: str
    doc_no: str
    scheme_title: str = ""

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("an answer to an objection names its reasons")

    @property
    def title(self) -> str:
        return "异议处理告知书"

    @property
    def amount_fen(self) -> int | None:
        return None

    def public(self) -> dict[str, Any]:
        return self.to.public()
