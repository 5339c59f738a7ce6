"""An uploaded annex 1 or 2, row by row: sound rows become people, the others errors that name their cell."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from core.errors import Refusal
from documents.annexes.columns import SHORT, columns_of, extra_of
from documents.annexes.extras import SHEET, extras_of
from documents.annexes.finding import Found, find_all
from documents.annexes.lines import Fault, Key, Read
from documents.annexes.places import Village, compact, group_in, unknown_village, village_in
from documents.annexes.row_reading import Row
from documents.spreadsheets import CellValue, Limits, read_table
from documents.spreadsheets.reading import shown_name

ANNEX_LIMITS = Limits(columns=100, sheets=60)
Tell = Callable[[int], None]


def read_annex(
    data: bytes, name: str, *, on: date, villages: Iterable[Village], annex: int | None = None,
    village: Village | None = None, titles: Mapping[int, Mapping[str, str]] | None = None, tell: Tell = lambda done: None,
) -> Read:  # fmt: skip
    """The people of an annex. `on` is today; `annex` and `village` are taken from the file when they are not given.

    Refuses as a whole: the codes of `read_table`, annex_no_header, annex_unknown, annex_differs, annex_no_village,
    annex_no_rows. `tell` hears how many rows are read.
    """
    known, own = list(villages), titles or {}
    book = read_table(data, name, limits=ANNEX_LIMITS, merged=True)
    found, strange = find_all(book, own)
    extras = [sheet for sheet in strange if sheet.name == SHEET]
    found = [here for here in found if here.sheet.name != SHEET]
    extra_sheets = extras + [sheet for sheet in book.sheets if sheet.name == SHEET and sheet not in extras]
    if not found:
        raise _no_header(book.name, [sheet.name for sheet in book.sheets if not sheet.hidden])
    number = _annex(found, annex, book.name)
    home = village or _village(found, known, book.name)
    read = Read(number, home.code)
    for sheet in strange:
        if sheet not in extras:
            read.errors.append(Fault(sheet.name, "A1", "", f"工作表“{sheet.name}”没有找到表头，没有读取。"))
    reader = Reader(read, on, known, home, own, extras_of(extra_sheets), tell)
    for here in found:
        if here.annex is not None and here.annex != number:
            words = f"工作表“{here.sheet.name}”是附件{here.annex}（{SHORT[here.annex]}），本次按附件{number}导入，没有读取。请另行导入。"
            read.errors.append(Fault(here.sheet.name, "A1", "", words))
        else:
            reader.read(here)
    if not read.lines and not read.errors:
        raise Refusal("annex_no_rows", f"文件“{book.name}”的表头下面没有填写人员。本月无变化的，请报送“本月无变化”。")
    return read


def _annex(found: list[Found], asked: int | None, name: str) -> int:
    said = list(dict.fromkeys(here.annex for here in found if here.annex is not None))
    if asked is None:
        if not said:
            raise Refusal(
                "annex_unknown", f"文件“{name}”看不出是附件1（未就业）还是附件2（已就业），请选择附件后再上传。"
            )
        asked = said[0]
    elif said and asked not in said:
        raise Refusal(
            "annex_differs", f"文件“{name}”的标题是附件{said[0]}（{SHORT[said[0]]}），与所选的附件{asked}不符，请核对。"
        )
    if asked == 3:
        raise Refusal("annex_three", "附件3（网格工作人员名单）请在“网格工作人员”页面导入。")
    missing = [c.title for c in columns_of(asked) if c.required and all(c.key not in here.columns for here in found)]
    if missing:
        raise Refusal("annex_missing_columns", f"文件“{name}”缺少必填的列：{'、'.join(missing)}。请补上后再上传。")
    return asked


def _village(found: list[Found], known: list[Village], name: str) -> Village:
    for text in (*(here.title for here in found), *(compact([here.sheet.name]) for here in found), compact([name])):
        if here := village_in(text, known):
            return here
    strange = next((said for here in found if (said := unknown_village(here.title))), "")
    if strange:
        raise Refusal("annex_no_village", f"标题中的“{strange}”不是本区的村或社区，请核对标题，或选择村后再上传。")
    raise Refusal("annex_no_village", f"文件“{shown_name(name)}”的标题没有写明是哪个村，请填写标题，或选择村后再上传。")


def _no_header(name: str, sheets: list[str]) -> Refusal:
    seen = "、".join(f"“{sheet}”" for sheet in sheets) or "（没有可见的工作表）"
    return Refusal(
        "annex_no_header",
        f"文件“{name}”中没有找到附件的表头，看到的工作表有：{seen}。表头须有“姓名”“性别”“出生年月”等列，并在前20行之内。",
    )


class Reader:
    """Reads sheet after sheet; repeats are found over all of them."""

    def __init__(
        self, read: Read, on: date, known: list[Village], home: Village, titles: Mapping[int, Mapping[str, str]],
        extras: Mapping[tuple[str, str], dict[str, CellValue]], tell: Tell,
    ) -> None:  # fmt: skip
        self.answer, self.on, self.known, self.home, self.extras, self.tell = read, on, known, home, extras, tell
        columns = (*columns_of(read.annex, titles.get(read.annex)), *extra_of(read.annex))
        self.title_of = {column.key: column.title for column in reversed(columns)}
        self.first: dict[Key, tuple[str, int]] = {}
        self.memo: dict[tuple[str, type, object], Any] = {}
        self.count = 0

    def read(self, found: Found) -> None:
        """One sheet. Titles between its rows change the group, and the village when they name another one."""
        group, foreign = self._title(found, found.title, 1)
        for number, cells, between in found.rows():
            if between:
                group, foreign = self._title(found, between, number)
            if not foreign:
                Row(self, found, number, cells, group).read()
            self.count += 1
            if self.count % 2000 == 0:
                self.tell(self.count)

    def _title(self, found: Found, text: str, row: int) -> tuple[str, bool]:
        named = village_in(text, self.known)
        if named is not None and named.code != self.home.code:
            words = f"标题写的是{named.name}，与本次导入的{self.home.name}不符，其下的人员没有读取。请另行导入。"
            self.answer.errors.append(Fault(found.sheet.name, f"A{row}", named.name, words))
            return "", True
        return group_in(text), False
