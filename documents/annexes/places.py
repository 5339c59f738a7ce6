"""Which village and group an annex's title names (洛阳镇（乡）上浦村 3组), and which annex it is."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from documents.annexes.columns import SHORT

_ENDINGS = ("村民委员会", "村委会", "社区居民委员会", "社区居委会", "居民委员会", "居委会", "社区", "村")
_GROUP = re.compile(
    r"(?:村|社区|居委会|委员会|[)）:：]|^)(?P<name>第?[0-9一二三四五六七八九十]{1,4}|[\u3400-\u9fff]{1,5}?)(?:村民)?小?组(?![\u3400-\u9fff])"
)
_SOME_VILLAGE = re.compile(r"(?P<name>[\u3400-\u9fff]{1,8}?(?:村|社区))(?!民|委会公章)")


@dataclass(frozen=True, slots=True)
class Village:
    """A village as a title may name it: code, the name that is kept, and its words."""

    code: str
    name: str
    words: tuple[str, ...]


def village_of(code: str, name: str) -> Village:
    """A village by its kept name (上浦村委会, 锦峰社区居委会)."""
    stem = name
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) > len(ending):
            stem = stem.removesuffix(ending)
            break
    words = (name, *(stem + ending for ending in ("社区", "居委会", "村")))
    return Village(code, name, words)


def compact(texts: Iterable[object]) -> str:
    """Cells as one text without blanks, brackets and underscores of a form to be filled in."""
    joined = unicodedata.normalize("NFKC", "".join(text for text in texts if isinstance(text, str)))
    return re.sub(r"[\s_﹍—…]+", "", joined)


def village_in(text: str, villages: Iterable[Village]) -> Village | None:
    """The village that a compact text names; the longest name wins, two different ones of a length are none."""
    best: dict[str, Village] = {}
    longest = 0
    for village in villages:
        length = max((len(word) for word in village.words if word in text), default=0)
        if village.code and village.code in text:
            length = 99
        if length > longest:
            best, longest = {village.code: village}, length
        elif length and length == longest:
            best[village.code] = village
    return next(iter(best.values())) if len(best) == 1 else None


def unknown_village(text: str) -> str:
    """What looks like a village's name in a text that names none of the zone's; empty when nothing does."""
    found = _SOME_VILLAGE.search(re.sub(r"^.*?(?:镇|乡)(?:\((?:乡|镇)\))?", "", text))
    return found["name"] if found and not text.startswith("农村") and "农村" not in found["name"] else ""


def group_in(text: str) -> str:
    """The villagers' group that a compact title names, as it is written; empty for a blank form."""
    found = _GROUP.search(text)
    return found["name"].removeprefix("第") if found else ""


def annex_in(text: str) -> int | None:
    """Which annex a text says it is."""
    if "网格" in text:
        return 3
    said = [annex for annex in (1, 2) if SHORT[annex] in text]
    if len(said) == 1:
        return said[0]
    found = re.search(r"附件([1-3一二三])", text) if not said else None
    return {"1": 1, "2": 2, "3": 3, "一": 1, "二": 2, "三": 3}[found[1]] if found else None
