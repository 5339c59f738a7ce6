"""Where in each sheet an annex is: its header, its columns, the village and group of its title, its rows."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from documents.annexes.cells import is_blank
from documents.annexes.columns import Column, columns_of, extra_of
from documents.annexes.places import annex_in, compact
from documents.spreadsheets import CellValue, Sheet, Workbook

HEADER_WITHIN = 20
FEWEST_TITLES = 3
_FOOTERS = (
    "合计", "总计", "小计", "填表人", "填报人", "审核人", "负责人", "制表", "联系人", "填报说明", "填表说明", "填写说明", "注:", "注:",
    "说明:", "备注:", "填报时间", "填报日期", "单位(盖章)", "(盖章)", "以下空白", "第",
)  # fmt: skip
_TITLE = re.compile(r"采集表|信息表|登记表|花名册|人员名单|[乡镇]\)?.{0,12}(?:村|社区).{0,8}组")
_PERSONAL = ("name", "sex", "birth_month")
_FILLED_DOWN = {"group_name", "trade", "wanted_trade", "employer", "note", "destination", "town", "village"}


@dataclass(slots=True)
class Found:
    """An annex in a sheet: `header` is its last header row (1-based), `columns` the 0-based place of each key.

    `title` is the compact text above the header.
    """

    sheet: Sheet
    header: int
    columns: dict[str, int]
    title: str
    annex: int | None = None
    titles: frozenset[str] = field(default_factory=frozenset)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.columns)

    def rows(self) -> Iterator[tuple[int, list[CellValue], str]]:
        """Rows that say something, by number, and the compact text of a title that stood between (else empty)."""
        places = [place for key, place in self.columns.items() if key != "seq"]
        between, name = "", self.columns["name"]
        personal = [self.columns[key] for key in ("sex", "birth_month") if key in self.columns]
        for number, cells in enumerate(_filled_down(self)[self.header :], self.header + 1):
            named = cells[name] if name < len(cells) else None
            if isinstance(named, str) and "姓名" not in named and all(p < len(cells) and cells[p] for p in personal):
                yield number, cells, between  # nearly every row
                between = ""
                continue
            if not any(place < len(cells) and not is_blank(cells[place]) for place in places):
                between = _title_between(cells) or between
                continue
            texts = [_heading(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
            if sum(text in self.titles for text in texts) >= FEWEST_TITLES:
                continue  # the header again, on the next page
            if self._is_note(cells, texts):
                between = _title_between(cells) or between
                continue
            yield number, cells, between
            between = ""

    def _is_note(self, cells: Sequence[CellValue], texts: Sequence[str]) -> bool:
        """A title, a total or a foot note: few cells, one of which begins like one or spans what should be a person."""
        filled = [cell for cell in cells if not is_blank(cell)]
        named = [key for key in _PERSONAL if key in self.columns and self.columns[key] < len(cells)]
        said = sum(not is_blank(cells[self.columns[key]]) for key in named)
        if said >= 2 and len(filled) > 3:
            return False
        if not texts:
            return False
        first = next(compact([cell]) for cell in cells if isinstance(cell, str) and cell.strip())
        return first.startswith(_FOOTERS) or (len(filled) <= 4 and bool(_TITLE.search(compact(cells))))


def _title_between(cells: Sequence[CellValue]) -> str:
    text = compact(cells)
    return text if text and _TITLE.search(text) else ""


def _filled_down(found: Found) -> list[list[CellValue]]:
    """The sheet's rows with what a cell merged over several rows says in each of them (not names and numbers)."""
    rows = found.sheet.rows
    allowed = {place for key, place in found.columns.items() if key in _FILLED_DOWN}
    merged = [m for m in found.sheet.merged if m[1] == m[3] and m[1] in allowed and m[0] >= found.header]
    if not merged:
        return rows
    rows = list(rows)
    for top, place, bottom, _place in merged:
        value = rows[top][place] if top < len(rows) and place < len(rows[top]) else None
        for number in range(top + 1, min(bottom + 1, len(rows))):
            cells = rows[number]
            if any(not is_blank(cell) for cell in cells) and (place >= len(cells) or is_blank(cells[place])):
                rows[number] = [*cells, *[None] * (place + 1 - len(cells))]
                rows[number][place] = value
    return rows


