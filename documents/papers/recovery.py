"""追回通知书: money paid wrongly is asked back, with facts, basis, deadline and remedies (行政复议法 Art. 20, 行政诉讼法 Art. 46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from documents.models import Paper
from documents.papers.content import require_masked
from documents.papers.letters import Addressee


@dataclass(frozen=True, slots=True)
class RecoveredLine:
    """A person for whom money was paid, and what of it is asked back; amounts in fen."""

    seq: int
    name: str
    masked_id: str
    paid_on: date
    paid_fen: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RecoveryInstalment:
    due_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RecoveryContent:
    """A recovery that was decided. The notice bears the case's own number. At least one line."""

    KIND: ClassVar = Paper.Kind.RECOVERY
    SERIES: ClassVar[str] = ""
    DIGITS: ClassVar[int] = 0
    TEMPLATE: ClassVar[str] = "papers/recovery.html"
    STYLE: ClassVar[str] = "letter.css"

    to: Addressee
    claim_number: str
    kind_label: str
    ground: str
    facts: str
    article: str
    lines: Sequence[RecoveredLine]
    total_fen: int
    due_on: date
    days: int
    scheme_label: str
    doc_no: str
    provisional: bool = False
    instalments: Sequence[RecoveryInstalment] = ()
    scheme_title: str = ""

    def __post_init__(self) -> None:
        if not self.lines or sum(line.amount_fen for line in self.lines) != self.total_fen:
            raise ValueError("a recovery is the sum of its lines")
        for line in self.lines:
            require_masked({_("名单证件号码"): line.masked_id})

    @property
    def title(self) -> str:
        return "追回通知书"

    @property
    def amount_fen(self) -> int | None:
        return self.total_fen

    def public(self) -> dict[str, Any]:
        return self.to.public()
