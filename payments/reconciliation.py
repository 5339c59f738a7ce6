"""Reconciliation (对账): approved = batched = what the bank answered = the ledger, to the fen, however it is cut.

预算法 Art. 57 and the treasury's centralised payment ask that what is paid is what was approved, from the fund that was
named. Figures come from `payments.figures`, faults of single lines and transfers from `payments.differences`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.acting import Actor
from accounts.models import Area, Organisation, User
from accounts.roles import FINANCE, Role
from core import clock
from core.money import yuan
from core.timeline import Signer
from core.verdict import YES, Verdict, no
from funds.ledger import Imbalance
from funds.models import FundSource
from payments.differences import find
from payments.figures import Cut, Key, sums_by
from payments.reconciliation_rows import ReconciliationRun
from workflows.states import Kind

RECONCILES = FINANCE | {Role.AUDITOR, Role.BUREAU_LEADER}
NOT_YOURS = no("reconciliation_not_yours", "对账仅供财政、审计和分管领导岗位查看，请切换岗位。")
MOST_KEPT = 200
STAGES = len(Cut) + 1
MEASURES: dict[str, tuple[str, ...]] = {  # its own figure, then the ledger's, the bank's, and what was marked by hand
    "approved": ("approved", "approved_ledger"),
    "batched": ("batched", "batched_ledger"),
    "sent": ("sent",),
    "settled": ("settled", "settled_ledger", "settled_bank", "settled_hand"),
    "returned": ("returned", "returned_ledger", "returned_bank", "returned_hand"),
    "claimed": ("claimed", "claimed_ledger"),
    "recovered": ("recovered", "recovered_ledger"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of one group in fen, from each source that has it (None: this source does not know it)."""

    own: int
    ledger: int | None = None
    bank: int | None = None
    hand: int | None = None

    @property
    def balanced(self) -> bool:
        """Whether every source says the same; bank and hand together answer for all that was answered."""
        return self.own == (self.own if self.ledger is None else self.ledger) == self.answered

    @property
    def answered(self) -> int:
        """What bank answers and marks by hand bear out; the figure itself where no bank is asked."""
        return self.own if self.bank is None else self.bank + (self.hand or 0)

    @property
    def gap(self) -> int:
        """By how much the worst source is off."""
        ledger = 0 if self.ledger is None else self.own - self.ledger
        return max((ledger, self.own - self.answered), key=abs)


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a table: a fund, a kind, a township, a claimant or a month, with its measures."""

    key: Key
    label: str
    measures: dict[str, Measured]

    @property
    def balanced(self) -> bool:
        """Whether all its measures balance, and no more was sent than sealed, or paid than sent.

        A month has each measure of its own days: what was sealed in one may be sent and paid in the next.
        """
        m = self.measures
        of_a_month = isinstance(self.key, date)
        within = of_a_month or m["settled"].own + m["returned"].own <= m["sent"].own <= m["batched"].own
        return all(one.balanced for one in m.values()) and within

    @property
    def code(self) -> str:
        """The key as an address writes it; ``-`` where the source names none."""
        return "-" if self.key is None else str(self.key)

    @property
    def unpaid_fen(self) -> int:
        """Approved and not paid yet."""
        return self.measures["approved"].own - self.measures["settled"].own


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A whole reconciliation: the totals, every group that is red, by cut, and every single fault."""

    at: datetime
    total: Group
    red: dict[str, list[Group]]
    imbalances: list[Imbalance]

    @property
    def balanced(self) -> bool:
        """Nothing is red and nothing was found."""
        return self.total.balanced and not self.imbalances and not any(self.red.values())

    @property
    def problems(self) -> int:
        """How many rows and single faults there are."""
        return len(self.imbalances) + sum(len(groups) for groups in self.red.values())

    def as_json(self) -> dict[str, Any]:
        """What the command prints and a run keeps; amounts in fen, no names."""
        return {
            "at": self.at.isoformat(),
            "balanced": self.balanced,
            "problems": self.problems,
            "total": _as_json(self.total),
            "red": {cut: [_as_json(group) for group in groups[:MOST_KEPT]] for cut, groups in self.red.items()},
            "imbalances": [
                {
                    "kind": one.kind,
                    "about": one.about,
                    "expected_fen": one.expected_fen,
                    "found_fen": one.found_fen,
                    "message": one.message,
                }
                for one in self.imbalances
            ],
        }


def _as_json(group: Group) -> dict[str, Any]:
    said: dict[str, Any] = {"key": group.code, "balanced": group.balanced, "unpaid_fen": group.unpaid_fen}
    for name, one in group.measures.items():
        sides = {"fen": one.own, "ledger_fen": one.ledger, "bank_fen": one.bank, "hand_fen": one.hand}
        said[name] = {side: fen for side, fen in sides.items() if fen is not None}
    return said


def can_reconcile(by: Actor) -> Verdict:
    """Finance, audit and the leader see every figure."""
    return YES if by.role in RECONCILES else NOT_YOURS


