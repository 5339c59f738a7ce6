"""Identity documents, credit codes, phones and accounts: one sentence when wrong, empty when right, never a throw.

Validators judge the exact text, so callers normalise first and keep what they validated. Sentences never repeat
the number. Sources: GB 11643-1999; 国务院 2018 港澳台居民居住证申领发放办法 Art. 3 (810000, 820000, 830000);
GA 2102-2023 (外国人永久居留身份证, first digit 9, same check digit); GB 32100-2015; brief section 5.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Literal

from core.names import mask_name, name_fault, normalise_name

__all__ = [
    "ALIASES", "LABELS", "IdType", "bank_account_fault", "bank_account_warning", "birth_of", "cnaps_fault",
    "id_fault", "id_type_of", "mask_account", "mask_id", "mask_name", "mask_phone", "mobile_fault", "name_fault",
    "normalise_id", "normalise_name", "phone_fault", "resident_id_fault", "sex_of", "uscc_fault",
]  # fmt: skip


class IdType(StrEnum):
    """Kinds of identity document; codes are stable."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_PERMANENT = "foreign_permanent"
    PASSPORT = "passport"
    TAIWAN_PERMIT = "taiwan_permit"
    HKM_PERMIT = "hkm_permit"


LABELS: dict[IdType, str] = {
    IdType.RESIDENT_ID: "居民身份证",
    IdType.RESIDENCE_PERMIT: "港澳台居民居住证",
    IdType.FOREIGN_PERMANENT: "外国人永久居留身份证",
    IdType.PASSPORT: "护照",
    IdType.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    IdType.HKM_PERMIT: "港澳居民来往内地通行证",
}
ALIASES: dict[str, IdType] = {label: kind for kind, label in LABELS.items()} | {
    "身份证": IdType.RESIDENT_ID,
    "二代身份证": IdType.RESIDENT_ID,
    "公民身份证": IdType.RESIDENT_ID,
    "居住证": IdType.RESIDENCE_PERMIT,
    "港澳居民居住证": IdType.RESIDENCE_PERMIT,
    "台湾居民居住证": IdType.RESIDENCE_PERMIT,
    "外国人永久居留证": IdType.FOREIGN_PERMANENT,
    "永居证": IdType.FOREIGN_PERMANENT,
    "外国护照": IdType.PASSPORT,
    "台胞证": IdType.TAIWAN_PERMIT,
    "台湾通行证": IdType.TAIWAN_PERMIT,
    "港澳通行证": IdType.HKM_PERMIT,
    "回乡证": IdType.HKM_PERMIT,
}

