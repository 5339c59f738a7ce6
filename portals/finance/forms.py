"""What the finance pages send, as the commands want it. Nothing here decides anything."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.money import parse_yuan
from payments.models import Batch
from payments.recovery.deciding import Part

LONGEST_NUMBER = 18  # digits; what the databases can hold
YEAR_DIGITS = 4
FIRST_YEAR, LAST_YEAR = 2000, 2999


def number_in(text: str) -> int:
    """A row's number; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def year_in(text: str) -> int:
    """A year; refuses `year_format` for what is none."""
    year = number_in(text.strip()[: YEAR_DIGITS + 1])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal("year_format", _("年度请填四位数字，例如 2025。"))
    return year


def numbers_in(texts: Iterable[str]) -> list[int]:
    """Row numbers, without what is none."""
    return [number for text in texts if (number := number_in(text))]


def keys_in(texts: Iterable[str]) -> list[UUID]:
    """Keys of lines; refuses `line_unknown` for what is none."""
    try:
        return [UUID(text) for text in texts]
    except ValueError as error:
        raise Refusal("line_unknown", _("所选的人员有的已不存在，请刷新页面后重新选择。")) from error


def channel_in(text: str) -> str:
    """对公 or 对私; 对公 for anything else."""
    return text if text in Batch.Channel.values else Batch.Channel.PUBLIC


def day_in(text: str) -> date:
    """A day as ``2025-11-24``; refuses `day_wrong` for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("day_wrong", _("请填写日期，例如 2025-11-24。")) from error


def parts_in(data: QueryDict) -> list[Part]:
    """The instalments of a form: rows of ``part-day`` and ``part-amount``, empty rows left out."""
    rows = zip(data.getlist("part-day"), data.getlist("part-amount"), strict=False)
    return [Part(day_in(day), parse_yuan(amount)) for day, amount in rows if day or amount]
