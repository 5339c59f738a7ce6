"""What an assessment says: each line's outcome and amount, the rules that fired, the total. Frozen, JSON-ready."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What would happen to a line. Codes are stable; labels live with the pages."""

    PAY = "pay"
    REVIEW = "review"  # payable, but an officer must look at what the rules found
    REFUSE = "refuse"


class Severity(StrEnum):
    """How a rule that fires weighs: `block` refuses, `review` asks an officer, `info` only tells."""

    BLOCK = "block"
    REVIEW = "review"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that fired, on one line (`ref`) or on the whole claim (`ref` is None)."""

    rule: str  # C01…
    code: str  # stable snake_case reason, also used as a deduction reason
    severity: Severity
    message: str  # Chinese sentence: what was found, what to do
    article: str  # what it rests on: the notice's article, a statute, or 系统默认 with its number A1…
    inputs: dict[str, Any]  # the values looked at, JSON-ready, never personal numbers
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """One line's outcome; `amount_fen` is 0 when refused."""

    ref: str
    outcome: Outcome
    amount_fen: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The whole answer. `total_fen` is always the sum of the lines' amounts (plus a tier bonus for ambassadors)."""

    kind: str
    scheme: str  # code of the scheme version, e.g. qtz-2023-3/1
    doc_no: str
    rate_fen: int
    rate_article: str
    lines: tuple[LineResult, ...] = ()
    findings: tuple[Finding, ...] = ()  # about the claim as a whole
    headcount: int = 0  # lines that would be paid or reviewed; for an ambassador the counted heads
    tier: str | None = None  # gold, silver, bronze
    bonus_fen: int = 0
    cap_cut_fen: int = 0  # what a yearly cap took off
    total_fen: int = 0

    def as_json(self) -> dict[str, Any]:
        """A plain dict for storage with the decision and for printing on the paper."""
        return asdict(self)
