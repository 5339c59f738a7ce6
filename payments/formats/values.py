"""The values of rows and heads as the text that a format writes."""

from datetime import date

from core.money import plain_yuan, rmb_upper
from payments.formats.instructions import CHANNELS, Head, Row
from payments.formats.keys import filled
from payments.formats.layout import ROW_VALUES, Cell, Format, Unit


def cell_text(cell: Cell, form: Format, head: Head, row: Row | None = None) -> str:
    """What stands in a cell: its value, its text with the values filled in, or its word for an empty value."""
    if cell.value:
        text = value_text(cell.value, form, head, row)
    else:
        text = filled(cell.text, lambda name: value_text(name, form, head, row))
    return text or cell.empty


def value_text(name: str, form: Format, head: Head, row: Row | None = None) -> str:
    """One value as text: an amount in the format's unit, a date in its manner."""
    if row is not None and name in ROW_VALUES:
        return amount_text(row.amount_fen, form.unit) if name == "amount" else str(getattr(row, name))
    if name == "total":
        return amount_text(head.total_fen, form.unit)
    if name == "total_upper":
        return rmb_upper(head.total_fen)
    if name == "channel":
        return CHANNELS.get(head.channel, head.channel)
    if name == "made_on":
        return date_text(head.made_on, form.dates)
    return str(getattr(head, name))


def amount_text(fen: int, unit: Unit) -> str:
    return str(fen) if unit == "fen" else plain_yuan(fen)


def date_text(day: date, manner: str) -> str:
    """A date in one of DATES."""
    if manner == "YYYY年M月D日":
        return f"{day.year}年{day.month}月{day.day}日"
    return day.strftime(manner.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d"))
