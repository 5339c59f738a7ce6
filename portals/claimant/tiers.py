"""The picture of an ambassador's year: how far the counted heads reach along bronze, silver and gold."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from policy.terms import Terms

LEFT, WIDTH = 24, 560  # user units of the drawing
BEYOND = 1.2  # the scale ends this far behind the last tier


@dataclass(frozen=True, slots=True)
class TierMark:
    """A tier on the scale."""

    label: str
    heads: int
    x: int
    reached: bool


@dataclass(frozen=True, slots=True)
class TierBar:
    """The scale with the heads on it; `word` says in text what the picture shows."""

    heads: int
    filled: int
    end: int
    width: int
    marks: list[TierMark]
    word: str


def tier_bar(heads: int, terms: Terms) -> TierBar:
    """The bar for so many heads under the scheme's tiers (notice 一（六）)."""
    tiers = terms.ambassador.tiers
    named = [(_("铜牌"), tiers.bronze), (_("银牌"), tiers.silver), (_("金牌"), tiers.gold)]
    most = max(int(tiers.gold * BEYOND), heads, 1)

    def reach(n: int) -> int:
        return WIDTH * n // most

    marks = [TierMark(label, n, LEFT + reach(n), heads >= n) for label, n in named]
    return TierBar(heads, reach(heads), LEFT + reach(heads), WIDTH, marks, _word(heads, named))


def _word(heads: int, named: list[tuple[str, int]]) -> str:
    reached = [label for label, n in named if heads >= n]
    ahead = [(label, n) for label, n in named if heads < n]
    has = _("已达到%(tier)s标准") % {"tier": reached[-1]} if reached else _("尚未达到称号标准")
    if not ahead:
        return has
    label, n = ahead[0]
    return has + _("，距%(tier)s还差%(n)s人") % {"tier": label, "n": n - heads}
