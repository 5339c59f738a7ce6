"""Checks a roster without saving anything: the answer of the page's pre-check, for the shell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from accounts.areas import zone
from core import clock
from documents.rosters import Roster, RosterKind, parse_roster
from policy.assess import assess
from policy.assessment import LineResult
from policy.facts import ClaimantFacts
from workflows.claims import Claim, ClaimLine
from workflows.facts import claim_facts
from workflows.filing import scheme_of
from workflows.placing import place
from workflows.roster_import import with_name_clashes
from workflows.roster_lines import Register, fill, village_codes

FAR = date(9999, 12, 31)
SOMEBODY = ClaimantFacts(name="", in_zone=True, licence_from=date.min, licence_to=FAR)  # nothing against him


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """Each row of the sheet with its outcome (pay, review, refuse, error), the rules that fired and its amount."""

    rows: list[dict[str, Any]]
    total_fen: int

    def as_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "total_fen": self.total_fen}


def check_roster(data: bytes, name: str, *, kind: str, on: date) -> RosterCheck:
    """Judge a roster as if a claimant without fault filed it on `on`. Refuses what cannot be read, as the page does."""
    with clock.travel(on):
        roster = with_name_clashes(
            parse_roster(data, name, kind=cast(RosterKind, kind), on=on, village_codes=village_codes())
        )
        results, total = _judged(roster, kind, on)
    return RosterCheck([_row(row.row, row.errors, results.get(row.row)) for row in roster.rows], total)


def _judged(roster: Roster, kind: str, on: date) -> tuple[Mapping[int, LineResult], int]:
    sound = [(row.row, row.values) for row in roster.rows if row.values is not None and not row.errors]
    if not sound:
        return {}, 0
    claim = Claim(kind=kind, filed_on=on)
    register = Register([values for _row, values in sound])
    lines = [fill(ClaimLine(claim=claim, seq=row), values, register) for row, values in sound]
    scheme = scheme_of(claim, lines)
    place(claim, lines, scheme=scheme, top=zone())
    facts = claim_facts(claim, lines, on, claimant=SOMEBODY)
    assessment = assess(facts, scheme.parsed(), scheme.label)
    return {int(line.seq): result for line, result in zip(lines, assessment.lines, strict=True)}, assessment.total_fen


def _row(number: int, errors: tuple, result: LineResult | None) -> dict[str, Any]:
    return {
        "row": number,
        "outcome": str(result.outcome) if result else "error",
        "rules": sorted({finding.rule for finding in result.findings}) if result else [],
        "amount_fen": result.amount_fen if result else 0,
        "errors": [{"sheet": e.sheet, "cell": e.cell, "message": e.message} for e in errors],
    }
