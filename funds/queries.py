"""Questions about funds: the list with balances, a fund's statement, and what is not paid out yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from core import clock
from funds.models import Entry, FundSource, Posting
from funds.movements import Movement, Pot

UNPAID = (Pot.RESERVED, Pot.PAYABLE, Pot.BATCHED)
WIDTH = 1000  # of a fund's bar, in its own units


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a fund's bar: from `x`, `width` wide, of `WIDTH`."""

    pot: str
    label: str
    fen: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a statement: what a voucher did for one claim, and what was available after it."""

    posting_id: int
    at: Any
    movement: str
    claim_id: int | None
    payee: str
    heads: int
    in_fen: int  # into what is available
    out_fen: int  # out of what is available
    fen: int
    left_fen: int
    taken_from: str
    put_into: str
    batch: str
    case: str
    reason: str
    other_fund: int | None
    by_label: str

    @property
    def movement_label(self) -> str:
        return str(Movement(self.movement).label)

    @property
    def road(self) -> str:
        """From where to where, as officials read it."""
        return f"{Pot(self.taken_from).label} → {Pot(self.put_into).label}"


def years() -> list[int]:
    """The years there are funds of, the latest first."""
    return list(FundSource.objects.order_by("-year").values_list("year", flat=True).distinct())


def funds_of(year: int | None) -> QuerySet[FundSource]:
    """The funds of a year, or all, the latest year first."""
    return FundSource.objects.filter(year=year) if year else FundSource.objects.all()


def totals_of(funds: QuerySet[FundSource]) -> dict[str, int]:
    """Sums over the funds, in fen: amount, left, held, unpaid, spent; one query."""
    columns = ("amount", "reserved", "payable", "batched", "paid", "claimed", "recovered", "written_off")
    sums = funds.order_by().aggregate(**{name: Sum(f"{name}_fen") for name in columns})
    fen = {name: value or 0 for name, value in sums.items()}
    spent = fen["paid"] + fen["claimed"] + fen["recovered"] + fen["written_off"]
    unpaid = fen["payable"] + fen["batched"]
    return fen | {"left": fen["amount"] - fen["reserved"], "spent": spent, "unpaid": unpaid, "count": funds.count()}


def bar_of(fund: FundSource) -> list[Part]:
    """The fund's money as stretches of a bar: paid out, with the bank, payable, reserved; the rest is available."""
    stretches = (
        (Pot.PAID, fund.spent_fen),
        (Pot.BATCHED, fund.batched_fen),
        (Pot.PAYABLE, fund.payable_fen),
        (Pot.RESERVED, fund.held_fen),
    )
    parts, done = [], 0
    for pot, fen in stretches:
        if fen:
            x, end = (round(WIDTH * part / max(fund.amount_fen, 1)) for part in (done, done + fen))
            parts.append(Part(pot.value, str(pot.label), fen, x, max(end - x, 2)))
            done += fen
    return parts


def statement_groups(fund_id: int, movement: str = "") -> QuerySet[Any]:
    """What each voucher of the fund did for each claim, the latest first: rows of values, to be paged and `told`."""
    postings = Posting.objects.filter(voucher__fund=fund_id)
    if movement in Movement.values:
        postings = postings.filter(voucher__movement=movement)
    return (
        postings.order_by()
        .values(
            "voucher_id", "voucher__at", "voucher__movement", "claim_id", "payee", "voucher__taken_from",
            "voucher__put_into", "voucher__batch", "voucher__case", "voucher__reason", "voucher__other_fund",
            "voucher__by_label",
        )
        .annotate(heads=Count("line_id"), fen=Sum("amount_fen"), last=Max("id"))
        .order_by("-last")
    )  # fmt: skip


def told(fund_id: int, groups: Sequence[dict[str, Any]]) -> list[Line]:
    """Statement rows with what was available after each; two queries, however many rows."""
    after = _left_after(fund_id, [group["last"] for group in groups])
    return [
        Line(
            posting_id=group["last"],
            at=group["voucher__at"],
            movement=group["voucher__movement"],
            claim_id=group["claim_id"],
            payee=group["payee"],
            heads=group["heads"],
            in_fen=group["fen"] if group["voucher__put_into"] == Pot.AVAILABLE else 0,
            out_fen=group["fen"] if group["voucher__taken_from"] == Pot.AVAILABLE else 0,
            fen=group["fen"],
            left_fen=after[group["last"]],
            taken_from=group["voucher__taken_from"],
            put_into=group["voucher__put_into"],
            batch=group["voucher__batch"],
            case=group["voucher__case"],
            reason=group["voucher__reason"],
            other_fund=group["voucher__other_fund"],
            by_label=group["voucher__by_label"],
        )
        for group in groups
    ]


def _left_after(fund_id: int, lasts: Iterable[int]) -> dict[int, int]:
    """What was available right after each of the postings (latest first); two queries, whatever the fund's length."""
    ordered = sorted(lasts)
    if not ordered:
        return {}
    moves = Entry.objects.filter(fund=fund_id, pot=Pot.AVAILABLE).order_by()
    left = moves.filter(posting__lte=ordered[0]).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    between = moves.filter(posting__gt=ordered[0], posting__lte=ordered[-1]).order_by("posting")
    steps = iter(between.values_list("posting", "amount_fen"))
    after, step = {}, next(steps, None)
    for last in ordered:
        while step is not None and step[0] <= last:
            left, step = left + step[1], next(steps, None)
        after[last] = left
    return after


def unpaid_claims(year: int, until: date) -> QuerySet[Any]:
    """Claims with money of the year's funds that was not paid out by the end of the day `until`, by fund, as values.

    `fen` is what is not paid, of it `held` reserved, `payable` owed and `batched` with the bank.
    """
    entries = Entry.objects.filter(fund__year=year, pot__in=UNPAID, at__lte=clock.end_of(until)).order_by()
    by_pot = {
        name: Sum("amount_fen", filter=Q(pot=pot), default=0)
        for name, pot in (("held", Pot.RESERVED), ("payable", Pot.PAYABLE), ("batched", Pot.BATCHED))
    }
    sums = entries.values("fund_id", "claim_id", "payee").annotate(fen=Sum("amount_fen"), **by_pot)
    return sums.filter(fen__gt=0).order_by("fund_id", "claim_id")


def unpaid_heads(year: int, until: date, claim_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many lines of each fund and claim are not paid out whole by then; one query."""
    entries = Entry.objects.filter(
        fund__year=year, pot__in=UNPAID, at__lte=clock.end_of(until), claim_id__in=list(claim_ids)
    ).order_by()
    lines = entries.values_list("fund_id", "claim_id", "line_id").annotate(fen=Sum("amount_fen")).filter(fen__gt=0)
    heads: dict[tuple[int, int], int] = {}
    for fund_id, claim_id, _line, _fen in lines:
        heads[fund_id, claim_id] = heads.get((fund_id, claim_id), 0) + 1
    return heads


def unpaid_total(year: int, until: date) -> int:
    """What the year's funds owe and have not paid out by then, in fen."""
    entries = Entry.objects.filter(fund__year=year, pot__in=UNPAID, at__lte=clock.end_of(until))
    return entries.aggregate(fen=Sum("amount_fen"))["fen"] or 0
