"""汇总表: several claims in one table with what was asked, deducted and granted (brief 2.2 E). For offices only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings

from documents.models import Paper


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One claim; amounts in fen. `reasons` says in words why persons were deducted."""

    seq: int
    claim_number: str
    kind_label: str
    claimant: str
    townships: Sequence[str]
    employers: Sequence[str]
    filed_count: int
    live_count: int
    deducted_count: int
    reasons: str
    rate_fen: int
    amount_fen: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SummaryContent:
    """`occasion` names what the claims were put together for: a notice, a batch. `made_by` is the officer's name."""

    KIND: ClassVar = Paper.Kind.SUMMARY
    SERIES: ClassVar[str] = "HZ"
    DIGITS: ClassVar[int] = 3
    TEMPLATE: ClassVar[str] = "papers/summary.html"
    STYLE: ClassVar[str] = "wide.css"

    occasion: str  # 公示 GS-2025-03
    made_by: str
    made_on: date
    rows: Sequence[SummaryRow]
    scheme_labels: Sequence[str]
    doc_no: str

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("a summary has claims")

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}引工奖补汇总表"

    @property
    def amount_fen(self) -> int | None:
        return sum(row.amount_fen for row in self.rows)

    @property
    def filed_count(self) -> int:
        return sum(row.filed_count for row in self.rows)

    @property
    def live_count(self) -> int:
        return sum(row.live_count for row in self.rows)

    @property
    def deducted_count(self) -> int:
        return sum(row.deducted_count for row in self.rows)

    def public(self) -> dict[str, Any]:
        """How many and how much; the recipients are made public by the notice."""
        facts = [["事由", self.occasion], ["申报件数", f"{len(self.rows)}件"], ["核定人数", f"{self.live_count}人"]]
        return {"issuer": settings.BUREAU_NAME, "names": [], "facts": facts}
