"""花名册: the people of one claim as approved (brief 2.2 D), numbers masked; the pool's names who lent them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from core.names import mask_name
from documents.models import Paper
from documents.papers.content import require_masked

TITLES = {
    "agency": "引进人员花名册",
    "individual": "引进人员花名册",
    "platform": "企业用工调剂人员花名册",
    "ambassador": "引工大使引进人员花名册",
}
PERSONS = frozenset({"individual", "ambassador"})


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One worker. Yes and no are texts (是, 否 or empty: not said); `lender*`, `lent_to`, days and months of a pool.

    `claim_number` is filled where the line belongs to another claim than the paper's (an ambassador counts lines).
    """

    seq: int
    name: str
    sex: str
    id_type: str
    masked_id: str
    hukou: str
    in_zone: str
    village: str
    education: str
    masked_phone: str
    employer: str
    employer_uscc: str
    job: str
    hired_on: date | None
    contract_from: date | None
    contract_to: date | None
    insurance: str
    insured_from: date | None
    insured_months: int | None
    channel: str
    letter_no: str
    signed: str
    outcome: str
    note: str = ""
    lender: str = ""
    lender_uscc: str = ""
    lent_to: date | None = None
    actual_days: int | None = None
    payroll_months: str = ""
    claim_number: str = ""


@dataclass(frozen=True, slots=True)
class RosterContent:
    """The list as it stood at the approval; `live_count` of the lines are supported, the rest deducted."""

    KIND: ClassVar = Paper.Kind.ROSTER
    SERIES: ClassVar[str] = "HM"
    DIGITS: ClassVar[int] = 6
    TEMPLATE: ClassVar[str] = "papers/roster.html"
    STYLE: ClassVar[str] = "wide.css"

    kind: str
    kind_label: str
    claim_number: str
    claimant: str
    filed_on: date | None
    lines: Sequence[RosterLine]
    live_count: int
    scheme_label: str
    doc_no: str

    def __post_init__(self) -> None:
        if self.kind not in TITLES:
            raise ValueError(f"unknown kind of claim {self.kind!r}")
        for line in self.lines:
            require_masked({_("名单证件号码"): line.masked_id, _("名单手机号码"): line.masked_phone})

    @property
    def title(self) -> str:
        return f"{settings.ZONE_NAME}{TITLES[self.kind]}"

    @property
    def amount_fen(self) -> int | None:
        return None

    def public(self) -> dict[str, Any]:
        """Who claimed, and how many; nobody on the list."""
        name = mask_name(self.claimant) if self.kind in PERSONS else self.claimant
        facts = [["类别", self.kind_label], ["名单人数", f"{len(self.lines)}人"], ["核定人数", f"{self.live_count}人"]]
        return {"issuer": settings.BUREAU_NAME, "names": [name], "facts": facts}
