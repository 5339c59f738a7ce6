"""The one door for spreadsheets. In: `read_table`. Out: `write_workbook`, `stream_workbook`. Nothing else opens or makes one.

Reading trusts nothing: the bytes say what the file is, a guard looks before anything is parsed, and the parsing
happens in a child process with limits on memory and time. Every refusal is a `core.errors.Refusal`.
"""

from documents.spreadsheets.cells import CellValue, Sheet, Workbook, coordinate
from documents.spreadsheets.limits import Limits
from documents.spreadsheets.reading import read_table
from documents.spreadsheets.writing import ColumnSpec, SheetSpec, stream_workbook, write_workbook

__all__ = [
    "CellValue", "ColumnSpec", "Limits", "Sheet", "SheetSpec", "Workbook", "coordinate", "read_table",
    "stream_workbook", "write_workbook",
]  # fmt: skip
