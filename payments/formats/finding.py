"""What keeps rows out of a format, found before anything is sealed: nothing is ever cut or replaced."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Refusal
from core.money import plain_yuan
from payments.formats.instructions import CHANNELS, Fault, Head, Row
from payments.formats.layout import HEAD_VALUES, LABELS, Cell, Format
from payments.formats.values import cell_text

_FORMULA = "=+-@＝＋－＠"  # a text file opened in a spreadsheet would run what begins so
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def faults(form: Format, rows: Sequence[Row], head: Head | None = None) -> list[Fault]:
    """Each value that the format cannot carry unchanged, row by row; with `head`, its values too (seq 0).

    Finds: missing values, values over their length, characters the encoding does not have, control and invisible
    characters, separators and quotes inside a value of a text file, formulas in a text file, patterns that do not
    fit, amounts out of range and references that stand twice.
    """
    some = head or _empty_head(rows)
    found = list(_head_faults(form, some)) if head else []
    seen: set[str] = set()
    for row in rows:
        if row.reference in seen:
            found.append(Fault(row.seq, LABELS["reference"], _("第%(seq)s笔的业务编号重复。") % {"seq": row.seq}))
        seen.add(row.reference)
        found += _row_faults(form, some, row, with_head=head is not None)
    return found


def require_fit(form: Format, head: Head, rows: Sequence[Row]) -> None:
    """Refuse what must not be written: format_channel, format_no_rows, format_too_many, control_total, format_total,
    format_faults (with one sentence a row in `fields`, by number of the row)."""
    if head.channel not in form.channels:
        raise Refusal(
            "format_channel",
            _("“%(format)s”不用于%(channel)s支付，请选择其他格式。")
            % {"format": form.label, "channel": CHANNELS.get(head.channel, head.channel)},
        )
    if not rows:
        raise Refusal("format_no_rows", _("没有可以写入支付文件的款项，请先编制批次。"))
    if len(rows) > form.rows_most:
        raise Refusal(
            "format_too_many",
            _("“%(format)s”每个文件最多%(most)d笔，本批次有%(count)d笔，请分批支付。")
            % {"format": form.label, "most": form.rows_most, "count": len(rows)},
        )
    total = sum(row.amount_fen for row in rows)
    if (head.count, head.total_fen) != (len(rows), total):
        raise Refusal("control_total", _("笔数或金额合计与明细不符，未生成支付文件，请联系系统管理员核查。"))
    if total > form.total_most_fen:
        raise Refusal(
            "format_total",
            _("“%(format)s”每个文件合计不超过%(most)s元，请分批支付。")
            % {"format": form.label, "most": plain_yuan(form.total_most_fen)},
        )
    if found := faults(form, rows, head):
        raise Refusal(
            "format_faults",
            _("有%(count)d处内容不能写入“%(format)s”，未生成支付文件。%(first)s")
            % {"count": len(found), "format": form.label, "first": found[0].sentence},
            fields={f"{fault.seq}:{fault.field}": fault.sentence for fault in found},
        )


def _head_faults(form: Format, head: Head) -> Iterator[Fault]:
    cells = [cell for sheet in form.sheets for cell in sheet.lines]
    if form.text:
        cells += [cell for line in (*form.text.header, *form.text.trailer) for cell in line]
    for cell in cells:
        title = cell.title or cell.value or _("表头")
        if why := _why_not(form, cell, cell_text(cell, form, head)):
            yield Fault(0, title, _("文件表头或合计行的“%(title)s”%(why)s") % {"title": title, "why": why})
    for sheet in form.sheets:
        for line in (sheet.title, *sheet.heading, *sheet.footing, sheet.total_label):
            if line and _unseen(cell_text(Cell(text=line), form, head)):
                yield Fault(0, sheet.name, _("工作表“%(name)s”的表头含有控制字符。") % {"name": sheet.name})


def _row_faults(form: Format, head: Head, row: Row, *, with_head: bool) -> Iterator[Fault]:
    if not 0 < row.amount_fen <= form.amount_most_fen:
        most = plain_yuan(form.amount_most_fen)
        sentence = _("第%(seq)s笔的金额应大于零且不超过%(most)s元，请核对。") % {"seq": row.seq, "most": most}
        yield Fault(row.seq, LABELS["amount"], sentence)
    for cell in form.columns:
        if cell.value in HEAD_VALUES and not (with_head and row.seq == 1):
            continue  # the same in every row: told once, and only when it is known
        if why := _why_not(form, cell, cell_text(cell, form, head, row)):
            title = cell.title or cell.holds
            sentence = _("第%(seq)s笔的“%(title)s”%(why)s") % {"seq": row.seq, "title": title, "why": why}
            yield Fault(row.seq, title, sentence)


def _why_not(form: Format, cell: Cell, text: str) -> str:
    """Why this text cannot stand in this cell, without repeating it; empty when it can."""
    if not text or text == cell.empty:
        return _("未填写。") if cell.required else ""
    if place := _unseen(text):
        return _("第%(place)d个字是换行、控制字符或看不见的字符，请先更正。") % {"place": place}
    if form.text and (why := _not_as_text(form, cell, text)):
        return why
    encoding = form.text.encoding if form.text else "utf-8"
    length = len(text.encode(encoding)) if cell.measure == "bytes" else len(text)
    if length > cell.longest:
        unit = _("个字节") if cell.measure == "bytes" else _("个字")
        told = {"most": cell.longest, "unit": unit, "length": length}
        return _("超过%(most)d%(unit)s（现为%(length)d），请核对或换用其他格式。") % told
    if cell.pattern and not cell.pattern.fullmatch(text):
        return _("不合要求：%(hint)s。") % {"hint": cell.hint}
    return ""


def _not_as_text(form: Format, cell: Cell, text: str) -> str:
    """What only a text file cannot carry."""
    layout = form.text
    assert layout is not None
    if place := _uncarried(text, layout.encoding):
        told = {"place": place, "encoding": layout.encoding.upper(), "code": f"U+{ord(text[place - 1]):04X}"}
        return _("第%(place)d个字（%(code)s）在%(encoding)s编码中没有，不能写入此格式，请换用其他格式。") % told
    if text[0] in _FORMULA and cell.value:
        return _("以 = + - @ 开头，用表格软件打开会被当作公式，请先更正。")
    if not layout.quoted and layout.separator and layout.separator in text:
        return _("含有本格式的分隔符“%(mark)s”，请先更正。") % {"mark": layout.separator}
    if not layout.quoted and '"' in text:
        return _("含有引号，用表格软件打开会错行，请先更正。")
    if layout.fixed:
        if len(text.encode(layout.encoding)) > cell.width:
            return _("超过%(most)d个字节，请核对或换用其他格式。") % {"most": cell.width}
        if (text[-1] if cell.align == "left" else text[0]) == cell.fill:
            return _("首尾有填充字符，写入后无法还原，请先更正。")
    elif text != text.strip():
        return _("首尾有空格，请先更正。")
    return ""


def _unseen(text: str) -> int:
    """The place, from 1, of the first character that no payment file may hold; 0 when there is none."""
    if text.isprintable() and text.isascii():
        return 0
    for place, char in enumerate(text, 1):
        if unicodedata.category(char) in _UNSEEN or char in "\ufffe\uffff":
            return place
    return 0


def _uncarried(text: str, encoding: str) -> int:
    """The place, from 1, of the first character that the encoding does not have or gives back as another."""
    try:
        if text.encode(encoding).decode(encoding) == text:
            return 0
    except UnicodeError:
        pass
    for place, char in enumerate(text, 1):
        try:
            if char.encode(encoding).decode(encoding) != char:
                return place
        except UnicodeError:
            return place
    return len(text)


def _empty_head(rows: Sequence[Row]) -> Head:
    """For faults of rows alone: columns that hold values of the head are looked at with the head."""
    return Head(
        number="", fund="", allocation_no="", functional_code="", economic_code="", channel="", made_on=date.min,
        count=len(rows), total_fen=0,
    )  # fmt: skip
