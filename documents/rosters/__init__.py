"""Rosters of referred and lent workers (花名册): the columns, the template, the reading cell by cell, the answer."""

from collections.abc import Sequence

from documents.rosters.columns import Column, RosterKind, columns_of
from documents.rosters.parsing import parse_roster, read_row
from documents.rosters.results import failed_rows_workbook, result_workbook
from documents.rosters.values import CellError, Roster, RosterRow, RosterValues

__all__ = [
    "CellError", "Column", "Roster", "RosterKind", "RosterRow", "RosterValues", "columns_of", "failed_rows_workbook",
    "parse_roster", "read_row", "result_workbook", "roster_template",
]  # fmt: skip


def roster_template(kind: RosterKind, villages: Sequence[str] = ()) -> bytes:
    """As `template.roster_template`; openpyxl (4 MB) is read when somebody asks for a template."""
    from documents.rosters import template

    return template.roster_template(kind, villages)
