"""One cell of an annex at a time, as villages write it: read where only one reading is possible, refused otherwise.

A fault is a sentence that begins after the row and the column and never repeats the value.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from core.identifiers import normalise_id, normalise_name, phone_fault, resident_id_fault
from core.names import name_fault
from documents.spreadsheets import CellValue
from registry.labour.codes import Education, HukouType, JobForm, LabourState, Reach, Sector, Sex

LONGEST = {"trade": 60, "wanted_trade": 60, "employer": 120, "note": 200, "group_name": 40, "destination": 120,
           "training_wish": 120, "duty": 60}  # fmt: skip
_NOTHING = {"", "无", "/", "-", "—", "——", "暂无", "没有", "\\", "、"}
_SEXES = {
    "男": Sex.MALE, "男性": Sex.MALE, "1": Sex.MALE, "M": Sex.MALE, "女": Sex.FEMALE, "女性": Sex.FEMALE, "2": Sex.FEMALE,
    "F": Sex.FEMALE, "0": Sex.UNKNOWN, "未知": Sex.UNKNOWN, "9": Sex.UNSAID, "未说明": Sex.UNSAID,
}  # fmt: skip
# In this order: 大学专科 is no 大学, 中专 is no 大专.
_EDUCATION: tuple[tuple[Education, tuple[str, ...]], ...] = (
    (Education.POSTGRADUATE, ("博士", "硕士", "研究生")),
    (Education.VOCATIONAL, ("中专", "中技", "中职", "技校", "职高", "职中", "中师", "中等", "技工", "职业高中")),
    (Education.COLLEGE, ("大专", "专科", "高职", "高技")),
    (Education.BACHELOR, ("本科", "大学", "学士")),
    (Education.HIGH, ("高中",)),
    (Education.MIDDLE, ("初中", "初级中学")),
    (Education.PRIMARY, ("小学",)),
    (Education.OTHER, ("文盲", "不识字", "私塾", "未上学", "没上学", "其他", "其它", "扫盲")),
)
_CODED: dict[str, dict[Any, str]] = {  # codes of extra columns by what is written
    "hukou_type": {"农村": HukouType.RURAL, "农业": HukouType.RURAL, "城镇": HukouType.URBAN, "非农业": HukouType.URBAN,
                   "非农": HukouType.URBAN, "居民": HukouType.URBAN},
    "reach": {label: code for code, label in Reach.choices} | {"市外": Reach.PROVINCE, "省内": Reach.PROVINCE,
              "国外": Reach.ABROAD, "境外": Reach.ABROAD},
    "job_form": {label: code for code, label in JobForm.choices} | {"企业": JobForm.ENTERPRISE, "灵活": JobForm.FLEXIBLE,
                 "个体": JobForm.SELF_EMPLOYED, "个体户": JobForm.SELF_EMPLOYED},
    "sector": {label: code for code, label in Sector.choices} | {"一产": "1", "二产": "2", "三产": "3", "1": "1", "2": "2",
               "3": "3", "一": "1", "二": "2", "三": "3"},
    "status": {label: code for code, label in LabourState.choices} | {"外出务工": LabourState.OUTSIDE,
               "外出就业": LabourState.OUTSIDE, "就业": LabourState.EMPLOYED, "失业": LabourState.UNEMPLOYED},
}  # fmt: skip
_YES, _NO = {"是", "有", "√", "✓", "1", "Y"}, {"否", "无", "×", "0", "N", "不是"}
_MONTHS = (
    re.compile(r"(?P<y>\d{4}|\d{2})年(?P<m>\d{1,2})月?(?:(?P<d>\d{1,2})[日号]?)?"),
    re.compile(r"(?P<y>\d{4}|\d{2})[.\-/](?P<m>\d{1,2})(?:[.\-/](?P<d>\d{1,2}))?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})?"),
)
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_COMMON_NAME, _MOBILE = re.compile("[\u4e00-\u9fff]{2,4}"), re.compile("1[3-9][0-9]{9}")  # read without a closer look
_OLDEST = 120


class CellFault(Exception):
    """What is wrong with a cell, as the end of a sentence."""


def is_blank(value: CellValue) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain(value: CellValue) -> str:
    """A cell as text with full-width digits, letters and signs made half-width; a whole number without its ``.0``."""
    if isinstance(value, str):
        text = value.strip()
        return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def read_name(value: CellValue) -> str:
    """A name without the blanks that pad it (王　芳). Other than `plain`: NFC, rare characters stay."""
    if not isinstance(value, str):
        raise CellFault("应为文字，请填写姓名。")
    if _COMMON_NAME.fullmatch(value):
        return value
    name = normalise_name(_HAN_GAP.sub("", " ".join(value.split())))
    if fault := name_fault(name):
        raise CellFault(fault)
    return name


def read_sex(value: CellValue) -> str:
    """男/女 or the code of GB/T 2261.1."""
    found = _SEXES.get("" if isinstance(value, bool | date) else plain(value).upper())
    if found is None:
        raise CellFault("应填“男”或“女”（也可填1、2）。")
    return found.value


def read_month(value: CellValue, on: date) -> date:
    """The first of the month of birth: 1990.3, 1990-03, 199003, 1990年3月, 90年3月, a day, or a date of Excel."""
    if isinstance(value, date):  # a datetime too
        return _sound(value.year, value.month, 1, on)
    if isinstance(value, bool):
        raise CellFault("不是可以识别的年月，请写成 1990-03 这样的格式。")
    if isinstance(value, float) and not value.is_integer():
        text = repr(value)
        if re.fullmatch(r"\d{4}\.1", text):
            raise CellFault("是数字，分不清是1月还是10月。请把该列设为文本，写成 1990-01 或 1990-10。")
    else:
        text = re.sub(r"\s+", "", plain(value)).replace("。", ".").replace("．", ".").rstrip(".-/")
    for pattern in _MONTHS:
        if found := pattern.fullmatch(text.removesuffix("生").removesuffix("出")):
            day = int(found["d"]) if found["d"] else 1
            return _sound(_year(found["y"], on), int(found["m"]), day, on)
    if re.fullmatch(r"\d{5}", text):
        raise CellFault("是日期的序号而不是年月，请把单元格设为日期格式，或写成 1990-03。")
    if re.fullmatch(r"\d{4}年?", text):
        raise CellFault("只有年份，缺少月份，请写成 1990-03。")
    raise CellFault("不是可以识别的年月，请写成 1990-03 这样的格式。")


def _year(text: str, on: date) -> int:
    """Two digits are the last such year that is not to come."""
    year = int(text)
    return year if len(text) == 4 else year + (on.year // 100 - (year > on.year % 100)) * 100


def _sound(year: int, month: int, day: int, on: date) -> date:
    try:
        date(year, month, day)
    except ValueError:
        raise CellFault("这一日期不存在，请核对。") from None
    found = date(year, month, 1)
    if found > on:
        raise CellFault("晚于今天，请核对。")
    if year < on.year - _OLDEST:
        raise CellFault("早于120年以前，请核对年份。")
    return found


def read_phone(value: CellValue) -> str:
    """A mobile or a landline without blanks; empty for 无 and the like."""
    if isinstance(value, str) and _MOBILE.fullmatch(value):
        return value
    text = re.sub(r"[\s\u200b\ufeff]+", "", plain(value))
    if text in _NOTHING:
        return ""
    if isinstance(value, float) and abs(value) >= 1e12:
        raise CellFault("是数字格式，后几位可能已丢失，请把该列设为文本后重新填写。")
    if re.search(r"\d{7,}[/、,;，；]\d{7,}", text):
        raise CellFault("填了两个号码，请只留一个。")
    digits = re.sub(r"[-—－()]", "", text).removeprefix("+86").removeprefix("0086")
    if re.fullmatch(r"(?:86)?1\d{10}", digits):
        text = digits[-11:]
    elif re.fullmatch(r"0595\d{8}", digits):
        text = f"0595-{digits[4:]}"
    if fault := phone_fault(text):
        raise CellFault(fault)
    return text


def read_education(value: CellValue) -> tuple[str, str]:
    """Two digits of GB/T 4658 and the words as written; both empty for nothing."""
    text = re.sub(r"\s+", "", plain(value))
    if text in _NOTHING - {"无", "没有"}:
        return "", ""
    if text in Education.values:
        return text, str(Education(text).label)
    if text in ("无", "没有"):
        return Education.OTHER.value, text
    for code, words in _EDUCATION:
        if any(word in text for word in words):
            return code.value, text[:40]
    raise CellFault("不是可以识别的文化程度，请填文盲、小学、初中、高中、中专、大专、本科或研究生。")


def read_id(value: CellValue, on: date) -> str:
    """An 18-digit number; empty for nothing and for one that is masked already."""
    if isinstance(value, int | float):
        raise CellFault("是数字格式，后几位已经丢失，请把该列设为文本后重新填写。")
    number = normalise_id(re.sub(r"[\s'’]+", "", plain(value)))
    if number in _NOTHING or "*" in number:
        return ""
    if fault := resident_id_fault(number, on):
        raise CellFault(fault)
    return number


def read_text(key: str, value: CellValue) -> str:
    """Words within the length that the register keeps."""
    text = " ".join(("是" if value else "否").split()) if isinstance(value, bool) else ""
    if not text:
        text = " ".join(value.split()) if isinstance(value, str) else plain(value)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    if len(text) > LONGEST[key]:
        raise CellFault(f"超过{LONGEST[key]}个字，请缩短。")
    return "" if text in ("/", "\\", "-", "—") else text


def read_code(key: str, value: CellValue) -> str:
    """The code of an extra column's words."""
    text = re.sub(r"\s+", "", plain(value))
    if text in _NOTHING:
        return ""
    known = _CODED[key]
    for words in (text, text.removesuffix("户口"), text.removesuffix("就业")):
        if words in known:
            return str(known[words])
    raise CellFault(f"应填{'、'.join(dict.fromkeys(str(words) for words in list(known)[:4]))}之一。")


def read_yes(value: CellValue) -> bool:
    text = plain(value) if not isinstance(value, bool) else ("是" if value else "否")
    if text.upper() in _YES:
        return True
    if text.upper() in _NO or text in _NOTHING or text == "False":
        return False
    raise CellFault("应填“是”或“否”。")
