"""What a rule may look at: frozen facts about a claim, gathered by the road, judged by `policy.rules`.

Pure: no Django, no I/O, no clock. Money is integer fen. A fact that is not known is None (or empty), and a
rule that needs it says so instead of guessing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

ClaimKind = Literal["agency", "individual", "platform", "ambassador"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployerFacts:
    """An enterprise as the notice sees it. `uscc_fault` is the validator's sentence, empty when the code is valid."""

    name: str
    uscc: str
    uscc_fault: str = ""
    in_zone: bool | None = None  # registered or insured in the zone; None: not in our register
    is_dispatch: bool = False  # labour dispatch or HR firm: excluded as employer (A12)
    is_public_body: bool = False  # organ or public institution: excluded as employer (A12)
    legal_representative: str | None = None  # keyed index of the person, never a name or number
    insured_headcount: int | None = None
    stopped_after_approval: int = 0  # its people, approved before, whose insurance there stopped soon after (C07)
    approved_before: int = 0  # of how many
    blacklisted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimantFacts:
    """Who claims. `person`, `phone` and `legal_representative` are keyed indexes, never numbers."""

    name: str
    uscc: str = ""
    uscc_fault: str = ""
    person: str | None = None
    phone: str = ""
    legal_representative: str | None = None
    in_zone: bool | None = None
    licence_from: date | None = None
    licence_to: date | None = None
    public_payroll: bool = False  # 财政供养 (A28)
    employer_hr_of: frozenset[str] = frozenset()  # USCCs where he is HR or legal representative (A28)
    employed_at: frozenset[str] = frozenset()  # USCCs of the employers where he is in service (A6)
    platform_type: str = ""
    blacklisted: bool = False  # on the list in force (C22)
    false_before: int = 0  # people of earlier claims taken off because their papers were false (C22)
    paid_this_year_fen: int = 0  # approved or paid to this claimant in the calendar year, same kind (caps)
    account_holder: str | None = None  # of the account the claim names; None: not chosen yet
    account_shared_by: int = 1  # claimants whose money goes to this account number
    address_shared_by: int = 1  # claiming units registered at this address
    shares: frozenset[tuple[str, str]] = frozenset()  # (address or account, USCC of an employer that has the same)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClaim:
    """Another live or paid line of the same person. `kind` as ClaimKind; `status`: open, approved or paid."""

    kind: ClaimKind
    slot: str
    status: Literal["open", "approved", "paid"]
    on: date  # hire date, or start of the lending
    number: str = ""
    employer_uscc: str = ""
    same_number: bool = True  # False: another document of what looks like the same person (name and birth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry about the person in a check list in force: `kind` as `registry.check_lists`; None is an open end."""

    kind: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """Months insured at one employer, first day to last; `until` None: still insured when the list was drawn up."""

    employer_uscc: str
    since: date
    until: date | None = None
    same_group: bool = False  # the line's employer, or one with the same legal representative


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One referred or lent worker. `person` is the keyed index of his document number."""

    ref: str
    person: str | None
    name: str = ""
    id_fault: str = ""  # the validator's sentence, empty when the number is valid
    birth: date | None = None
    sex: Literal["male", "female", ""] = ""
    employer: EmployerFacts  # who hired him; for a lent worker: who borrowed him (调入企业)
    lender: EmployerFacts | None = None  # 调出企业
    hire_date: date | None = None  # for a lent worker: start of the lending
    lending_to: date | None = None  # for a lent worker: its end
    contract_from: date | None = None
    contract_to: date | None = None  # None with contract_from set: open-ended
    insurance: frozenset[str] = frozenset()  # of 养老 失业 工伤 医疗 生育
    insured_from: date | None = None
    insured_months: int | None = None
    payroll_months: int | None = None  # months of wage proof of a lent worker
    still_employed: bool | None = None
    is_dispatch_worker: bool = False
    origin_in_zone: bool | None = None
    rural_hukou: bool | None = None
    insured_in_zone_before: bool | None = None  # within the look-back before the hire date
    phone_shared_by: int = 1  # workers who give this phone, in this claim and other live ones
    phone_claimants: int = 1  # claimants whose workers give this phone
    phone_of_claimant: bool = False
    id_distance: int | None = None  # to the nearest other number of the claim with the same area and birth date
    same_files: int = 0  # other people for whom the very same file was handed in
    listed: tuple[Listed, ...] = ()
    insured: tuple[Insured, ...] = ()  # from the insurance records in force
    waived: frozenset[str] = frozenset()  # codes of blocking rules that an officer has overridden for this line
    slot: str = ""  # what he is paid once for, as the road names it; empty: not placed yet
    others: tuple[OtherClaim, ...] = ()
    evidence: frozenset[str] = frozenset()  # kinds of evidence at hand for this line or the whole claim


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedLine:
    """An approved individual-referral line that an ambassador counts."""

    ref: str
    person: str
    employer_uscc: str
    hire_date: date
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """A whole claim on the day it is judged (the filing date, or today for a pre-check)."""

    kind: ClaimKind
    filed_on: date
    claimant: ClaimantFacts
    lines: tuple[LineFacts, ...] = ()
    counted: tuple[CountedLine, ...] = ()  # ambassador only
    count_year: int | None = None  # ambassador only
    employer: EmployerFacts | None = None  # ambassador only
    evidence: frozenset[str] = field(default_factory=frozenset)
