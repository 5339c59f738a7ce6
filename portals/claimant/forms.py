"""Reads what a claimant sent: numbers, ids, one uploaded file. Nothing here decides anything."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import Refusal

LARGEST_ID = 2**63 - 1
LARGEST_FILE = 20 * 1024 * 1024  # bytes read into memory; each reader has its own, smaller limit


def number_in(text: str) -> int | None:
    """A database id; None for anything else."""
    plain = text.isascii() and text.isdigit() and len(text) <= 19
    return int(text) if plain and int(text) <= LARGEST_ID else None


def page_in(text: str) -> int:
    """A page number from 1; 1 for nonsense."""
    number = number_in(text)
    return number if number and number <= 1_000_000 else 1


def uuid_in(text: str) -> UUID | None:
    """An id, None when nothing was chosen; refuses `form_broken` for anything that is no id."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal("form_broken", _("提交的内容不完整或已过期，请刷新页面后重新填写。")) from error


def text_in(request: HttpRequest, name: str) -> str | None:
    """A text field; None when the form did not send it, so that nothing is changed."""
    return request.POST.get(name)


def file_in(request: HttpRequest) -> tuple[bytes, str]:
    """The bytes and the name of the uploaded `file`; refuses `upload_missing` and `upload_too_large`."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise Refusal("upload_missing", _("没有收到文件，请先选择文件再上传。"))
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal("upload_too_large", _("文件太大，请压缩或分成几个文件后再上传。"))
    return file.read(), file.name or ""
