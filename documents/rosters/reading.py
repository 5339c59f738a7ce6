"""One cell of a roster at a time: strict, never guessing; a fault is a sentence without its number in it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from core.identifiers import (
    IdType,
    id_type_of,
    mobile_fault,
    name_fault,
    normalise_id,
    normalise_name,
    phone_fault,
    uscc_fault,
)
from documents.rosters.columns import EDUCATION, EDUCATION_ALIASES, INSURANCES, SEXES, CellKind
from documents.spreadsheets import CellValue

_LONGEST_TEXT = 200
_YEARS = range(1950, 2101)
_MOST_MONTHS = 60
_LARGEST_COUNT = 3660
_EXCEL_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|GETTING_DATA)")
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff]")
_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(?:[ T]0{1,2}:00(?::00)?)?"
)
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月?|([0-9]{2}))")
_YES = {"是", "有", "√", "✓", "Y", "YES", "TRUE", "已签", "已签名", "在职"}
_NO = {"否", "无", "×", "✗", "X", "N", "NO", "FALSE", "未签", "未签名", "离职", "已离职"}


class CellFault(Exception):
    """What is wrong with a cell, as the end of a sentence that begins with the row and the column."""


def read_cell(kind: CellKind, value: CellValue, villages: Mapping[str, str], row_name: str = "") -> Any:
    """The typed value of a filled cell; raises `CellFault`. `row_name` lets a typed name count as a signature."""
    if isinstance(value, str):
        value = value.replace("\xa0", " ").strip()
        if _EXCEL_ERRORS.fullmatch(value):
            raise CellFault("公式出错，没有结果。请直接填写内容。")
    if kind == "village":
        return _village(_text(value), villages)
    if kind == "signed" and isinstance(value, str) and row_name and normalise_name(value) == row_name:
        return True
    return _READERS[kind](value)


def _text(value: CellValue) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, int | float):
        return _whole(value, "内容")
    text = re.sub(r"\s+", " ", value or "")
    if _HIDDEN.search(text) or any("\ud800" <= char <= "\udfff" for char in text):
        raise CellFault("含有看不见的字符或自造字，请删除后重新填写。")
    if len(text) > _LONGEST_TEXT:
        raise CellFault(f"超过{_LONGEST_TEXT}个字，请缩短。")
    return text


def _whole(value: float, what: str) -> str:
    """A whole number that a number cell still holds exactly, as its digits."""
    if value != value or abs(value) >= 10**15 or value != int(value):
        raise CellFault(f"是数字格式，{what}可能已被Excel改变。请把该列设为文本后重新填写。")
    return str(int(value))


def _name(value: CellValue) -> str:
    if not isinstance(value, str):
        raise CellFault("应为文字，请填写姓名。")
    if fault := name_fault(value):
        raise CellFault(fault)
    return normalise_name(value)


def _number_text(value: CellValue) -> str:
    """A document number or credit code; a number cell has lost or may have lost digits, so it is refused."""
    if isinstance(value, bool | date) or not isinstance(value, str):
        raise CellFault("是数字格式，后几位可能已被Excel改成0。请把该列设为文本后重新填写。")
    if _SCIENTIFIC.fullmatch(value):
        raise CellFault("是科学计数法，后几位已经丢失。请把该列设为文本后重新填写完整号码。")
    return normalise_id(value.lstrip("'"))


def _uscc(value: CellValue) -> str:
    code = _number_text(value)
    if fault := uscc_fault(code):
        raise CellFault(fault)
    return code


def _phone(value: CellValue) -> str:
    digits = _whole(value, "号码") if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(digits, str):
        raise CellFault("应为电话号码，请以文本填写11位手机号码。")
    if _SCIENTIFIC.fullmatch(digits):
        raise CellFault("是科学计数法，请把该列设为文本后重新填写完整号码。")
    if (fault := mobile_fault(digits)) and phone_fault(digits):
        raise CellFault(fault)
    return digits


def _sex(value: CellValue) -> str:
    text = _text(value)
    if text.removesuffix("性") not in SEXES:
        raise CellFault("请填“男”或“女”。")
    return SEXES[text.removesuffix("性")]


def _id_type(value: CellValue) -> IdType:
    kind = id_type_of(_text(value))
    if kind is None:
        raise CellFault("不在可选范围内，请从下拉列表选择，例如“居民身份证”。")
    return kind


def _yes_no(value: CellValue) -> bool:
    text = "是" if value is True else "否" if value is False else _text(value).upper()
    if text in _YES or text in _NO:
        return text in _YES
    raise CellFault("请填“是”或“否”。")


def _education(value: CellValue) -> str:
    text = _text(value)
    label = EDUCATION_ALIASES.get(text, text)
    if label not in EDUCATION:
        raise CellFault(f"不在可选范围内，请填{'、'.join(EDUCATION)}之一。")
    return label


def _village(text: str, villages: Mapping[str, str]) -> str:
    """The division code of a unit named by its code or name, with or without 委会 and the township before it."""
    plain = text.replace(" ", "")
    tried = [plain, re.sub(r"^.{1,8}?[镇乡]", "", plain)]
    for name in tried:
        for known in (name, name + "委会", name + "居委会", name + "村委会", name + "社区居委会"):
            if name and known in villages:
                return villages[known]
    raise CellFault("不是本区的村或社区，请从模板的下拉列表选择；非本区户籍人员请不填。")


def read_day(value: CellValue) -> date:
    """A date cell, or a date as text: 2025-03-01, 2025/3/1, 2025.3.1, 2025年3月1日, 20250301."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _plausible(value)
    text = _digits_or_text(value, "日期")
    found = _DAY.fullmatch(text)
    if not found:
        raise CellFault("不是可以识别的日期，请写成 2025-03-01 这样的格式。")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return _plausible(date(year, month, day))
    except ValueError:
        raise CellFault("这一天在日历上不存在，请核对年月日。") from None


