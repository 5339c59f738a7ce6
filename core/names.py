"""Names of people: what they may hold, how they are kept, how they are masked (brief section 5, GB 18030-2022)."""

import re
import unicodedata

NAME_MIN, NAME_MAX = 2, 50
_DOTS = str.maketrans(dict.fromkeys("．•・･‧∙⋅●﹒", "·"))
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_ALLOWED = re.compile(f"[{_HAN}{_LATIN}· '\\-]+")
_LETTER = re.compile(f"[{_HAN}{_LATIN}]")
_DOUBLED = re.compile(r"[· '\-]{2}")


def normalise_name(text: object) -> str:
    """A name as it is kept: trimmed, NFC (never NFKC, which would change rare characters), every middle dot `·`.

    Anything but text gives an empty string.
    """
    if not isinstance(text, str):
        return ""
    return unicodedata.normalize("NFC", text.strip().translate(_DOTS))


def name_fault(text: object) -> str:
    """What is wrong with a person's name, as a Chinese sentence; empty when nothing is.

    2 to 50 characters: Chinese ones including every extension, `·`, Latin letters with spaces for foreigners.
    Judges the normalised form. Never throws.
    """
    if not isinstance(text, str):
        return "姓名必须是文本，请重新填写。"
    if len(text) > 4 * NAME_MAX:
        return f"姓名应为{NAME_MIN}至{NAME_MAX}个字，请核对。"
    name = normalise_name(text)
    if not name:
        return "姓名未填写。"
    if any(char.isdigit() for char in name if char != "〇"):
        return "姓名中不能有数字，请核对。"
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name):
        return "姓名中有换行、控制字符或看不见的字符，请删除后重新填写。"
    if any(unicodedata.category(char) == "Co" for char in name):
        return "姓名中有自造字，请改用国家标准（GB 18030-2022）收录的汉字。"
    if not _ALLOWED.fullmatch(name):
        return "姓名只能用汉字、间隔号“·”，外国人可用拉丁字母和空格，请核对。"
    if not NAME_MIN <= len(name) <= NAME_MAX:
        return f"姓名应为{NAME_MIN}至{NAME_MAX}个字，请核对。"
    if not (_LETTER.match(name[0]) and _LETTER.match(name[-1])) or _DOUBLED.search(name):
        return "姓名中的间隔号、空格不能在开头、结尾或连续出现，请核对。"
    return ""


def mask_name(text: object) -> str:
    """A name with all but its first and last character covered: 张*三, 张*. Anything but text gives ``*``."""
    name = normalise_name(text)[:NAME_MAX]
    if len(name) < 2:
        return "*"
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]
