"""Filters of the papers' templates: amounts and dates as official papers write them."""

from datetime import date

from django import template

from core.money import rmb_upper
from core.money import yuan as as_yuan

register = template.Library()


@register.filter
def yuan(fen: int) -> str:
    """1000.00 in fen as ``1,000.00``."""
    return as_yuan(fen)


@register.filter
def upper(fen: int) -> str:
    """Fen in formal figures: 人民币壹仟元整."""
    return rmb_upper(fen)


@register.filter
def day(value: date | None) -> str:
    """2025年11月24日, as GB/T 9704 writes dates; a dash when there is none."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


@register.filter
def short_day(value: date | None) -> str:
    """2025-11-24, for tables."""
    return value.isoformat() if value else "—"


@register.filter
def section(number: int) -> str:
    """1 to 10 as the ordinals of official papers: 一 … 十."""
    return "一二三四五六七八九十"[number - 1]


@register.filter
def rest(text: str, length: int = 1) -> str:
    """A text without its first `length` characters."""
    return text[length:]


@register.filter
def month(value: date | None) -> str:
    """2025-11, for tables; a dash when there is none."""
    return f"{value:%Y-%m}" if value else "—"