def _month(value: CellValue) -> date:
    if isinstance(value, date):
        return _plausible(value.date() if isinstance(value, datetime) else value).replace(day=1)
    text = _digits_or_text(value, "年月")
    if _DAY.fullmatch(text):
        return read_day(text).replace(day=1)
    found = _MONTH.fullmatch(text)
    if not found:
        raise CellFault("不是可以识别的年月，请写成 2025-03 这样的格式。")
    year, month = (int(part) for part in found.groups() if part is not None)
    if not 1 <= month <= 12:
        raise CellFault("月份不存在，请核对年月。")
    return _plausible(date(year or 1, month, 1))


def _digits_or_text(value: CellValue, what: str) -> str:
    if isinstance(value, bool) or value is None:
        raise CellFault(f"应为{what}，请重新填写。")
    if isinstance(value, int | float):
        digits = _whole(value, what)
        if len(digits) in (6, 8):
            return digits
        raise CellFault(f"是数字而不是{what}，请把该列设为文本后重新填写。")
    text = _half_width(str(value))
    return re.sub(r"\s*([-/.年月日])\s*", r"\1", text)


def _plausible(day: date) -> date:
    if day.year not in _YEARS:
        raise CellFault(f"年份应在{_YEARS[0]}至{_YEARS[-1]}之间，请核对。")
    return day


def _half_width(text: str) -> str:
    if _FULL_WIDTH.search(text):
        raise CellFault("有全角数字或字母，请改用半角输入。")
    return text


def _months(value: CellValue) -> tuple[date, ...]:
    """Months in order, each once: a list, or ranges such as 2025-03至2025-05."""
    if not isinstance(value, str):
        return (_month(value),)
    months: set[date] = set()
    for part in re.split(r"[、,，;；\s]+", _half_width(value)):
        if not part:
            continue
        first, *last = re.split(r"至|到|~|～|—+", part, maxsplit=1)
        start = _month(first)
        end = _month(last[0]) if last else start
        count = (end.year - start.year) * 12 + end.month - start.month + 1
        if not 1 <= count <= _MOST_MONTHS:
            raise CellFault("起止月份不对，请核对。")
        months.update(
            date(start.year + (start.month - 1 + step) // 12, (start.month - 1 + step) % 12 + 1, 1)
            for step in range(count)
        )
    if not 1 <= len(months) <= _MOST_MONTHS:
        raise CellFault("请写成 2025-03、2025-04 这样的格式。")
    return tuple(sorted(months))


def _insurance(value: CellValue) -> frozenset[str]:
    found: set[str] = set()
    for part in re.split(r"[、,，;；/+和及\s]+", _text(value)):
        plain = re.sub(r"^(?:城镇|企业)?(?:职工)?(?:基本)?|(?:保险|险)$", "", part)
        if plain in ("五", "五险"):
            found.update(INSURANCES)
        elif plain in INSURANCES:
            found.add(plain)
        elif part:
            raise CellFault(f"有不认识的险种，请填{'、'.join(INSURANCES)}，用顿号隔开。")
    if not found:
        raise CellFault(f"请填{'、'.join(INSURANCES)}，用顿号隔开。")
    return frozenset(found)


def _count(value: CellValue) -> int:
    if isinstance(value, bool | date) or value is None:
        raise CellFault("应为整数，请只填数字。")
    text = _whole(value, "数值") if isinstance(value, int | float) else _half_width(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text):
        raise CellFault("应为整数，请只填半角数字，不带单位、小数点、逗号和空格，例如 6。")
    if int(text) > _LARGEST_COUNT:
        raise CellFault(f"不能超过{_LARGEST_COUNT}，请核对。")
    return int(text)


_READERS: dict[CellKind, Callable[[CellValue], Any]] = {
    "text": _text, "name": _name, "sex": _sex, "id_type": _id_type, "id_number": _number_text, "yes_no": _yes_no,
    "education": _education, "phone": _phone, "uscc": _uscc, "date": read_day, "month": _month, "insurance": _insurance,
    "count": _count, "months": _months, "signed": _yes_no,
}  # fmt: skip
