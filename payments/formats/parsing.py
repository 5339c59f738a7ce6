"""A format file into a Format, with every fault named by its key. docs/formats.md is this module in words."""

import re
from collections.abc import Callable
from typing import Any, cast

from core.money import LARGEST_FEN
from payments.formats.instructions import CHANNELS
from payments.formats.keys import Keys, check_template
from payments.formats.layout import (
    DATES,
    ENCODINGS,
    HEAD_VALUES,
    LINE_ENDS,
    ROW_VALUES,
    Cell,
    Format,
    Kind,
    Measure,
    SheetLayout,
    TextLayout,
    Unit,
)  # fmt: skip
from payments.formats.result_parsing import result_of

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_EXTENSION = re.compile(r"[a-z0-9]{1,8}")
_NEEDED = ("reference", "payee", "account", "amount")
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")

Note = Callable[[str, str], None]


def format_of(content: dict[str, Any], source: str, note: Note) -> Format:
    """The format that a file describes. It may be used only when `note` was never called."""
    keys = Keys(content, "", note)
    code = keys.text("code", most=32)
    if not _CODE.fullmatch(code):
        keys.note("code", "只能用小写字母、数字和短横线，1至32个字符。")
    kind = cast(Kind, keys.choice("kind", ("xlsx", "text")))
    extension = keys.text("extension", "xlsx" if kind == "xlsx" else "txt", most=8)
    if not _EXTENSION.fullmatch(extension):
        keys.note("extension", "文件扩展名只能是1至8个小写字母和数字，不带点。")
    channels = keys.texts("channels", needed=True)
    if set(channels) - set(CHANNELS):
        keys.note("channels", "只能是public（对公）和private（对私）。")
    limits = keys.table("limits")
    sheets = tuple(_sheet(sheet) for sheet in keys.tables("sheets", needed=True)) if kind == "xlsx" else ()
    text = _text(keys.table("text")) if kind == "text" else None
    columns = (
        tuple(_cell(cell, ROW_VALUES + HEAD_VALUES) for cell in keys.tables("columns", needed=True)) if text else ()
    )
    if kind == "xlsx":
        columns = _detail(keys, sheets)
    made = Format(
        code=code,
        label=keys.text("label", most=40),
        about=keys.text("about", "", most=1000),
        kind=kind,
        channels=channels,
        rows=cast(Any, keys.choice("rows", ("payee", "claim"))),
        unit=cast(Unit, keys.choice("amount_unit", ("yuan", "fen"), "yuan")),
        dates=keys.choice("dates", DATES, "YYYY-MM-DD"),
        extension=extension,
        columns=columns,
        sheets=sheets,
        text=text,
        result=result_of(keys.table("result")) if keys.has("result") else None,
        rows_most=limits.integer("rows", 100_000, least=1, most=1_000_000),
        amount_most_fen=limits.integer("amount_fen", LARGEST_FEN, least=1, most=LARGEST_FEN),
        total_most_fen=limits.integer("total_fen", LARGEST_FEN, least=1, most=LARGEST_FEN),
        source=source,
    )
    limits.done()
    keys.done()
    _cross_check(made, keys)
    return made


def _detail(keys: Keys, sheets: tuple[SheetLayout, ...]) -> tuple[Cell, ...]:
    """The columns of the one sheet that holds the transfers."""
    found = [sheet for sheet in sheets if sheet.columns]
    if len(found) != 1:
        keys.note("sheets", "应有且只有一张含columns的工作表（逐笔明细）。")
    if len({sheet.name.casefold() for sheet in sheets}) != len(sheets):
        keys.note("sheets", "工作表名称重复。")
    return found[0].columns if found else ()


def _cell(keys: Keys, names: tuple[str, ...], *, titled: bool = True) -> Cell:
    value = keys.choice("value", names) if keys.has("value") else ""
    text = keys.template("text", names, "")
    if keys.has("value") and keys.has("text"):
        keys.note("text", "value和text只能写一个。")
    elif not keys.has("value") and not keys.has("text"):
        keys.note("value", "缺少此项：请写value（取值）或text（固定文字，可为空）。")
    pattern = None
    if keys.has("pattern"):
        try:
            pattern = re.compile(keys.text("pattern"))
        except re.error:
            keys.note("pattern", "不是正确的正则表达式。")
    made = Cell(
        title=keys.text("title", None if titled else "", most=60),
        value=value,
        text=text,
        longest=keys.integer("longest", 200, least=1, most=32_000),
        measure=cast(Measure, keys.choice("measure", ("characters", "bytes"), "characters")),
        required=keys.flag("required", value in _NEEDED),
        empty=keys.text("empty", "", most=60),
        pattern=pattern,
        hint=keys.text("hint", "", most=100),
        width=keys.integer("width", 0, least=1, most=250),
        align=cast(Any, keys.choice("align", ("left", "right"), "left")),
        fill=keys.text("fill", " ", most=1) or " ",
        number=keys.flag("number"),
    )
    if titled and keys.has("title") and not made.title:
        keys.note("title", "不得为空。")
    if made.pattern and not made.hint:
        keys.note("hint", "写了pattern就要写hint：用一句话说明应填什么。")
    if made.required and made.empty:
        keys.note("empty", "必填的列不能再写空值替代。")
    if made.number and value != "amount" and value != "total":
        keys.note("number", "只有金额可以写成数字。")
    if not made.fill.isascii():
        keys.note("fill", "只能是一个半角字符。")
    keys.done()
    return made


