"""公示表: who is to receive what. Full names of recipients, and nothing else of a person (brief 2.2 F)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings

from core.names import mask_name
from documents.models import Paper


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """One recipient. `personal` says that the recipient is a person; `employers` holds names only."""

    seq: int
    recipient: str
    kind_label: str
    employers: Sequence[str]
    headcount: int
    rate_fen: int
    amount_fen: int
    personal: bool


@dataclass(frozen=True, slots=True)
class PublicityContent:
    """One notice. `office`, `phone`, `address`, `email` say where objections go; dates are the first and last day."""

    KIND: ClassVar = Paper.Kind.PUBLICITY
    SERIES: ClassVar[str] = "GS"
    DIGITS: ClassVar[int] = 2
    TEMPLATE: ClassVar[str] = "papers/publicity.html"
    STYLE: ClassVar[str] = "form.css"

    opens_on: date
    closes_on: date
    rows: Sequence[PublicityRow]
    working_days: int
    scheme_label: str
    doc_no: str
    office: str
    phone: str
    address: str
    email: str = ""

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}引工奖补公示表"

    @property
    def amount_fen(self) -> int | None:
        return sum(row.amount_fen for row in self.rows)

    @property
    def headcount(self) -> int:
        return sum(row.headcount for row in self.rows)

    def public(self) -> dict[str, Any]:
        names = [mask_name(row.recipient) if row.personal else row.recipient for row in self.rows]
        facts = [
            ["公示对象", f"{len(self.rows)}个"],
            ["公示期", f"{self.opens_on:%Y-%m-%d}至{self.closes_on:%Y-%m-%d}"],
        ]
        return {"issuer": settings.BUREAU_NAME, "names": names, "facts": facts}
