"""Money: integer fen inside, yuan at the edges. The only place that turns one into the other (brief A33)."""

import re

from core.errors import Refusal

FEN_PER_YUAN = 100
LARGEST_FEN = 10**12 * FEN_PER_YUAN - 1  # below one 万亿 yuan, the last amount that 大写 writes without doubt
_PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2})?")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿")


def yuan(fen: int) -> str:
    """Fen as yuan for people: ``1,000.00``."""
    return f"{_sign(fen)}{abs(fen) // FEN_PER_YUAN:,}.{abs(fen) % FEN_PER_YUAN:02d}"


def plain_yuan(fen: int) -> str:
    """Fen as yuan for files and machines: ``1000.00``."""
    return f"{_sign(fen)}{abs(fen) // FEN_PER_YUAN}.{abs(fen) % FEN_PER_YUAN:02d}"


def parse_yuan(text: object) -> int:
    """Yuan as typed (``1000`` or ``1000.50``) in fen.

    Strict on purpose: refuses (`amount_format`) units, thousands separators, full-width digits, letters that look
    like digits, exponents, signs, leading zeros and more than two decimals, instead of guessing an amount.
    """
    if not isinstance(text, str) or len(text) > 40 or not _PLAIN.fullmatch(text.strip(" ")):
        raise Refusal(
            "amount_format",
            "金额格式不对：请只填半角阿拉伯数字，单位为元，最多两位小数，不带“元”字、逗号和空格，例如 1000 或 1000.50。",
        )
    whole, _, decimals = text.strip(" ").partition(".")
    return int(whole) * FEN_PER_YUAN + int(decimals.ljust(2, "0") or "0")


def rmb_upper(fen: int) -> str:
    """Fen in formal Chinese figures, as 支付结算办法 附件一 asks: ``人民币壹仟肆佰零玖元伍角整``.

    整 is written after 元 and after 角, never after 分. Refuses (`amount_range`) negative amounts and amounts
    from one 万亿 yuan up, which no paper of this system carries.
    """
    if not 0 <= fen <= LARGEST_FEN:
        raise Refusal("amount_range", "金额超出可以大写的范围（零元至一万亿元以下），请核对金额。")
    whole, rest = divmod(fen, FEN_PER_YUAN)
    jiao, cents = divmod(rest, 10)
    text = f"{_whole_upper(whole)}元" if whole else ""
    if not rest:
        return f"人民币{text or '零元'}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif whole:
        text += "零"
    return f"人民币{text}{_DIGITS[cents]}分" if cents else f"人民币{text}整"


def _sign(fen: int) -> str:
    return "-" if fen < 0 else ""


def _whole_upper(number: int) -> str:
    """A positive whole number below 10**12, section by section of four digits."""
    sections = [number // 10 ** (4 * power) % 10_000 for power in (2, 1, 0)]
    text, gap = "", False
    for power, section in zip((2, 1, 0), sections, strict=True):
        if not section:
            gap = bool(text)
            continue
        if text and (gap or section < 1000):
            text += "零"
        text += _section_upper(section) + _SECTIONS[power]
        gap = False
    return text


def _section_upper(section: int) -> str:
    """One to four digits; a run of zeros inside is one 零, zeros at the end are none."""
    text, gap = "", False
    for power in (3, 2, 1, 0):
        digit = section // 10**power % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[power]
        gap = bool(text) and not digit
    return text
