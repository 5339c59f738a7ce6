"""What the two verification sheets share: which lines an area verified, what came of each, and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from documents.papers.content import require_masked

OUTCOMES = {"true": "属实", "deducted": "核减", "returned": "退回补正"}


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One worker. `outcome` is a key of `OUTCOMES`, `why` its reason; `proposed` what the first officer had proposed
    and the second overruled; `before` what was found one level below (townships only)."""

    seq: int
    name: str
    masked_id: str
    place: str  # the village or community of the household register, or where the person works
    employer: str
    hired_on: date | None
    outcome: str
    why: str = ""
    proposed: str = ""
    before: str = ""

    @property
    def word(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class CheckSignature:
    """Who said what as 经办 or 负责人; his printed name stands for a signature, never a picture of one."""

    duty: str
    who: str
    post: str
    opinion: str
    day: date


@dataclass(frozen=True, slots=True)
class CheckContent:
    """One area's verification in one round. `lines` is empty for a title, which is verified as a whole (`about`)."""

    claim_number: str
    kind_label: str
    claimant: str
    filed_on: date | None
    organ: str  # the village or township that verified
    round: int
    lines: Sequence[CheckedLine]
    signatures: Sequence[CheckSignature]
    scheme_label: str
    doc_no: str
    about: str = ""
    firms: Sequence[str] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if unknown := {line.outcome for line in self.lines} - set(OUTCOMES):
            raise ValueError(f"unknown outcomes {sorted(unknown)}")
        for line in self.lines:
            require_masked({_("名单证件号码"): line.masked_id})

    @property
    def amount_fen(self) -> int | None:
        return None

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The word of each outcome with its number of persons, none left out."""
        return [(word, sum(line.outcome == code for line in self.lines)) for code, word in OUTCOMES.items()]

    def public(self) -> dict[str, Any]:
        """Which organ verified how many; no names."""
        facts = [["类别", self.kind_label], ["单位", self.organ]]
        facts += [[word, f"{count}人"] for word, count in self.counts if self.lines]
        return {"issuer": settings.BUREAU_NAME, "names": [], "facts": facts}
