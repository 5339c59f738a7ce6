"""The roster as an Excel file to fill in: every column as text, lists to choose from, an example, an explanation."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.identifiers import LABELS
from documents.rosters.columns import EDUCATION, SEXES, Column, RosterKind, columns_of
from documents.rosters.finding import RESULT_TITLE
from documents.spreadsheets.rows import sound_text

SHEET, LISTS, HELP = "花名册", "字典", "填写说明"
PREPARED_ROWS = 2000
RED = PatternFill("solid", start_color="FFF4CCCC", end_color="FFF4CCCC")
_REQUIRED = PatternFill("solid", start_color="FFFFF2CC", end_color="FFFFF2CC")
_OPTIONAL = PatternFill("solid", start_color="FFE8EEF4", end_color="FFE8EEF4")
_GREY = Font(italic=True, color="FF808080")
_HAIR = Side(style="thin", color="FFBFBFBF")
_THIN = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_WRAPPED = Alignment(wrap_text=True, vertical="center", horizontal="center")


def roster_template(kind: RosterKind, villages: Sequence[str] = ()) -> bytes:
    """An xlsx to fill in. `villages` are the units' names for the list of 所属村（社区）.

    The header is row 1; the row marked 示例 is ignored when the file comes back.
    """
    return roster_book(kind, [{column.key: column.example for column in columns_of(kind)}], villages, example=True)


def roster_book(
    kind: RosterKind,
    rows: Sequence[Mapping[str, str]],
    villages: Sequence[str] = (),
    *,
    results: Sequence[str] = (),
    red: Mapping[int, set[str]] | None = None,
    example: bool = False,
) -> bytes:
    """A roster with rows of text by column key. `results` adds a result column; `red` names keys to mark by row index."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    columns = columns_of(kind)
    _header(sheet, columns, bool(results))
    for index, row in enumerate(rows):
        for place, column in enumerate(columns, 1):
            put_text(sheet, index + 2, place, row.get(column.key, ""))
            if example:
                sheet.cell(index + 2, place).font = _GREY
            if red and column.key in red.get(index, ()):
                sheet.cell(index + 2, place).fill = RED
        if results:
            put_text(sheet, index + 2, len(columns) + 1, results[index])
    _lists(book, sheet, columns, villages)
    _explanation(book.create_sheet(HELP), columns)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put_text(sheet: Worksheet, row: int, place: int, text: str) -> None:
    """Write text that stays text, whatever it begins with; refuses what a cell cannot hold."""
    if text:
        cell = sheet.cell(row, place)
        cell.value = sound_text(text, sheet.title, cell.coordinate)
        cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error
        cell.number_format = "@"


def _header(sheet: Worksheet, columns: Sequence[Column], with_result: bool) -> None:
    titles = [(column.title, column.width, column.required) for column in columns]
    for place, (title, width, required) in enumerate([*titles, *([(RESULT_TITLE, 60, False)] * with_result)], 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = width
        sheet.column_dimensions[letter].number_format = "@"
        cell = sheet.cell(1, place)
        put_text(sheet, 1, place, title)
        cell.font, cell.alignment, cell.border = Font(bold=True), _WRAPPED, _THIN
        cell.fill = _REQUIRED if required else _OPTIONAL
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"


def _lists(book: Workbook, sheet: Worksheet, columns: Sequence[Column], villages: Sequence[str]) -> None:
    """The lists to choose from, kept on a hidden sheet because a rule itself holds no more than 255 characters."""
    store = book.create_sheet(LISTS)
    store.sheet_state = "hidden"
    choices = {
        "sex": list(SEXES),
        "id_type": list(LABELS.values()),
        "yes_no": ["是", "否"],
        "signed": ["是", "否"],
        "education": list(EDUCATION),
        "village": list(villages),
    }
    for place, (kind, values) in enumerate(choices.items(), 1):
        put_text(store, 1, place, kind)
        for row, value in enumerate(values, 2):
            put_text(store, row, place, value)
        letter = get_column_letter(place)
        if not values:
            continue
        rule = DataValidation("list", f"'{LISTS}'!${letter}$2:${letter}${len(values) + 1}", allow_blank=True)
        rule.error, rule.errorTitle, rule.showErrorMessage = "请从下拉列表选择。", "内容不在列表中", True
        for at, column in enumerate(columns, 1):
            if column.kind == kind:
                rule.add(f"{get_column_letter(at)}2:{get_column_letter(at)}{PREPARED_ROWS + 1}")
        if rule.sqref.ranges:
            sheet.add_data_validation(rule)


def _explanation(sheet: Worksheet, columns: Sequence[Column]) -> None:
    lines = [
        "一、请在“花名册”工作表中填写，一人一行；黄色表头为必填，不要改动列名。“示例”行可以保留，系统不读取。",
        "二、证件号码、手机、统一社会信用代码须以文本填写；从别处复制时请选择“只粘贴值”。",
        f"三、一份花名册最多5000人，模板已为前{PREPARED_ROWS}行准备好下拉列表。",
    ]
    for row, line in enumerate(lines, 1):
        put_text(sheet, row, 1, line)
    for place, (title, width) in enumerate([("列名", 26), ("是否必填", 10), ("填写方法", 60), ("示例", 28)], 1):
        put_text(sheet, 5, place, title)
        sheet.cell(5, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, column in enumerate(columns, 6):
        for place, text in enumerate(
            [
                column.title,
                "必填" if column.required else "可不填",
                column.help,
                "" if column.key == "seq" else column.example,
            ],
            1,
        ):
            put_text(sheet, row, place, text)
