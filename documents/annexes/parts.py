"""What an annex book is filled with, a village at a time. Apart from the filling: that reads openpyxl (4 MB)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """The people of one village: texts by column key, the extra ones too."""

    town: str
    village: str
    group: str
    rows: Sequence[Mapping[str, str]]
