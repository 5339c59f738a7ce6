"""The groups of parameters a scheme version has, named as in the scheme file. Amounts here are whole yuan, as the
notice has them; everywhere else money is fen. A numbers (A1–A35) are the open points of the notice.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

EvidenceKind = Literal[
    "id_check", "business_licence", "hr_licence", "contract", "insurance_proof", "payroll_proof",
    "lending_agreement", "roster", "referral_letter", "bank_proof", "commitment", "no_duplicate_statement",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """The notice itself: number, dates (A19–A21), who interprets it."""

    doc_no: str
    issued_on: date
    valid_from: date
    valid_to: date | None
    interpreter: str
    expiry_applies_to: Literal["hire_date", "qualifying_date", "filing_date"]
    tail_filing_deadline: date | None
    successor_policy: str | None


@dataclass(frozen=True, slots=True)
class Amounts:
    """Rates in yuan a head."""

    pool_adjustment_per_person: int
    agency_referral_per_person: int
    individual_referral_per_person: int


@dataclass(frozen=True, slots=True)
class TierNumbers:
    """One number a tier: heads from which it is reached (inclusive), or its bonus in yuan."""

    bronze: int
    silver: int
    gold: int


@dataclass(frozen=True, slots=True)
class Ambassador:
    """The ambassador title (A1–A6)."""

    tiers: TierNumbers
    tier_bonus_yuan: TierNumbers
    count_window: Literal["calendar_year", "policy_period", "rolling_12m"]
    counted_status: Literal["approved_workers"]
    must_be_employee_of_employer: bool
    dedupe_worker_across_ambassadors: bool
    exit_rules: tuple[Literal["false_material", "credit_blacklist", "criminal_penalty"], ...]


@dataclass(frozen=True, slots=True)
class StableMonths:
    """Months of stable employment (or of lending) a claim kind asks for (A9)."""

    agency: int
    individual: int
    pool: int


@dataclass(frozen=True, slots=True)
class AgeBySex:
    """Years of age."""

    male: int
    female: int


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Conditions of workers, employers and claimants (A7–A12, A16, A22)."""

    worker_min_age: int
    worker_upper_age_rule: Literal["notice_60_55", "statutory_progressive", "none"]
    notice_upper_age: AgeBySex
    worker_origin_rule: Literal["any", "outside_zone", "rural_hukou"]
    first_time_in_zone_lookback_months: int
    contract_min_months: int
    stable_months: StableMonths
    insurance_types_any_of: tuple[Literal["养老", "失业", "工伤", "医疗", "生育"], ...]
    still_employed_at_filing: bool
    exclude_dispatch_workers: bool
    exclude_self_employer: bool
    employer_must_be_in_zone: Literal["registered_or_insured_in_zone", "any"]
    agency_licence_valid_on: Literal["referral_date", "filing_date"]
    individual_claimant_scope: Literal["zone_resident_or_employee", "any"]
    pool_min_persons: int
    pool_min_enterprises: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who is paid when a worker is claimed twice (A13, A14, A18)."""

    one_payment_per_worker_per_policy: bool
    pool_vs_referral_same_worker_months: int
    other_subsidy_conflicts: tuple[str, ...]
    priority_rule: Literal["earliest_referral_registration_then_filing"]


@dataclass(frozen=True, slots=True)
class Caps:
    """Yearly caps a claimant, in yuan; None is no cap."""

    pool_per_year: int | None
    agency_per_year: int | None
    individual_per_year: int | None


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """When a claim may be filed (A19)."""

    mode: Literal["anytime", "months"]
    months: tuple[int, ...]
    max_days_after_qualifying: int


@dataclass(frozen=True, slots=True)
class SlaWorkingDays:
    """Working days each step may take."""

    acceptance: int
    supplement_once: int
    village: int
    township: int
    bureau: int
    publicity: int
    objection_investigation: int
    finance: int


@dataclass(frozen=True, slots=True)
class Publicity:
    """Where and how long a list is made public."""

    venues: tuple[str, ...]
    min_working_days: int
    village_board_days: int
    keep_photo: bool


@dataclass(frozen=True, slots=True)
class VerificationRoute:
    """Who verifies a worker: the first of `order` that exists (A25–A27)."""

    order: tuple[str, ...]
    village_two_person_sign: bool


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """The monthly return of annexes 1 and 2 (A31)."""

    due_day: int
    inclusive: bool
    roll_to_next_workday: bool
    first_due: date


@dataclass(frozen=True, slots=True)
class Sampling:
    """Share of lines re-checked, in per cent."""

    township_min_pct: int
    bureau_min_pct: int
    high_risk_pct: int


@dataclass(frozen=True, slots=True)
class RetentionYears:
    """Years that records are kept."""

    payment_records: int
    case_files: int
    rejected_cases: int
    audit_log: int
    pia: int


@dataclass(frozen=True, slots=True)
class Masking:
    """How numbers are shown, by example, and what a public list may show."""

    id: str
    phone: str
    bank: str
    public_list_shows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """What a claim kind must bring (`required`) and may be asked for (`optional`)."""

    required: tuple[EvidenceKind, ...]
    optional: tuple[EvidenceKind, ...]


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """Evidence by claim kind (A17)."""

    agency: EvidenceSet
    individual: EvidenceSet
    platform: EvidenceSet
    ambassador: EvidenceSet


@dataclass(frozen=True, slots=True)
class Checks:
    """Thresholds of the risk checks. One with a default came later: a version published without it goes by that."""

    phone_shared_by: int
    burst_per_day: int
    above_tier_by: int
    insured_min_months: int = 3
    mass_stop_heads: int = 5
    mass_stop_months: int = 3
    rehired_within_days: int = 180
    phone_claimants: int = 2
    account_claimants: int = 2
    address_claimants: int = 2
    id_numbers_apart: int = 2
    high_risk_hits: int = 2
