"""拨付审批表: one sealed payment batch with its payees (brief 2.2 G). For the finance office only: full accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.conf import settings

from documents.models import Paper

SIGNATURES = ("经办", "科室负责人", "分管领导", "财政经办", "财政复核", "财政批准")


@dataclass(frozen=True, slots=True)
class PaymentRow:
    seq: int
    claim_number: str
    payee: str
    bank: str
    account: str  # whole: this is where the money goes
    amount_fen: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed as what; `duty` is one of `SIGNATURES`."""

    duty: str
    who: str
    day: date
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class PaymentContent:
    """One batch. `count` and `total_fen` must be those of the rows; `sha256` is of the sealed workbook."""

    KIND: ClassVar = Paper.Kind.PAYMENT
    SERIES: ClassVar[str] = ""
    DIGITS: ClassVar[int] = 3
    TEMPLATE: ClassVar[str] = "papers/payment.html"
    STYLE: ClassVar[str] = "wide.css"

    batch_number: str
    fund_name: str
    allocation_no: str
    functional_code: str
    economic_code: str
    channel: str  # 对公 or 对私
    rows: Sequence[PaymentRow]
    count: int
    total_fen: int
    sha256: str
    signatures: Sequence[Signature]
    purpose: str = ""
    note: str = ""
    scheme_labels: Sequence[str] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if self.count != len(self.rows) or self.total_fen != sum(row.amount_fen for row in self.rows):
            raise ValueError("count and total of a payment paper are those of its rows")
        if unknown := {signature.duty for signature in self.signatures} - set(SIGNATURES):
            raise ValueError(f"unknown duties {sorted(unknown)}")

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}引工奖补资金拨付审批表"

    @property
    def amount_fen(self) -> int | None:
        return self.total_fen

    @property
    def signature_boxes(self) -> list[tuple[str, Signature | None]]:
        """All six boxes in order; None where nobody has signed."""
        signed = {signature.duty: signature for signature in self.signatures}
        return [(duty, signed.get(duty)) for duty in SIGNATURES]

    def public(self) -> dict[str, Any]:
        """No payees: the recipients were made public by the notice, their payments are not."""
        facts = [["收款方式", self.channel], ["笔数", f"{self.count}笔"]]
        return {"issuer": settings.FINANCE_NAME, "names": [], "facts": facts}
