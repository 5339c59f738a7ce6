"""What the pages of funds show, with the claims' numbers and the payees' names that the ledger does not know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.verdict import Verdict
from funds import access, queries
from funds.models import FundSource
from funds.movements import Movement
from funds.payees import names_of
from funds.queries import Line, Part
from workflows.claims import Claim

LIST_PAGE = 25
STATEMENT_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund in the list, with the bar of its money."""

    fund: FundSource
    bar: list[Part]


@dataclass(frozen=True, slots=True)
class FundsPage:
    """The funds of a year (all of them when it is None), their sums, and whether the actor may add one."""

    page: Page
    year: int | None
    years: list[int]
    totals: dict[str, int]
    may_open: Verdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A row of the statement with names: claim and payee, and the other fund of a move."""

    line: Line
    claim: str
    who: str
    other: str


@dataclass(frozen=True, slots=True)
class FundPage:
    """One fund: its money and its statement, 50 rows a page."""

    fund: FundSource
    bar: list[Part]
    page: Page
    movement: str
    movements: list[tuple[str, Any]]
    may_supplement: Verdict


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A claim whose money was not paid out: whose, since when, how much and where it lies."""

    fund: FundSource
    claim_id: int
    claim: str
    who: str
    approved_at: datetime | None
    heads: int
    fen: int
    held: int
    payable: int
    batched: int


@dataclass(frozen=True, slots=True)
class UnpaidPage:
    """The year-end list: what the funds of `year` owed and had not paid out by the end of `until`."""

    page: Page
    year: int
    until: date
    years: list[int]
    total_fen: int


def funds_page(*, by: Actor, year: int | None, page: str) -> FundsPage:
    """The list of funds; refuses `funds_not_visible`. `year` narrows it."""
    access.can_see(by).require()
    found = queries.funds_of(year)
    shown = Paginator(found, LIST_PAGE).get_page(page)
    shown.object_list = [FundRow(fund, queries.bar_of(fund)) for fund in shown]  # type: ignore[assignment]
    return FundsPage(shown, year, queries.years(), queries.totals_of(found), access.can_open(by))


def fund_page(*, fund_id: int, by: Actor, movement: str = "", page: str = "") -> FundPage:
    """One fund with its statement; refuses `funds_not_visible`, `fund_unknown`."""
    access.can_see(by).require()
    fund = FundSource.objects.filter(pk=fund_id).first()
    if fund is None:
        raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
    movement = movement if movement in Movement.values else ""
    shown = Paginator(queries.statement_groups(fund.pk, movement), STATEMENT_PAGE).get_page(page)
    shown.object_list = statements(fund.pk, list(shown))  # type: ignore[assignment]
    return FundPage(fund, queries.bar_of(fund), shown, movement, list(Movement.choices), access.can_open(by))


def statements(fund_id: int, groups: Sequence[dict[str, Any]]) -> list[Statement]:
    """Rows of a statement with their names; six queries at most."""
    lines = queries.told(fund_id, groups)
    numbers = dict(Claim.objects.filter(pk__in={line.claim_id for line in lines}).values_list("pk", "number"))
    names = names_of({line.payee for line in lines})
    others = FundSource.objects.in_bulk({line.other_fund for line in lines if line.other_fund})
    return [
        Statement(
            line,
            numbers.get(line.claim_id or 0) or "",
            names.get(line.payee, ""),
            str(others[line.other_fund]) if line.other_fund else "",
        )
        for line in lines
    ]


def unpaid_page(*, by: Actor, year: int | None, page: str) -> UnpaidPage:
    """The year-end list of the unpaid, a page of 25; refuses `funds_not_visible`."""
    access.can_see(by).require()
    chosen = year_or_now(year)
    until = last_day(chosen)
    shown = Paginator(queries.unpaid_claims(chosen, until), LIST_PAGE).get_page(page)
    shown.object_list = unpaid_rows(chosen, until, list(shown))  # type: ignore[assignment]
    known = sorted({*queries.years(), chosen}, reverse=True)
    return UnpaidPage(shown, chosen, until, known, queries.unpaid_total(chosen, until))


def unpaid_rows(year: int, until: date, sums: Sequence[dict[str, Any]]) -> list[Unpaid]:
    """Rows of the year-end list with their names; five queries at most."""
    ids = {row["claim_id"] for row in sums}
    claims = {
        pk: (number, at)
        for pk, number, at in Claim.objects.filter(pk__in=ids).values_list("pk", "number", "approved_at")
    }
    names = names_of({row["payee"] for row in sums})
    funds = FundSource.objects.in_bulk({row["fund_id"] for row in sums})
    heads = queries.unpaid_heads(year, until, ids) if ids else {}
    return [
        Unpaid(
            fund=funds[row["fund_id"]],
            claim_id=row["claim_id"],
            claim=claims.get(row["claim_id"], ("", None))[0] or "",
            who=names.get(row["payee"], ""),
            approved_at=claims.get(row["claim_id"], ("", None))[1],
            heads=heads.get((row["fund_id"], row["claim_id"]), 0),
            fen=row["fen"],
            held=row["held"],
            payable=row["payable"],
            batched=row["batched"],
        )
        for row in sums
    ]


def year_or_now(year: int | None) -> int:
    """A year that can be; this year for anything else."""
    return year if year and FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def last_day(year: int) -> date:
    """The day whose end the list tells: the year's last, or today while the year runs."""
    return min(date(year, 12, 31), clock.today())
