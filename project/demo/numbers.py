"""Invented numbers with right check digits: nobody's, but valid."""

from datetime import date, timedelta

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪邱曾廖赖徐周叶苏庄江吕何罗高潘简朱锺游詹胡施沈余卢梁"
GIVEN = "志伟建国美玲秀英文斌海燕晓东丽萍家豪雅婷俊杰淑芬明辉玉兰国强春梅子轩欣怡立新彩霞振华慧敏宏达金凤永福素珍"
REGIONS = ("350521", "350525", "350583", "360730", "431121", "522725", "510922", "411625", "532128", "450127")


def resident_id(seed: int, *, born: date | None = None, male: bool | None = None) -> str:
    """A valid 18-digit number (GB 11643-1999) that depends on `seed` only."""
    birth = born or date(1972, 1, 1) + timedelta(days=(seed * 37) % 12000)
    order = (seed * 7) % 998 + 1
    if male is not None and (order % 2 == 1) != male:
        order += 1
    body = f"{REGIONS[seed % len(REGIONS)]}{birth:%Y%m%d}{order:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def uscc(seed: int, prefix: str = "91") -> str:
    """A valid unified social credit code (GB 32100-2015)."""
    body = f"{prefix}350521MA{seed:07d}"[:17]
    total = sum(USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def card(seed: int) -> str:
    """A 19-digit card number that passes Luhn."""
    body = f"621700182{seed:09d}"
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def mobile(seed: int) -> str:
    """A mobile number."""
    return f"13{seed % 10}{(seed * 7919) % 10**8:08d}"


def person_name(seed: int) -> str:
    """A usual name; the same seed gives the same name."""
    first = SURNAMES[seed % len(SURNAMES)]
    pairs = len(GIVEN) // 2
    at = (seed * 13 + seed // len(SURNAMES)) % pairs
    other = (seed * 5 + seed // 7) % len(GIVEN)
    return first + GIVEN[2 * at : 2 * at + 2] if seed % 5 else first + GIVEN[other]
