"""Reading a spreadsheet that somebody uploaded."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from core.errors import Refusal
from documents.spreadsheets.cells import Sheet, Workbook
from documents.spreadsheets.contained import run_contained
from documents.spreadsheets.guard import Findings, inspect_zip, is_locked_ole, refuse_ole
from documents.spreadsheets.limits import Limits

_CHILD = Path(__file__).with_name("child.py")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ", b"{\\rtf", b"BM",
)  # fmt: skip
_NAME_SHOWN = 60
_MERGED_MOST = 10_000


def read_table(
    data: bytes, name: str, *, password: str | None = None, limits: Limits | None = None, merged: bool = False
) -> Workbook:
    """The sheets of an uploaded file: .xlsx, .xls, .xls that is really a web page or tabbed text, .csv.

    The bytes decide what it is; `name` serves the sentences. CSV is read as UTF-8, then GB 18030. A workbook locked
    with a password is opened with `password`. `merged` also tells which cells are merged. Refuses with one of: file_empty, file_too_large, file_type_unknown,
    file_is_macro, file_zip_bomb, file_too_wide, file_too_long, file_too_many_sheets, file_xml_dtd, file_encrypted,
    file_broken, file_timeout, file_old_format.
    """
    limits = limits or Limits()
    name = shown_name(name)
    _refuse_size(data, name, limits)
    if data.startswith(_OLE) and is_locked_ole(data):
        data = _unlocked(data, name, password, limits)
    if data.startswith(b"PK"):
        findings = inspect_zip(data, name, limits)
        return _parsed("calamine", "xlsx", data, name, limits, findings, merged)
    if data.startswith(_OLE):
        refuse_ole(data, name)
        return _parsed("calamine", "xls", data, name, limits, Findings(), merged)
    if data.startswith(_FOREIGN) or (b"\0" in data[:4096] and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise _refusal("file_type_unknown", name, "", limits)
    return _parsed("text", "csv", data, name, limits, Findings())


def refuse_at_sight(data: bytes, name: str, *, limits: Limits | None = None) -> None:
    """Refuse, in milliseconds and without opening it, what is empty, too large, no spreadsheet, or made to do harm.

    For a request that leaves the reading to a background job; what passes here may still be refused by `read_table`.
    """
    limits, name = limits or Limits(), shown_name(name)
    _refuse_size(data, name, limits)
    if data.startswith(b"PK"):
        inspect_zip(data, name, limits)
    elif data.startswith(_OLE):
        if not is_locked_ole(data):
            refuse_ole(data, name)
    elif data.startswith(_FOREIGN) or _is_page_without_table(data):
        raise _refusal("file_type_unknown", name, "", limits)


def _is_page_without_table(data: bytes) -> bool:
    return data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype")) and (
        b"<table" not in data.lower()
    )


def shown_name(name: str) -> str:
    """A file name fit for a sentence: no folders, no control characters, not endless."""
    plain = "".join(char for char in name.replace("\\", "/").rsplit("/", 1)[-1] if char.isprintable())
    return plain if len(plain) <= _NAME_SHOWN else plain[: _NAME_SHOWN - 10] + "…" + plain[-9:]


def _refuse_size(data: bytes, name: str, limits: Limits) -> None:
    if not data.strip():
        raise Refusal("file_empty", f"文件“{name}”是空的，没有任何内容。请选择填写好的花名册后重新上传。")
    if len(data) > limits.file_bytes:
        raise Refusal(
            "file_too_large",
            f"文件“{name}”超过{limits.file_bytes // 1024 // 1024}MB。请删除图片和多余的工作表，或分成几个文件后再上传。",
        )


def _unlocked(data: bytes, name: str, password: str | None, limits: Limits) -> bytes:
    if password is None:
        raise Refusal("file_encrypted", f"文件“{name}”设有打开密码，无法读取。请取消密码后重新上传。")
    order = _order("decrypt", limits) | {"password": password}
    plain = run_contained(_CHILD, order, data, name, limits)
    if not plain:
        raise Refusal("file_encrypted", f"文件“{name}”的打开密码不对。请核对密码，或取消密码后重新上传。")
    _refuse_size(plain, name, limits)
    if is_locked_ole(plain[:65536]):
        raise _refusal("file_broken", name, "", limits)
    return plain


def _order(do: str, limits: Limits) -> dict[str, object]:
    return {
        "do": do,
        "rows": limits.rows,
        "columns": limits.columns,
        "sheets": limits.sheets,
        "text_chars": limits.text_chars,
    }


def _parsed(
    do: str, kind: Literal["xlsx", "xls", "csv"], data: bytes, name: str, limits: Limits, findings: Findings,
    merged: bool = False,
) -> Workbook:  # fmt: skip
    order = _order(do, limits) | {"merged": _MERGED_MOST if merged else 0}
    answer = run_contained(_CHILD, order, data, name, limits)
    sheets: list[Sheet] = []
    decode = json.JSONDecoder(object_hook=_typed).decode
    for line in answer.decode().split("\n"):
        if not line:
            continue
        value = decode(line)
        if isinstance(value, list):
            sheets[-1].rows.append(value)
        elif "refuse" in value:
            raise _refusal(value["refuse"], name, value["sheet"], limits)
        else:
            formulas = frozenset(findings.unread_formulas.get(value["sheet"], ()))
            ranges = tuple(tuple(found) for found in value["merged"])
            sheets.append(Sheet(value["sheet"], [], bool(value["hidden"]), formulas, ranges))
    if not sheets:
        raise _refusal("file_broken", name, "", limits)
    is_page = kind == "csv" and sheets[0].name != "CSV"
    return Workbook(name, "html" if is_page else kind, sheets)


def _typed(value: dict[str, Any]) -> Any:
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    return value


def _refusal(code: str, name: str, sheet: str, limits: Limits) -> Refusal:
    """The sentence for a code that the child answered."""
    where = f"文件“{name}”" + (f"的工作表“{sheet}”" if sheet else "")
    sentences = {
        "file_encrypted": f"{where}设有密码，无法读取。请取消密码后重新上传。",
        "file_too_wide": f"{where}超过{limits.columns}列。请删除数据区以外的列，保存后再上传。",
        "file_too_long": f"{where}超过{limits.rows}行。请删除多余的行，或分成几个文件后再上传。",
        "file_too_many_sheets": f"{where}的工作表超过{limits.sheets}个。请只保留花名册所在的工作表。",
        "file_too_large": f"{where}的文字内容太多，无法读取。请删除多余的内容，或分成几个文件后再上传。",
        "file_old_format": f"{where}是XML格式的旧表格，不能读取。请用Excel或WPS另存为xlsx后再上传。",
        "file_type_unknown": f"{where}不是可以识别的表格。请上传xlsx、xls或csv格式的文件。",
        "file_broken": f"{where}已损坏或内容不完整，无法读取。请用Excel或WPS打开并另存为xlsx后再上传。",
    }
    return Refusal(code, sentences[code])
