"""补正通知书: asked once, what to supply and until when; only the named parts are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from documents.models import Paper
from documents.papers.letters import Addressee


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """`part` names what opens (第3行 张*三; 劳动合同), `what` says what is to be supplied."""

    part: str
    what: str


@dataclass(frozen=True, slots=True)
class CorrectionContent:
    """`provisional` marks a due day that a calendar not yet loaded may move."""

    KIND: ClassVar = Paper.Kind.CORRECTION
    SERIES: ClassVar[str] = "BZ"
    DIGITS: ClassVar[int] = 4
    TEMPLATE: ClassVar[str] = "papers/correction.html"
    STYLE: ClassVar[str] = "letter.css"

    to: Addressee
    claim_number: str
    kind_label: str
    filed_on: date
    organ: str  # who asks
    items: Sequence[CorrectionItem]
    due_on: date
    scheme_label: str
    doc_no: str
    note: str = ""
    provisional: bool = False
    scheme_title: str = ""

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("a correction names what to supply")

    @property
    def title(self) -> str:
        return "补正通知书"

    @property
    def amount_fen(self) -> int | None:
        return None

    def public(self) -> dict[str, Any]:
        return self.to.public()
