"""Where in a table of an answer file the columns stand: by the titles of its header, or by position."""

import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.spreadsheets import CellValue
from payments.formats.answer_tables import Table, words
from payments.formats.layout import ResultLayout

HEADER_WITHIN = 30  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Positions from 1 (0: not there), and how many lines stand before the first row."""

    first: int
    reference: int
    outcome: int
    amount: int = 0
    reason: int = 0
    total_amount: int = 0
    total_count: int = 0


def refuse(code: str, name: str, sentence: str, **told: object) -> Refusal:
    """A refusal of the file `name`, which is fit to be shown."""
    return Refusal(code, _("文件“%(name)s”：") % {"name": name} + sentence % told)


def columns_by_position(layout: ResultLayout, table: Table) -> Columns:
    """The columns where the format says they are; a workbook is read the same way as a text file."""
    at = layout.positions
    count = layout.total_count if isinstance(layout.total_count, int) else 0
    return Columns(
        first=layout.skip_first,
        reference=at["reference"],
        outcome=at["outcome"],
        amount=at.get("amount", 0),
        reason=at.get("reason", 0),
        total_amount=layout.total_amount,
        total_count=count,
    )


def columns_by_title(layout: ResultLayout, table: Table, name: str) -> Columns | None:
    """The columns by the first row that holds a title of each; None when no row does: a sheet of something else."""
    for place, line in enumerate(table.lines[:HEADER_WITHIN]):
        titles = [_plain(cell) for cell in line.cells]
        at = {column: _places(titles, names) for column, names in layout.titles.items()}
        if not all(places for column, places in at.items() if column != "reason"):
            continue
        for places in at.values():
            if len(places) > 1:
                where = table.place(line, places[1])
                raise refuse("answer_header_twice", name, _("%(where)s的列名重复，请只保留一列。"), where=where)
        counts = layout.total_count if isinstance(layout.total_count, tuple) else ()
        amount = at.get("amount", [0])[0]
        return Columns(
            first=place + 1,
            reference=at["reference"][0],
            outcome=at["outcome"][0],
            amount=amount,
            reason=next(iter(at.get("reason", [])), 0),
            total_amount=amount,
            total_count=next(iter(_places(titles, counts)), 0),
        )
    return None


def _places(titles: list[str], names: tuple[str, ...]) -> list[int]:
    """Where the first of the names that the header has stands: one name decides, two columns of it are a fault."""
    for name in names:
        if found := [place for place, title in enumerate(titles, 1) if title == _plain(name)]:
            return found
    return []


def _plain(cell: CellValue) -> str:
    """A title without blanks, brackets half-width: （元） and (元) are the same."""
    return "".join(unicodedata.normalize("NFKC", words(cell)).split())
