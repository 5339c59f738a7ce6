"""Reads what an administrator sent. Nothing here decides anything."""

from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import Refusal

PAGE = 25
LARGEST_ID = 2**63 - 1


def number_in(text: str) -> int | None:
    """A database id; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID else None


def required_number(text: str, sentence: str) -> int:
    """A database id; refuses `choice_missing` with `sentence` for anything else."""
    if (number := number_in(text)) is None:
        raise Refusal("choice_missing", sentence)
    return number


def day_in(text: str) -> date | None:
    """A day as a date field sends it, None when it is empty; refuses `day_unreadable` for anything else."""
    if not (text := text.strip()):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("day_unreadable", _("日期请按 2025-11-24 的格式填写。")) from error


def file_in(request: HttpRequest, name: str) -> bytes:
    """The bytes of an uploaded file; refuses `file_missing`."""
    uploaded = request.FILES.get(name)
    if uploaded is None:
        raise Refusal("file_missing", _("请先选择文件再提交。"))
    return uploaded.read()


def page_of(found: QuerySet, text: str) -> Page:
    """A page of 25; nonsense gives the first, a number beyond the end the last."""
    number = number_in(text) or 1
    return Paginator(found, PAGE).get_page(min(number, 1_000_000))