def _sheet(keys: Keys) -> SheetLayout:
    total = keys.table("total")
    made = SheetLayout(
        name=keys.text("name", most=31),
        columns=tuple(_cell(cell, ROW_VALUES + HEAD_VALUES) for cell in keys.tables("columns")),
        lines=tuple(_cell(cell, HEAD_VALUES) for cell in keys.tables("lines")),
        title=keys.template("title", HEAD_VALUES, ""),
        heading=keys.templates("heading", HEAD_VALUES),
        footing=keys.templates("footing", HEAD_VALUES),
        total_in=total.choice("in", ROW_VALUES, "") if keys.has("total") else "",
        total_label=total.template("label", HEAD_VALUES, "合计"),
        printed=keys.flag("printed"),
    )
    total.done()
    if not _SHEET_NAME.fullmatch(made.name):
        keys.note("name", "应为1至31个字，不含 [ ] : * ? / \\ 和单引号。")
    if bool(made.columns) == bool(made.lines):
        keys.note("columns", "每张工作表写columns（逐笔明细）或lines（汇总、校验）之一。")
    if keys.has("total"):
        _check_total(keys, made)
    keys.done()
    return made


def _check_total(keys: Keys, sheet: SheetLayout) -> None:
    values = [cell.value for cell in sheet.columns]
    if sheet.total_in not in values or sheet.total_in in ("seq", "amount"):
        keys.note("total.in", "应为本表中一个文字列的取值。")
    if "amount" not in values:
        keys.note("total", "本表没有金额列，不能写合计。")


def _text(keys: Keys) -> TextLayout:
    made = TextLayout(
        encoding=keys.choice("encoding", ENCODINGS),
        line_end=LINE_ENDS[keys.choice("line_end", tuple(LINE_ENDS), "crlf")],
        ends_last_line=keys.flag("ends_last_line", True),
        separator=str(keys.raw("separator", str, "一个分隔符，定长文件留空", "")),
        quoted=keys.flag("quoted"),
        titles=keys.flag("titles"),
        header=_lines(keys, "header"),
        trailer=_lines(keys, "trailer"),
    )
    if not re.fullmatch(r"[\x21-\x7e\t]{0,3}", made.separator) or re.search(r'[0-9A-Za-z."]', made.separator):
        keys.note("separator", "应为1至3个半角符号（可用制表符\\t），不得是字母、数字、点和引号。")
    if made.quoted and len(made.separator) != 1:
        keys.note("quoted", "加引号的文件必须有一个字符的分隔符。")
    if made.fixed and made.titles:
        keys.note("titles", "定长文件没有列名行。")
    keys.done()
    return made


def _lines(keys: Keys, key: str) -> tuple[tuple[Cell, ...], ...]:
    lines = []
    for line in keys.tables(key):
        lines.append(tuple(_cell(cell, HEAD_VALUES, titled=False) for cell in line.tables("cells", needed=True)))
        line.done()
    return tuple(lines)


def _cross_check(made: Format, keys: Keys) -> None:
    """What no single key can be blamed for."""
    values = [cell.value for cell in made.columns]
    if missing := [value for value in _NEEDED if value not in values]:
        keys.note("columns", f"逐笔明细缺少必需的取值：{'、'.join(missing)}。")
    if len({cell.title for cell in made.columns}) != len(made.columns):
        keys.note("columns", "列名重复。")
    if made.text:
        _check_text(made.text, made.columns, keys)


def _check_text(text: TextLayout, columns: tuple[Cell, ...], keys: Keys) -> None:
    for cell in (*columns, *(cell for line in (*text.header, *text.trailer) for cell in line)):
        where = f"（{cell.title or cell.value or cell.text}）"
        if text.fixed and not cell.width:
            keys.note("columns.width", f"定长文件的每一项都要写width（字节数）{where}。")
        fixed_words = re.sub(r"\{[^{}]*\}", "", cell.text) + cell.empty + (cell.title if text.titles else "")
        if not _carried(fixed_words, text.encoding):
            keys.note("text.encoding", f"固定文字中有{text.encoding}编码没有的字{where}。")
        if text.separator and not text.quoted and text.separator in fixed_words:
            keys.note("text.separator", f"固定文字中含有分隔符{where}。")
        check_template(cell.text, ROW_VALUES + HEAD_VALUES, lambda sentence: keys.note("text", sentence))


def _carried(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False
