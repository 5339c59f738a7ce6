"""The part of a format file that says how the bank's answer is read."""

from typing import cast

from payments.formats.instructions import OUTCOMES, REASONS, Outcome
from payments.formats.keys import Keys
from payments.formats.layout import ResultLayout, Unit

_COLUMNS = ("reference", "amount", "outcome", "reason")


def result_of(keys: Keys) -> ResultLayout:
    """The `[result]` table of a format file."""
    titles, positions = _columns(keys.table("columns"))
    separator = str(keys.raw("separator", str, "文字", ""))
    widths, total_widths = _widths(keys, "widths"), _widths(keys, "total_widths")
    if separator and widths:
        keys.note("widths", "separator和widths只能写一个。")
    by_title = bool(titles)
    made = ResultLayout(
        titles=titles,
        positions=positions,
        outcomes=_outcomes(keys.table("outcomes")),
        reasons=_reasons(keys.table("reasons")),
        unit=cast(Unit, keys.choice("amount_unit", ("yuan", "fen"), "yuan")),
        thousands=keys.flag("thousands"),
        encoding=keys.choice("encoding", ("auto", "utf-8", "gb18030"), "auto"),
        separator=separator,
        quoted=keys.flag("quoted"),
        widths=widths,
        total_widths=total_widths,
        zero_filled=keys.flag("zero_filled"),
        skip_first=keys.integer("skip_first", 0, most=100),
        mark=keys.integer("mark", 0, least=1, most=100),
        detail=keys.text("detail", "", most=20),
        skip=keys.texts("skip"),
        total=keys.text("total", "", most=20),
        total_required=keys.flag("total_required"),
        total_count=keys.texts("total_count") if by_title else keys.integer("total_count", 0, least=1, most=100),
        total_amount=0 if by_title else keys.integer("total_amount", 0, least=1, most=100),
    )
    _check_marks(made, keys)
    keys.done()
    return made


def _widths(keys: Keys, key: str) -> tuple[int, ...]:
    widths = tuple(keys.raw(key, list, "整数列表", []))
    if any(not isinstance(width, int) or isinstance(width, bool) or not 0 < width <= 1000 for width in widths):
        keys.note(key, "每一项应为1至1000的整数（字节数）。")
        return ()
    return widths


def _columns(keys: Keys) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Titles or positions: one kind for all columns."""
    titles: dict[str, tuple[str, ...]] = {}
    positions: dict[str, int] = {}
    for name in _COLUMNS:
        if isinstance(keys.content.get(name), int):
            positions[name] = keys.integer(name, least=1, most=100)
        elif keys.has(name) or name in ("reference", "outcome"):
            titles[name] = keys.texts(name, needed=True)
    if titles and positions:
        keys.note("reference", "各列要么都写列名，要么都写位置（从1起的整数）。")
    keys.done()
    return titles, positions


def _outcomes(keys: Keys) -> dict[str, Outcome]:
    words: dict[str, Outcome] = {}
    for outcome in OUTCOMES:
        for word in keys.texts(outcome, needed=outcome != "unknown"):
            if word.casefold() in (known.casefold() for known in words):
                keys.note(outcome, f"“{word}”重复。")
            words[word] = outcome
    keys.done()
    return words


def _reasons(keys: Keys) -> dict[str, str]:
    words: dict[str, str] = {}
    for code in REASONS:
        for word in keys.texts(code):
            if word.casefold() in (known.casefold() for known in words):
                keys.note(code, f"“{word}”重复。")
            words[word] = code
    keys.done()
    return words


def _check_marks(made: ResultLayout, keys: Keys) -> None:
    if made.titles and made.mark:
        keys.note("mark", "只有按位置读取的文件才写mark。")
    if made.mark and not made.detail:
        keys.note("detail", "写了mark就要写detail：明细行的标志。")
    if made.positions and made.total and not made.mark:
        keys.note("mark", "按位置读取时，合计行要靠mark辨认。")
    if made.total_required and not made.total:
        keys.note("total", "要求合计行时必须写明合计行的标志。")
    if made.titles and made.widths:
        keys.note("widths", "定长文件只能按位置读取。")
    if made.quoted and len(made.separator) != 1:
        keys.note("quoted", "加引号的文件必须有一个字符的分隔符。")
    if made.widths and max([*made.positions.values(), made.mark, 0]) > len(made.widths):
        keys.note("widths", "位置超过了列数。")
    if made.total_widths and not (made.widths and made.mark and made.total):
        keys.note("total_widths", "只有定长并写了mark和total的文件才写total_widths。")
    total_count = made.total_count if isinstance(made.total_count, int) else 0
    if (widths := made.total_widths or made.widths) and max(made.total_amount, total_count) > len(widths):
        keys.note("total_widths", "合计的位置超过了列数。")