_LONGEST = 64  # nothing here is longer; longer text is never searched
_ID18 = re.compile(r"[1-9][0-9]{16}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_OLDEST = 120
_USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(f"[{_USCC_CHARS}]{{2}}[0-9]{{6}}[{_USCC_CHARS}]{{10}}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0595-?)?[2-9][0-9]{7}")
_OTHER_DOCUMENTS = {
    IdType.PASSPORT: (re.compile(r"(?=.*[0-9])[A-Z0-9]{5,12}"), "护照号码应为5至12位大写字母和数字"),
    IdType.TAIWAN_PERMIT: (re.compile(r"[0-9]{8}|[0-9]{10}"), "台湾居民来往大陆通行证号码应为8位数字（旧证10位）"),
    IdType.HKM_PERMIT: (
        re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"),
        "港澳居民来往内地通行证号码应为字母H或M加8位数字（旧证10位）",
    ),
}
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")  # 2017 edition, valid until it runs out


def id_type_of(label: object) -> IdType | None:
    """The kind of document a roster names, by label, alias or code; None when unknown."""
    text = label.strip() if isinstance(label, str) and len(label) <= _LONGEST else ""
    return ALIASES.get(text) or next((kind for kind in IdType if kind.value == text), None)


def normalise_id(text: object) -> str:
    """A document number or credit code as it is kept: trimmed, ASCII letters in upper case; not text gives ``""``.

    Full-width characters are left as they are, for the validator to name: they are never silently accepted.
    """
    if not isinstance(text, str) or len(text) > 4 * _LONGEST:
        return text if isinstance(text, str) else ""
    return "".join(char.upper() if char.isascii() else char for char in text.strip())


def _text_fault(text: object, what: str) -> str:
    """What is wrong before looking closer: not text, empty, far too long, full-width, or with blanks inside."""
    if not isinstance(text, str):
        return f"{what}必须是文本，请把单元格设为“文本”格式后重新填写。"
    if not text.strip():
        return f"{what}未填写。"
    if len(text) > _LONGEST:
        return f"{what}太长，请核对。"
    if any("\uff01" <= char <= "\uff5e" for char in text):
        return f"{what}中有全角字符，请改用半角输入。"
    if any(char.isspace() for char in text):
        return f"{what}中有空格或换行，请删除。"
    return ""


def resident_id_fault(text: object, on: date) -> str:
    """What is wrong on the day `on` with an 18-digit number: resident ID, residence permit, permanent residence.

    The area code is checked for its format only: old and abolished codes stay valid. Empty when valid.
    """
    if fault := _text_fault(text, "证件号码"):
        return fault
    number = str(text)
    if re.fullmatch(r"[0-9]{15}", number):
        return "15位身份证号码已停止使用，请填写18位号码。"
    if len(number) != 18:
        return f"身份证件号码应为18位，现为{len(number)}位，请核对。"
    if re.fullmatch(r"[0-9]{17}x", number):
        return "身份证件号码末位的校验码应为大写字母X。"
    if not _ID18.fullmatch(number):
        return "身份证件号码应为17位数字加1位校验码（数字或大写X），首位不能为0，请核对。"
    birth = _birth18(number)
    if birth is None:
        return "身份证件号码中的出生日期不存在，请核对。"
    if birth > on:
        return "身份证件号码中的出生日期晚于今天，请核对。"
    if on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)) > _OLDEST:
        return f"身份证件号码中的出生日期表示年龄超过{_OLDEST}岁，请核对。"
    return "" if _check18(number) else "身份证件号码校验码不对，请逐位核对。"


def id_fault(id_type: object, text: object, on: date) -> str:
    """What is wrong with a number as a document of this kind, on the day `on`; empty when nothing is."""
    kind = id_type_of(id_type)
    if kind is None:
        return "证件类型不在可选范围内，请选择身份证、居住证、永久居留身份证、护照或通行证。"
    if fault := _text_fault(text, "证件号码"):
        return fault
    number = str(text)
    if kind in _OTHER_DOCUMENTS:
        pattern, sentence = _OTHER_DOCUMENTS[kind]
        return "" if pattern.fullmatch(number) else f"{sentence}，请核对。"
    if kind is IdType.FOREIGN_PERMANENT and _OLD_FOREIGN.fullmatch(number):
        return ""
    if kind is IdType.FOREIGN_PERMANENT and not number.startswith("9"):
        return "外国人永久居留身份证号码应为18位、以9开头（旧版为3个字母加12位数字），请核对证件类型和号码。"
    if kind is IdType.RESIDENCE_PERMIT and number[:6] not in ("810000", "820000", "830000"):
        return "港澳台居民居住证号码应以810000、820000或830000开头，请核对证件类型和号码。"
    return resident_id_fault(number, on)


def birth_of(id_type: object, text: object) -> date | None:
    """The birth date that a well-formed 18-digit number carries; None for other documents and wrong numbers."""
    number = _sound18(id_type, text)
    return _birth18(number) if number else None


def sex_of(id_type: object, text: object) -> Literal["male", "female", ""]:
    """The sex that a well-formed resident or residence-permit number carries (17th digit); empty for all others."""
    number = _sound18(id_type, text)
    if not number or number.startswith("9"):
        return ""
    return "male" if int(number[16]) % 2 else "female"


