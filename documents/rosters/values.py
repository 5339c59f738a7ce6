"""What a roster becomes: rows of typed values, or the errors of their cells."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.identifiers import IdType
from documents.rosters.columns import RosterKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterValues:
    """One worker as a sound row states him. What the row leaves empty is None, "" or an empty set.

    `village` is the unit's division code; `education` a label of GB/T 4658; `contract_to` None with `contract_from`
    set is open-ended; `insured_from` and `payroll_months` are first days of months. For a lent worker `employer_*` is
    the enterprise that borrows him (调入企业) and `hire_date` the start of the lending.
    """

    name: str
    id_type: IdType
    id_number: str
    seq: str = ""
    sex: Literal["male", "female", ""] = ""
    hukou_address: str = ""
    hukou_in_zone: bool | None = None
    village: str | None = None
    education: str = ""
    phone: str = ""
    employer_name: str = ""
    employer_uscc: str = ""
    job: str = ""
    hire_date: date | None = None
    contract_from: date | None = None
    contract_to: date | None = None
    insurance_types: frozenset[str] = frozenset()
    insured_from: date | None = None
    insured_months: int | None = None
    channel: str = ""
    referral_letter_no: str = ""
    signed: bool | None = None
    still_employed: bool | None = None
    note: str = ""
    lender_name: str = ""
    lender_uscc: str = ""
    lending_to: date | None = None
    actual_days: int | None = None
    payroll_months: tuple[date, ...] = ()

    def __repr__(self) -> str:
        return "RosterValues(…)"  # personal data stays out of logs and tracebacks


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, in a sentence that says what to do and never repeats a personal number."""

    sheet: str
    cell: str
    message: str
    column: str


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row by its number on the sheet: `values` when nothing is wrong with it, otherwise None and its errors."""

    row: int
    values: RosterValues | None
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that could be read: every filled row, in the order of the sheet."""

    kind: RosterKind
    sheet: str
    header_row: int
    rows: tuple[RosterRow, ...]

    @property
    def errors(self) -> tuple[CellError, ...]:
        """All errors of all rows."""
        return tuple(error for row in self.rows for error in row.errors)
