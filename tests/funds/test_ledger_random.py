"""Random movements, legal and not, against a model that keeps its own books: the ledger lets pass what the model does."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db import transaction
from django.db.models import Sum

from core.errors import Refusal
from core.timeline import SYSTEM
from funds import ledger
from funds.ledger import Share, prove, whereabouts
from funds.models import Entry, FundSource
from tests.funds.money import columns, fund

pytestmark = pytest.mark.django_db
SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
LINES, FUNDS, BUDGET = 30, 2, 2_000
# Function: the pot it takes a line's money from, the pot it puts it into, and what it wants to be told.
STEPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "reserve": ("", "held", {}),
    "make_payable": ("held", "payable", {}),
    "release": ("payable", "", {"reason": "作废"}),
    "enter_batch": ("payable", "batched", {"batch": "BF"}),
    "leave_batch": ("batched", "payable", {"batch": "BF", "reason": "撤销"}),
    "settle": ("batched", "paid", {"batch": "BF", "source": "result:1"}),
    "give_back": ("batched", "payable", {"batch": "BF", "source": "result:1", "reason": "销户"}),
    "claim_back": ("paid", "claimed", {"case": "ZH-1"}),
    "drop_claim": ("claimed", "paid", {"case": "ZH-1", "reason": "复议"}),
    "receive_back": ("claimed", "recovered", {"case": "ZH-1"}),
    "write_off": ("claimed", "written_off", {"case": "ZH-1"}),
    "move_to_fund": ("payable", "payable", {"reason": "调整"}),
}
Deed = tuple[str, set[int], int, int]


def deeds(seed: int, many: int, books: "Books") -> Iterator[Deed]:
    """Half of them fit where a line's money is, half are anything; read the books between one deed and the next."""
    chance = Random(seed)
    for _turn in range(many):
        line, at, fen = chance.randrange(LINES), chance.randrange(FUNDS), chance.choice([100, 100, 100, 40])
        name = chance.choice(sorted(STEPS))
        if chance.random() < 0.5:
            there = sorted({(f, pot) for (f, n, pot), has in books.lines.items() if n == line and has > 0})
            at, pot = chance.choice(there) if there else (at, "")
            name = chance.choice(sorted(step for step, (taken, _put, _more) in STEPS.items() if taken == pot) or [name])
        yield name, {line, *chance.sample(range(LINES), chance.choice([0, 0, 0, 1, 2]))}, at, fen


class Books:
    """What the money ought to do: a counter of fen by fund, line and pot; a refusal changes nothing."""

    def __init__(self) -> None:
        self.lines: Counter[tuple[int, int, str]] = Counter()
        self.left = [BUDGET] * FUNDS

    def allows(self, name: str, lines: set[int], fund: int, fen: int) -> bool:
        """Whether the deed is right."""
        taken = STEPS[name][0]
        if name == "reserve":
            known = any(self.lines[f, n, pot] for f in range(FUNDS) for n in lines for _t, pot, _m in STEPS.values())
            return not known and self.left[fund] >= fen * len(lines)
        if name == "release":
            return all(max(self.lines[fund, n, "held"], self.lines[fund, n, "payable"]) >= fen for n in lines)
        if name == "move_to_fund" and self.left[1 - fund] < fen * len(lines):
            return False
        return all(self.lines[fund, n, taken] >= fen for n in lines)

    def take(self, name: str, lines: set[int], fund: int, fen: int) -> None:
        """Do a deed that is right."""
        taken, put, _more = STEPS[name]
        total, other = fen * len(lines), 1 - fund
        for n in lines:
            source = "held" if name == "release" and self.lines[fund, n, "held"] >= fen else taken
            if source:
                self.lines[fund, n, source] -= fen
            if put:
                self.lines[other if name == "move_to_fund" else fund, n, put] += fen
        if name in {"release", "move_to_fund"}:
            self.left[fund] += total
        if name in {"reserve", "move_to_fund"}:
            self.left[fund if name == "reserve" else other] -= total


@pytest.mark.parametrize("seed", [2025])
def test_the_ledger_agrees_with_its_model(seed: int) -> None:
    sources, books = [fund(BUDGET) for _ in range(FUNDS)], Books()
    answers: Counter[tuple[str, bool]] = Counter()
    for number, (name, lines, at, fen) in enumerate(deeds(seed, 900, books)):
        allowed = books.allows(name, lines, at, fen)
        assert done(name, lines, sources, at, fen, number) == allowed, (number, name, lines, at, fen)
        answers[name, allowed] += 1
        if allowed:
            books.take(name, lines, at, fen)
        if number % 20 == 0:
            assert Entry.objects.aggregate(total=Sum("amount_fen"))["total"] == 0
    assert (
        {name for name, allowed in answers if allowed}
        == {name for name, allowed in answers if not allowed}
        == set(STEPS)
    )
    assert prove() == []
    for at, source in enumerate(sources):
        found = columns(source)
        assert found.pop("left", 0) == books.left[at]
        mine: Counter[str] = Counter()
        for (owner, _line, pot), fen in books.lines.items():
            mine[pot] += fen if owner == at else 0
        assert found == {pot: fen for pot, fen in mine.items() if fen}
    ids = {n: uuid5(SPACE, str(n)) for n in range(LINES)}
    there = whereabouts(list(ids.values()))
    for n, line_id in ids.items():
        mine = Counter()
        for (_owner, line, pot), fen in books.lines.items():
            mine["reserved" if pot == "held" else pot] += fen if line == n else 0
        assert {str(pot): fen for pot, fen in there.get(line_id, {}).items()} == {p: f for p, f in mine.items() if f}


def done(name: str, lines: set[int], sources: list[FundSource], at: int, fen: int, number: int) -> bool:
    """Whether the ledger let the deed pass; each deed names its own batch, so that only money decides."""
    shares = [
        Share(claim_id=n // 2, line_id=uuid5(SPACE, str(n)), payee=f"org:{n // 2 + 1}", amount_fen=fen) for n in lines
    ]
    more: dict[str, Any] = dict(STEPS[name][2])
    if "batch" in more:
        more["batch"] = f"BF-{number}"
    where = {"fund_id": sources[at].pk}
    if name == "move_to_fund":
        where = {"from_fund_id": sources[at].pk, "to_fund_id": sources[1 - at].pk}
    try:
        with transaction.atomic():
            getattr(ledger, name)(shares=shares, by=SYSTEM, **where, **more)
    except Refusal as refusal:
        assert refusal.message.endswith("。")
        return False
    return True