def uscc_fault(text: object) -> str:
    """What is wrong with a unified social credit code (GB 32100-2015, N-prefixed collectives included)."""
    if fault := _text_fault(text, "统一社会信用代码"):
        return fault
    code = str(text)
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位，请核对。"
    if code != normalise_id(code):
        return "统一社会信用代码中的字母应为大写。"
    if any(char in "IOSVZ" for char in code):
        return "统一社会信用代码不使用字母I、O、S、V、Z，请核对是否把数字1、0、5、2误作字母。"
    if not _USCC.fullmatch(code):
        return "统一社会信用代码只能由数字和大写字母组成，第3至8位为数字，请核对。"
    total = sum(_USCC_CHARS.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return "" if _USCC_CHARS[-total % 31] == code[17] else "统一社会信用代码校验码不对，请逐位核对。"


def mobile_fault(text: object) -> str:
    """What is wrong with a mainland mobile number; empty when nothing is."""
    if fault := _text_fault(text, "手机号码"):
        return fault
    return "" if _MOBILE.fullmatch(str(text)) else "手机号码应为11位数字、以13至19开头，请核对。"


def phone_fault(text: object) -> str:
    """What is wrong with a phone: a mobile, a landline 0595-xxxxxxxx, or its 8 digits alone (annex 3)."""
    if fault := _text_fault(text, "联系电话"):
        return fault
    fits = _MOBILE.fullmatch(str(text)) or _LANDLINE.fullmatch(str(text))
    return "" if fits else "联系电话应为11位手机号码，或“0595-”加8位固定电话，请核对。"


def bank_account_fault(text: object, personal: bool) -> str:
    """What is wrong with an account number: 16 to 19 digits for a person, 8 to 32 for an organisation."""
    if fault := _text_fault(text, "银行账号"):
        return fault
    shortest, longest, whose = (16, 19, "个人") if personal else (8, 32, "对公")
    if not re.fullmatch(r"[0-9]+", str(text)):
        return "银行账号只能是数字，不带空格、短横线和字母，请核对。"
    if not shortest <= len(str(text)) <= longest:
        return f"{whose}银行账号应为{shortest}至{longest}位数字，现为{len(str(text))}位，请核对。"
    return ""


def bank_account_warning(text: object) -> str:
    """A hint when a card number fails the Luhn check; only a hint, because passbooks and company accounts do too."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{8,32}", text):
        return ""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text)))
    return "" if sum(value - 9 * (value > 9) for value in doubled) % 10 == 0 else (
        "账号未通过银行卡校验，若是存折或对公账户可以忽略，若是银行卡请逐位核对。"
    )  # fmt: skip


def cnaps_fault(text: object) -> str:
    """What is wrong with a bank's 12-digit payment system number (联行号); empty when nothing is."""
    if fault := _text_fault(text, "联行号"):
        return fault
    return "" if re.fullmatch(r"[0-9]{12}", str(text)) else "联行号应为12位数字，请核对。"


def mask_id(text: object) -> str:
    """A document number with 3 + 4 characters left (``350***********0013``); shorter ones keep 1 + 2, or none."""
    number = text if isinstance(text, str) and len(text) <= _LONGEST else ""
    if len(number) >= 15:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return f"{number[0]}{'*' * (len(number) - 3)}{number[-2:]}" if len(number) >= 7 else "*" * len(number)


def mask_phone(text: object) -> str:
    """A phone with 3 + 4 digits left (``138****5678``); a landline keeps its last 4."""
    number = text if isinstance(text, str) and len(text) <= _LONGEST else ""
    if len(number) == 11:
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def mask_account(text: object) -> str:
    """An account with its last 4 digits left (``****5678``)."""
    return f"****{text[-4:]}" if isinstance(text, str) and 8 <= len(text) <= _LONGEST else "****"


def _birth18(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _check18(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECKS[total % 11] == number[17]


def _sound18(id_type: object, text: object) -> str:
    """The number when it is a well-formed 18-digit one of a kind that has them, otherwise empty."""
    kinds = (IdType.RESIDENT_ID, IdType.RESIDENCE_PERMIT, IdType.FOREIGN_PERMANENT)
    if id_type_of(id_type) not in kinds or not isinstance(text, str) or not _ID18.fullmatch(text):
        return ""
    return text if _birth18(text) and _check18(text) else ""
