"""Reading what a bank answers: a whole file is refused when it is not what the format says, a row is only parked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from core.errors import Refusal
from core.identifiers import mask_account
from core.money import parse_yuan
from documents.spreadsheets import CellValue
from documents.spreadsheets.reading import shown_name
from payments.formats.answer_columns import Columns, columns_by_position, columns_by_title, refuse
from payments.formats.answer_tables import Line, Table, tables_of, words
from payments.formats.instructions import Answer, AnswerRow
from payments.formats.layout import Format, ResultLayout

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?")
_FEN = re.compile(r"0|[1-9][0-9]{0,13}")
_LONG_NUMBER = re.compile(r"[0-9]{8,}")
_REFERENCE_MOST, _REASON_MOST = 60, 120


@dataclass(slots=True)
class _Reading:
    """What has been read so far: rows, and the totals that the file states."""

    rows: list[AnswerRow] = field(default_factory=list)
    total_fen: int | None = None
    count: int | None = None
    totals: int = 0


def read_answer(form: Format, data: bytes, name: str) -> Answer:
    """The rows and totals of an answer file: xlsx, xls, csv or txt, UTF-8 (with or without mark) or GB 18030.

    A row that cannot be believed (no reference, an amount or an outcome nobody can read) comes with `fault` and the
    outcome unknown. Refuses a file that as a whole is not the format's, naming sheet, cell or line:
    format_without_result, answer_header_missing, answer_header_twice, answer_sheet_hidden, answer_line_unknown,
    answer_after_total, answer_totals_twice, answer_total_unread, answer_truncated, answer_empty, those of
    `tables_of`.
    """
    layout = form.result
    if layout is None:
        raise Refusal(
            "format_without_result", _("“%(format)s”没有规定回单的读取方式，不能导入回单。") % {"format": form.label}
        )
    tables = tables_of(layout, data, name)
    name = shown_name(name)
    reading = _Reading()
    found = False
    for table in (table for table in tables if any(not line.blank for line in table.lines)):
        columns = columns_by_title(layout, table, name) if layout.titles else columns_by_position(layout, table)
        if columns is None:
            continue
        if table.hidden:
            raise refuse(
                "answer_sheet_hidden",
                name,
                _("隐藏的工作表“%(sheet)s”中也有明细，请取消隐藏并核对。"),
                sheet=table.sheet,
            )
        found = True
        _read(layout, table, columns, name, reading)
    if not found:
        titles = "、".join(f"“{names[0]}”" for column, names in layout.titles.items() if column != "reason")
        raise refuse(
            "answer_header_missing",
            name,
            _("前30行中找不到列名%(titles)s。请核对是否选对了格式和文件。"),
            titles=titles,
        )
    if layout.total_required and not reading.totals:
        raise refuse("answer_truncated", name, _("没有合计行，文件可能不完整。请向银行重新下载。"))
    if not reading.rows:
        raise refuse("answer_empty", name, _("没有任何明细。请核对是否选对了文件。"))
    return Answer(tuple(reading.rows), reading.total_fen, reading.count)


def _read(layout: ResultLayout, table: Table, columns: Columns, name: str, reading: _Reading) -> None:
    """One table into the reading."""
    ended = False
    for line in table.lines[columns.first :]:
        if line.blank:
            continue
        kind = _kind(layout, line, columns)
        where = table.place(line, columns.reference)
        if kind == "unknown":
            place = table.place(line, layout.mark)
            raise refuse(
                "answer_line_unknown", name, _("%(where)s的行标志无法识别。请核对是否选对了格式。"), where=place
            )
        if kind == "detail" and ended and not words(line.at(columns.reference)):
            continue  # who made the list, and when
        if kind == "detail" and ended:
            raise refuse("answer_after_total", name, _("%(where)s在合计行之后，请核对文件是否完整。"), where=where)
        if kind == "total":
            _total(layout, table, line, columns, name, reading)
            ended = True
        elif kind == "detail":
            reading.rows.append(_row(layout, table, line, columns))


def _kind(layout: ResultLayout, line: Line, columns: Columns) -> str:
    if layout.mark:
        mark = words(line.at(layout.mark))
        known = {layout.detail: "detail", layout.total: "total", **dict.fromkeys(layout.skip, "skip")}
        return known.get(mark, "unknown") if mark else "unknown"
    reference = words(line.at(columns.reference))
    if layout.total and (not reference or reference.startswith(layout.total)):
        return "total" if any(words(cell).startswith(layout.total) for cell in line.cells) else "detail"
    return "detail"


def _total(layout: ResultLayout, table: Table, line: Line, columns: Columns, name: str, reading: _Reading) -> None:
    """The totals of a file; several sheets may each state theirs, which add up."""
    reading.totals += 1
    if layout.mark and reading.totals > 1:
        where = table.place(line, layout.mark)
        raise refuse("answer_totals_twice", name, _("%(where)s是第二个合计行，请向银行核对。"), where=where)
    amount_at, count_at = columns.total_amount, columns.total_count
    try:
        if amount_at and words(line.at(amount_at)):
            reading.total_fen = (reading.total_fen or 0) + _fen(line.at(amount_at), layout)
        if count_at and words(line.at(count_at)):
            reading.count = (reading.count or 0) + _whole(line.at(count_at))
    except (Refusal, ValueError):
        where = table.place(line, amount_at)
        raise refuse(
            "answer_total_unread", name, _("%(where)s的合计金额或笔数无法读取，请向银行核对。"), where=where
        ) from None


def _row(layout: ResultLayout, table: Table, line: Line, columns: Columns) -> AnswerRow:
    where = table.place(line, columns.reference)
    reason = _reason(line.at(columns.reason))
    outcome = layout.outcome_of(words(line.at(columns.outcome))) or "unknown"
    row = AnswerRow("", None, outcome, "", reason, where)
    for wrong in _wrongs(layout, table, line, columns):
        return replace(
            row, reference=_reference(line.at(columns.reference)), outcome="unknown", reason=wrong, fault=wrong
        )
    amount = _fen(line.at(columns.amount), layout) if columns.amount else None
    code = layout.reason_code_of(reason) if outcome == "returned" else ""
    return replace(row, reference=_reference(line.at(columns.reference)), amount_fen=amount, reason_code=code)


def _wrongs(layout: ResultLayout, table: Table, line: Line, columns: Columns) -> Iterator[str]:
    """Why the row cannot be believed, the first reason first."""
    for position in (columns.reference, columns.amount, columns.outcome):
        if position and table.unread_at(line, position):
            yield _("%(where)s是公式，没有计算结果，请用Excel打开并保存后再导入。") % {
                "where": table.place(line, position)
            }
    reference = line.at(columns.reference)
    where = table.place(line, columns.reference)
    if not words(reference):
        yield _("%(where)s没有业务编号，无法对应到支付项。") % {"where": where}
    elif not isinstance(reference, str) or len(words(reference)) > _REFERENCE_MOST:
        yield _("%(where)s的业务编号应为文本且不超过60个字。") % {"where": where}
    if columns.amount:
        try:
            _fen(line.at(columns.amount), layout)
        except (Refusal, ValueError):
            yield _("%(where)s的金额无法读取，应为正数，单位为%(unit)s。") % {
                "where": table.place(line, columns.amount),
                "unit": _("分") if layout.unit == "fen" else _("元"),
            }
    outcome = words(line.at(columns.outcome))
    if layout.outcome_of(outcome) is None:
        where = table.place(line, columns.outcome)
        yield (
            _("%(where)s的处理结果不在本格式的用词之内，请向银行核对。") % {"where": where}
            if outcome
            else _("%(where)s没有处理结果，请向银行核对。") % {"where": where}
        )


def _fen(cell: CellValue, layout: ResultLayout) -> int:
    """A positive amount in fen, strictly. ValueError or Refusal when it is none; a number may carry the last bits of
    binary arithmetic, nothing more."""
    if isinstance(cell, bool) or cell is None:
        raise ValueError
    if isinstance(cell, float | int):
        scaled = round(cell * (1 if layout.unit == "fen" else 100), 4)
        if scaled != int(scaled) or not 0 < scaled < 10**15:
            raise ValueError
        return int(scaled)
    if not isinstance(cell, str):
        raise ValueError
    text = cell.strip()
    if layout.thousands and _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if layout.zero_filled:
        text = re.sub(r"^0+(?=[0-9])", "", text)
    if layout.unit == "fen":
        if not _FEN.fullmatch(text):
            raise ValueError
        fen = int(text)
    else:
        fen = parse_yuan(text)
    if fen <= 0:
        raise ValueError
    return fen


def _whole(cell: CellValue) -> int:
    if isinstance(cell, float) and cell == int(cell):
        return int(cell)
    text = words(cell).removesuffix("笔").removeprefix("共")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError
    return int(text)


def _reference(cell: CellValue) -> str:
    return words(cell)[:_REFERENCE_MOST] if isinstance(cell, str) else ""


def _reason(cell: CellValue) -> str:
    """What the bank says, on one line, whole account numbers masked: it is shown and kept in the clear."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in words(cell)).split())
    return _LONG_NUMBER.sub(lambda found: mask_account(found[0][-64:]), plain)[:_REASON_MOST]
