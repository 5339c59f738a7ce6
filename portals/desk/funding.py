"""The funds a leader may name, each with what it has and what it would have left: he is told before he signs."""

from collections.abc import Iterable
from dataclasses import dataclass

from core import clock
from funds.models import FundSource


@dataclass(frozen=True, slots=True)
class Choice:
    """A fund: what is available, and what is available after the approval (below zero: it is short, by that much)."""

    fund: FundSource
    left_fen: int
    after_fen: int

    @property
    def short_fen(self) -> int:
        return max(-self.after_fen, 0)


@dataclass(frozen=True, slots=True)
class Funding:
    """What an approval takes (`wanted_fen`) and the funds it may be taken from, those of this year first."""

    wanted_fen: int
    choices: list[Choice]

    @property
    def all_short(self) -> bool:
        """No fund has enough: it cannot be approved until the budget is added to."""
        return bool(self.choices) and all(choice.short_fen for choice in self.choices)

    @property
    def some_short(self) -> bool:
        return any(choice.short_fen for choice in self.choices) and not self.all_short


def funding(funds: Iterable[FundSource], wanted_fen: int) -> Funding:
    """The choice put to the leader; the ledger refuses a short fund whatever the page said (预算法 Art. 13)."""
    this_year = clock.today().year
    ordered = sorted(funds, key=lambda fund: (fund.year != this_year, -fund.year, fund.name))
    return Funding(wanted_fen, [Choice(fund, fund.left_fen, fund.left_fen - wanted_fen) for fund in ordered])
