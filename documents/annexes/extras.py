"""The second sheet 补充信息: what the register holds beside the official columns, joined to them by number and name."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from documents.annexes.cells import CellFault, is_blank, plain, read_name
from documents.annexes.columns import EXTRA, REMARK
from documents.spreadsheets import CellValue, Sheet

SHEET = "补充信息"


def extras_of(sheets: Iterable[Sheet]) -> Mapping[tuple[str, str], dict[str, CellValue]]:
    """The filled extra cells of each person by his number and name on the first sheet."""
    known = {title: column.key for column in (*EXTRA, REMARK) for title in (column.title, *column.aliases)}
    found: dict[tuple[str, str], dict[str, CellValue]] = {}
    for sheet in sheets:
        head = next((row for row in sheet.rows[:5] if "姓名" in row), None)
        if head is None:
            continue
        seq = head.index("序号") if "序号" in head else None
        name = head.index("姓名")
        places = {known[cell]: place for place, cell in enumerate(head) if isinstance(cell, str) and cell in known}
        for cells in sheet.rows[sheet.rows.index(head) + 1 :]:
            if seq is None or name >= len(cells) or not isinstance(cells[name], str):
                continue
            said = {key: cells[at] for key, at in places.items() if at < len(cells) and not is_blank(cells[at])}
            with suppress(CellFault):  # no name: nobody's
                if said:
                    found[plain(cells[seq]), read_name(cells[name])] = said
    return found
