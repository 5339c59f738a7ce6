"""What a read spreadsheet is: sheets of rows of typed cells, each with the name that Excel shows for it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

# A number is never text and text is never a number: an identity number that is a float has lost its last digits.
CellValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows[0]` is row 1 and `rows[0][0]` is cell A1; rows end at their last filled cell.

    `unread_formulas` names the cells of an xlsx that hold a formula whose result is missing or an error (#N/A, #REF!):
    their value reads as None. `merged` are the merged ranges of an xlsx as (top, left, bottom, right), 0-based, when they
    were asked for: only the first cell of a range holds its value.
    """

    name: str
    rows: list[list[CellValue]] = field(repr=False)
    hidden: bool = False
    unread_formulas: frozenset[str] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read. `kind` is what its bytes are, whatever its name says."""

    name: str
    kind: Literal["xlsx", "xls", "csv", "html"]
    sheets: list[Sheet] = field(repr=False)


def column_letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def coordinate(row: int, column: int) -> str:
    """The name of the cell at a 1-based row and column: (7, 2) is B7."""
    return f"{column_letters(column)}{row}"
