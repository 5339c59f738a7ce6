"""引工大使证书: gold, silver or bronze, for a calendar year of hires (notice 一（六）, brief A1, A3)."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings

from core.names import mask_name
from documents.fonts.signs import wanted
from documents.models import Paper

TIERS = {"gold": "金牌引工大使", "silver": "银牌引工大使", "bronze": "铜牌引工大使"}
METALS = {"gold": ("#b8892b", "#e5c878"), "silver": ("#7d838c", "#c3c8cf"), "bronze": ("#8f5a2f", "#cf9d72")}


@lru_cache(maxsize=1)
def _in_bold() -> frozenset[int]:
    return frozenset(wanted())


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """`tier` is gold, silver or bronze; `citation` an optional sentence in place of the usual one."""

    KIND: ClassVar = Paper.Kind.CERTIFICATE
    SERIES: ClassVar[str] = "ZS"
    DIGITS: ClassVar[int] = 4
    TEMPLATE: ClassVar[str] = "papers/certificate.html"
    STYLE: ClassVar[str] = "certificate.css"

    name: str
    tier: str
    year: int
    employer: str
    headcount: int
    awarded_on: date
    scheme_label: str
    doc_no: str
    citation: str = ""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ValueError(f"unknown tier {self.tier!r}")

    @property
    def title(self) -> str:
        return f"引工大使荣誉证书（{self.honour}）"

    @property
    def honour(self) -> str:
        return TIERS[self.tier]

    @property
    def chinese_name(self) -> bool:
        """Whether 同志 fits behind the name; foreigners are named without it."""
        return not any(char.isascii() and char.isalpha() for char in self.name)

    @property
    def rare(self) -> bool:
        """Whether the bold face lacks a sign of the name: a name is drawn in one weight, then the regular one."""
        return not set(map(ord, self.name)) <= _in_bold()

    @property
    def wordy(self) -> bool:
        """Whether names or citation ask for the smaller type, so that the sheet stays one page."""
        return len(self.name) + len(self.employer) + len(self.citation) > 80

    @property
    def metal(self) -> str:
        """The dark colour of the tier's metal."""
        return METALS[self.tier][0]

    @property
    def pale(self) -> str:
        """The light colour of the tier's metal."""
        return METALS[self.tier][1]

    @property
    def amount_fen(self) -> int | None:
        return None

    def public(self) -> dict[str, Any]:
        facts = [["称号", self.honour], ["年度", f"{self.year}年度"]]
        return {"issuer": settings.BUREAU_NAME, "names": [mask_name(self.name)], "facts": facts}
