"""Which signs the cut fonts hold, most frequent first: low glyph ids make small embedded fonts."""

from collections.abc import Iterator

from documents.fonts.table import BEYOND_GB2312

LATIN = range(0x20, 0x7F)
OTHERS = (
    range(0xA0, 0x250),  # Latin with accents: pinyin, foreign names
    range(0x370, 0x400),  # Greek
    range(0x2000, 0x2800),  # punctuation, currency, units, Roman numbers, ①②, arrows, boxes to tick
    range(0x3000, 0x3040),  # CJK punctuation, 〇, 〔〕
    range(0x3200, 0x3400),  # ㈠, ㎡
    range(0xFE50, 0xFE70),
    range(0xFF01, 0xFF5F),  # full width
    range(0xFFE0, 0xFFE7),  # ￥
)
FIRST_ROW, FIRST_HAN_ROW, LAST_ROW = 0xA1, 0xB0, 0xF7  # of GB 2312; its kana and Cyrillic rows are left out
HAN_ROWS = range(FIRST_HAN_ROW, LAST_ROW + 1)


def gb2312() -> Iterator[str]:
    """The 6,763 characters of GB 2312 in its own order: level 1, the frequent 3,755, comes first."""
    for row in HAN_ROWS:
        for cell in range(0xA1, 0xFF):
            sign = bytes((row, cell)).decode("gb2312", errors="ignore")
            if sign:
                yield sign


def wanted() -> list[int]:
    """Code points in the order of their glyphs: Latin, punctuation, GB 2312, the rest of the 通用规范汉字表."""
    order = dict.fromkeys(LATIN)
    for signs in OTHERS:
        order.update(dict.fromkeys(signs))
    order.update(dict.fromkeys(map(ord, gb2312())))
    order.update(dict.fromkeys(map(ord, BEYOND_GB2312)))
    return list(order)