def reconcile(tell: Callable[[int, str], None] = lambda _done, _saying: None) -> Reconciliation:
    """Everything, as the database stands now; a fixed number of queries. `tell` hears how far it is, of STAGES."""
    tables = {}
    for done, cut in enumerate(Cut):
        tell(done, f"按{cut.label}核对")
        tables[str(cut)] = groups_by(cut)
    tell(len(tables), "逐人逐笔核对")
    red = {cut: [group for group in groups if not group.balanced] for cut, groups in tables.items()}
    return Reconciliation(clock.now(), total_of(tables[Cut.FUND]), red, find())


def keep(by: Signer, done: Reconciliation | None = None) -> ReconciliationRun:
    """Keep a reconciliation, or one made now, where the finance pages show it."""
    with transaction.atomic():
        done = done or reconcile()
        return ReconciliationRun.objects.create(
            at=done.at, by_label=by.label, balanced=done.balanced, problems=done.problems, content=done.as_json()
        )


def last_run() -> ReconciliationRun | None:
    """The latest kept reconciliation."""
    return ReconciliationRun.objects.first()


def groups_by(cut: str, *, year: int | None = None) -> list[Group]:
    """One group a fund, kind, township, claimant or month that has money; red ones first. Of the funds of a year, or all.

    One query for all figures and two at most for the labels.
    """
    funds = None if year is None else list(FundSource.objects.filter(year=year).values_list("pk", flat=True))
    sums = sums_by(cut, funds)
    if cut == Cut.TOWNSHIP:
        sums = _rolled_up(sums)
    keys = {key for found in sums.values() for key in found}
    labels = labels_of(cut, keys)
    groups = [Group(key, labels.get(key, "—"), _measures({c: s.get(key, 0) for c, s in sums.items()})) for key in keys]
    return sorted(groups, key=lambda group: (group.balanced, group.key is None, _place(cut, group)))


def total_of(groups: Iterable[Group]) -> Group:
    """The sum over groups of one cut."""
    sums = dict.fromkeys((code for codes in MEASURES.values() for code in codes), 0)
    for group in groups:
        for name, codes in MEASURES.items():
            one = group.measures[name]
            for code, fen in zip(codes, (one.own, one.ledger, one.bank, one.hand), strict=False):
                sums[code] += fen or 0
    return Group(None, "合计", _measures(sums))


def _measures(fen: dict[str, int]) -> dict[str, Measured]:
    return {name: Measured(*(fen[code] for code in codes)) for name, codes in MEASURES.items()}


def _place(cut: str, group: Group) -> Any:
    """Months and funds in their own order, the others by amount."""
    if cut in (Cut.MONTH, Cut.FUND) or group.key is None:
        return str(group.key)
    return (-group.measures["approved"].own, str(group.key))


def _rolled_up(sums: dict[str, dict[Key, int]]) -> dict[str, dict[Key, int]]:
    """Villages into their township; what no village verifies stays with its own area."""
    above = townships()
    rolled: dict[str, dict[Key, int]] = {}
    for code, found in sums.items():
        rolled[code] = {}
        for area, fen in found.items():
            key = above.get(area) if isinstance(area, int) else None
            rolled[code][key] = rolled[code].get(key, 0) + fen
    return rolled


def townships() -> dict[int, int]:
    """The township of each area; the zone is its own."""
    paths = dict(Area.objects.values_list("path", "pk"))
    return {pk: paths["/".join(path.split("/")[:2])] for path, pk in paths.items()}


def labels_of(cut: str, keys: Collection[Key]) -> dict[Key, str]:
    """What groups are called; two queries at most."""
    match cut:
        case Cut.FUND:
            return {fund.pk: str(fund) for fund in FundSource.objects.filter(pk__in=keys - {None})}  # type: ignore[operator]
        case Cut.KIND:
            return {kind.value: str(kind.label) for kind in Kind}
        case Cut.TOWNSHIP:
            return dict(Area.objects.filter(pk__in=keys - {None}).values_list("pk", "name"))  # type: ignore[operator]
        case Cut.CLAIMANT:
            return claimants(str(key) for key in keys if key)
    return {key: f"{key:%Y年%m月}" for key in keys if isinstance(key, date)}


def claimants(keys: Iterable[str]) -> dict[Key, str]:
    """Names of claimants by the ledger's key."""
    split = [(key, *key.partition(":")[::2]) for key in keys]
    organisations = {int(pk) for _key, kind, pk in split if kind == "org" and pk.isdigit()}
    users = {int(pk) for _key, kind, pk in split if kind == "user" and pk.isdigit()}
    found: dict[Key, str] = {}
    found |= {
        f"org:{pk}": name for pk, name in Organisation.objects.filter(pk__in=organisations).values_list("pk", "name")
    }
    found |= {f"user:{pk}": name for pk, name in User.objects.filter(pk__in=users).values_list("pk", "full_name")}
    return found


def sentence(run: ReconciliationRun) -> str:
    """One line on a kept run."""
    settled = run.content["total"]["settled"]["fen"]
    return f"对账{'平衡' if run.balanced else f'发现{run.problems}处不平'}，已支付{yuan(settled)}元。"
