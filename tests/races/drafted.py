"""Drafts made quickly: one roster parsed for all of a test, its people written on claims line by line."""

from collections.abc import Sequence

from accounts.acting import Actor
from core import clock
from documents.rosters import RosterValues, parse_roster
from project.demo.people import Cast
from project.demo.rosters import HOMES, rows, workbook
from workflows.claims import Claim
from workflows.drafts import save_claim, start_claim
from workflows.filing import file_claim
from workflows.roster_lines import save_line, village_codes


def people(cast: Cast, count: int, *, seed: int, homes: Sequence[str] = HOMES) -> list[RosterValues]:
    """`count` workers hired by the demo's first enterprises, as a roster names them."""
    made = rows("agency", count, seed=seed, employers=cast.employers[:4], homes=homes)
    roster = parse_roster(
        workbook("agency", made), "花名册.xlsx", kind="agency", on=clock.today(), village_codes=village_codes()
    )
    values = [row.values for row in roster.rows if row.values is not None and not row.errors]
    assert len(values) == count
    return values


def drafted(by: Actor, workers: Sequence[RosterValues], *, kind: str = "agency") -> Claim:
    """A draft over these workers, declared and ready to file."""
    claim = start_claim(kind=kind, by=by)
    for values in workers:
        save_line(claim_id=claim.pk, by=by, values=values)
    return save_claim(claim_id=claim.pk, by=by, declared=True)


def filed(by: Actor, workers: Sequence[RosterValues]) -> Claim:
    """A draft over these workers that was filed."""
    return file_claim(claim_id=drafted(by, workers).pk, by=by)