def find_all(book: Workbook, titles: Mapping[int, Mapping[str, str]]) -> tuple[list[Found], list[Sheet]]:
    """The annexes of a workbook's visible sheets in order, and the sheets with rows that no header stands over."""
    found: list[Found] = []
    strange: list[Sheet] = []
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        here = find(sheet, titles, book.name)
        if here is not None:
            found.append(here)
        elif sum(sum(not is_blank(cell) for cell in row) >= FEWEST_TITLES for row in sheet.rows) >= 1:
            strange.append(sheet)
    return found, strange


def find(sheet: Sheet, titles: Mapping[int, Mapping[str, str]], file_name: str) -> Found | None:
    """The annex in one sheet: the row, or two rows, where most titles are found; None for fewer than three."""
    best: Found | None = None
    for number in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 1):
        for depth in (1, 2):
            here = _at(sheet, number, depth, titles, file_name)
            if here is not None and (best is None or len(here.columns) > len(best.columns)):
                best = here
    return best


def _at(sheet: Sheet, number: int, depth: int, titles: Mapping[int, Mapping[str, str]], file_name: str) -> Found | None:
    heads = [_heading(cell) for cell in sheet.rows[number - 1]]
    if depth == 2:
        if number >= len(sheet.rows):
            return None
        below = [_heading(cell) for cell in sheet.rows[number]]
        if any("姓名" in head for head in below):  # a header by itself, under a title
            return None
        width = max(len(heads), len(below))
        heads = [a + b for a, b in zip(_padded(heads, width), _padded(below, width), strict=True)]
    if "姓名" not in heads and not any("姓名" in head or head == "名字" for head in heads):
        return None
    title = compact(cell for row in sheet.rows[: number - 1] for cell in row)
    said = annex_in(title) or annex_in(compact([sheet.name])) or annex_in(compact([file_name]))
    best: Found | None = None
    for annex in (said,) if said else (1, 2, 3):
        known = _known(annex, titles.get(annex, {}))
        columns: dict[str, int] = {}
        for place, head in enumerate(heads):
            key = known.get(head)
            if key and key not in columns:
                columns[key] = place
        if "name" in columns and len(columns) >= FEWEST_TITLES and (best is None or len(columns) > len(best.columns)):
            best = Found(sheet, number + depth - 1, columns, title, annex, frozenset(known))
    return _judged(best, said)


def _judged(best: Found | None, said: int | None) -> Found | None:
    """Without a title the columns tell: an employer is annex 2's, a reason annex 1's, a duty annex 3's; else nothing."""
    if best is not None and said is None:
        keys = best.keys
        best.annex = (
            2 if "employer" in keys else 3 if "duty" in keys else 1 if keys & {"wanted_trade", "note"} else None
        )
    return best


def _known(annex: int, own: Mapping[str, str]) -> dict[str, str]:
    """Headings of an annex and of what stands beside it, by key; the official ones win."""
    known: dict[str, str] = {}

    def add(columns: Sequence[Column]) -> None:
        for column in columns:
            for title in (column.title, *column.aliases):
                known.setdefault(_heading(title), column.key)

    add(columns_of(annex, own))
    add(extra_of(annex))
    return known


def _heading(cell: CellValue) -> str:
    """A heading without blanks, line breaks, stars and a remark in brackets of how to fill it in."""
    if not isinstance(cell, str) or len(cell) > 40:
        return ""
    text = re.sub(r"[\s*﹡:：]+", "", unicodedata.normalize("NFKC", cell))
    return re.sub(r"\((?!乡|镇|社区|手机).*\)$", "", text) or text


def _padded(texts: list[str], width: int) -> list[str]:
    return texts + [""] * (width - len(texts))
