"""What the reconciliation pages show: the groups of a cut, the lines behind a figure, kept runs, the money of a year.

Sums are asked anew at every look; the single faults (`payments.differences`) are those of the last kept run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Case, Func, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.jobs import Job, enqueue
from core.money import yuan
from funds.models import FundSource
from payments.differences import PAIRS, lines_compared, unbalanced
from payments.figures import Cut, Figure, Key, figures
from payments.models import PaymentItem, ReconciliationRun, Transfer
from payments.reconciliation import (
    MEASURES,
    Group,
    Measured,
    can_reconcile,
    groups_by,
    labels_of,
    last_run,
    total_of,
    townships,
)
from workflows.claims import ClaimLine

PAGE = 50
RUNS_PAGE = 25
KIND = "payments.reconcile"
NO_KEY = "-"
SHARED = "all"  # one job for all who press the button while it runs
WORDS = {
    "approved": "批准",
    "batched": "列入批次",
    "sent": "已发送",
    "settled": "已支付",
    "returned": "退票",
    "claimed": "应追回",
    "recovered": "追回",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a row: its measure, the amount and whether its sources agree."""

    name: str
    fen: int
    balanced: bool
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A group as the table shows it: `reserved_fen` is what the ledger took from funds for it; `faults` say what is off."""

    group: Group
    cells: list[Cell]
    reserved_fen: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Screen:
    """The reconciliation by one cut, a page of 50 groups, red ones first."""

    cut: str
    year: int | None
    years: list[int]
    page: Page
    total: Row
    red: int
    run: ReconciliationRun | None
    job: Job | None


@dataclass(frozen=True, slots=True)
class LinesPage:
    """The lines behind one figure of one group, those that do not balance first."""

    cut: str
    label: str
    measure: str
    code: str
    year: int | None
    page: Page


@dataclass(frozen=True, slots=True)
class Fault:
    """One single fault of a run and what it is about."""

    message: str
    kind: str  # line, transfer, batch, fund; empty when there is no page
    pk: str
    expected_fen: int
    found_fen: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """A kept run: its totals, what was red, and its single faults, 50 a page."""

    run: ReconciliationRun
    totals: dict[str, dict[str, int]]
    red: list[tuple[str, str, str]]  # cut, its label, the group's label
    page: Page


def screen(*, by: Actor, cut: str = "", year: int | None = None, page: str = "") -> Screen:
    """Refuses `reconciliation_not_yours`. An unknown cut is by fund; `year` narrows to the funds of a year."""
    can_reconcile(by).require()
    cut = cut_in(cut)
    groups = groups_by(cut, year=year)
    shown = Paginator(groups, PAGE).get_page(page)
    shown.object_list = [row_of(group) for group in shown]  # type: ignore[assignment]
    return Screen(
        cut=cut,
        year=year,
        years=list(FundSource.objects.order_by("-year").values_list("year", flat=True).distinct()),
        page=shown,
        total=row_of(total_of(groups)),
        red=sum(not group.balanced for group in groups),
        run=last_run(),
        job=latest_job(),
    )


def cut_in(text: str) -> str:
    """A cut; by fund for anything else."""
    return text if text in Cut.values else str(Cut.FUND)


def row_of(group: Group) -> Row:
    """A group with what its row says."""
    cells = [Cell(name, group.measures[name].own, group.measures[name].balanced, WORDS[name]) for name in MEASURES]
    return Row(group, cells, group.measures["approved"].ledger or 0, faults_of(group))


def faults_of(group: Group) -> list[str]:
    """What is wrong with a group and by how much, a sentence a measure; empty when it balances."""
    said = [_fault(WORDS[name], one) for name, one in group.measures.items() if not one.balanced]
    m = group.measures
    if m["sent"].own > m["batched"].own:
        said.append(_above("已发送", m["sent"].own, "列入批次", m["batched"].own))
    answered = m["settled"].own + m["returned"].own
    if answered > m["sent"].own:
        said.append(_above("已支付和退票", answered, "已发送", m["sent"].own))
    return said


def _above(what: str, fen: int, above: str, most: int) -> str:
    told = {"what": what, "fen": yuan(fen), "above": above, "most": yuan(most), "gap": yuan(fen - most)}
    return _("%(what)s%(fen)s元，多于%(above)s%(most)s元，差%(gap)s元。") % told


def _fault(word: str, one: Measured) -> str:
    sides = []
    if one.ledger is not None and one.ledger != one.own:
        sides.append(_("账簿%(fen)s元，差%(gap)s元") % {"fen": yuan(one.ledger), "gap": yuan(one.own - one.ledger)})
    if one.answered != one.own:
        told = {"fen": yuan(one.answered), "gap": yuan(one.own - one.answered)}
        sides.append(_("银行回单和手工登记%(fen)s元，差%(gap)s元") % told)
    return _("%(word)s：业务登记%(own)s元，%(sides)s。") % {
        "word": word,
        "own": yuan(one.own),
        "sides": "；".join(sides),
    }


def start_run(*, by: Actor) -> Job:
    """Reconcile now, in the background; a run on its way is returned instead of a second. Refuses those who do not see it."""
    can_reconcile(by).require()
    return enqueue(KIND, arguments={}, by=by, key=SHARED)


def latest_job() -> Job | None:
    """The reconciliation that waits or runs now."""
    return Job.objects.filter(kind=KIND, state__in=(Job.State.WAITING, Job.State.RUNNING)).first()


def lines_page(*, by: Actor, cut: str, code: str, measure: str, year: int | None, page: str = "") -> LinesPage:
    """The lines behind a figure. Refuses `reconciliation_not_yours` and `group_unknown`."""
    can_reconcile(by).require()
    cut, measure = cut_in(cut), measure if measure in MEASURES else "approved"
    shown = Paginator(lines_of(cut=cut, code=code, measure=measure, year=year), PAGE).get_page(page)
    for line in shown:
        line.red = is_red(line)  # type: ignore[attr-defined]
    key = key_in(cut, code)
    return LinesPage(cut, labels_of(cut, {key}).get(key, "—"), measure, code, year, shown)


def lines_of(*, cut: str, code: str, measure: str, year: int | None = None) -> QuerySet[ClaimLine]:
    """Lines that any source of a measure has in a group, with both sides of each figure, those that differ first."""
    key, known = key_in(cut, code), figures()
    funds = None if year is None else list(FundSource.objects.filter(year=year).values_list("pk", flat=True))
    mine = Q(pk__in=())
    for name in MEASURES[measure]:
        rows = _rows_of(known[name], cut, key, funds)
        mine |= Q(pk__in=rows.values("pk" if rows.model is ClaimLine else "line_id"))
    payments = PaymentItem.objects.select_related("transfer", "batch").order_by("pk")
    return (
        lines_compared()
        .filter(mine)
        .annotate(place=Case(When(unbalanced(), then=Value(0)), default=Value(1), output_field=IntegerField()))
        .select_related("claim__claimant_org", "claim__claimant_user", "worker")
        .defer("details", "phone")
        .prefetch_related(Prefetch("payment_items", queryset=payments))
        .order_by("place", "claim_id", "seq")
    )


def is_red(line: Any) -> bool:
    """Whether two sides of a line of `lines_compared` differ."""
    return any(getattr(line, f"{own}_fen") != getattr(line, f"{ledger}_fen") for own, ledger in PAIRS.items())


def _rows_of(figure: Figure, cut: str, key: Key, funds: list[int] | None) -> QuerySet[Any]:
    """A figure's rows in one group. A month is asked as a span of moments, the same on both engines."""
    rows = figure.cut_by(cut, funds)
    if key is None:
        return rows.filter(cut=None)
    if isinstance(key, date):
        (moment,) = cast(Func, figure.keys[Cut.MONTH]).get_source_expressions()
        start = datetime(key.year, key.month, 1, tzinfo=clock.SHANGHAI)
        end = datetime(key.year + key.month // 12, key.month % 12 + 1, 1, tzinfo=clock.SHANGHAI)
        return rows.alias(moment=moment).filter(moment__gte=start, moment__lt=end)
    if cut == Cut.TOWNSHIP:
        return rows.filter(cut__in=[area for area, township in townships().items() if township == key])
    return rows.filter(cut=key)


def key_in(cut: str, code: str) -> Key:
    """A group's key as `Group.code` wrote it; refuses `group_unknown`."""
    try:
        if code == NO_KEY:
            return None
        if cut == Cut.MONTH:
            return date.fromisoformat(code).replace(day=1, year=min(int(code[:4]), 9000))
        if cut in (Cut.FUND, Cut.TOWNSHIP) and len(code) < 19:
            return int(code)
        if cut in (Cut.KIND, Cut.CLAIMANT) and code and code.isascii() and len(code) < 30 and code.isprintable():
            return code
    except ValueError:
        pass
    raise Refusal("group_unknown", _("没有这一分组，请返回对账页面重新选择。"))


def runs(by: Actor) -> QuerySet[ReconciliationRun]:
    """Kept runs, the latest first, without their content."""
    can_reconcile(by).require()
    return ReconciliationRun.objects.defer("content").order_by("-pk")


def run_page(*, by: Actor, run_id: int, page: str = "") -> RunPage:
    """One kept run; refuses `run_unknown`."""
    can_reconcile(by).require()
    run = ReconciliationRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Refusal("run_unknown", _("没有这一次对账记录，请返回对账记录列表。"))
    shown = Paginator(run.content["imbalances"], PAGE).get_page(page)
    shown.object_list = faults_in(list(shown))  # type: ignore[assignment]
    return RunPage(run, {WORDS[name]: run.content["total"][name] for name in MEASURES}, _red(run.content["red"]), shown)


def _red(found: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str, str]]:
    red = []
    for cut, groups in found.items():
        keys = [key_in(cut, group["key"]) for group in groups]
        labels = labels_of(cut, set(keys)) if keys else {}
        red += [(cut, str(Cut(cut).label), labels.get(key, "—")) for key in keys]
    return red


def faults_in(kept: Sequence[dict[str, Any]]) -> list[Fault]:
    """Kept faults with what each is about, when that still is there; two queries at most."""
    about = [one["about"].partition(":")[::2] for one in kept]
    lines = [pk for kind, pk in about if kind == "line" and len(pk) == 36]
    transfers = [int(pk) for kind, pk in about if kind == "transfer" and pk.isdigit()]
    known = {("line", str(pk)) for pk in ClaimLine.objects.filter(pk__in=lines).values_list("pk", flat=True)}
    known |= {("transfer", str(pk)) for pk in Transfer.objects.filter(pk__in=transfers).values_list("pk", flat=True)}
    known |= {(kind, pk) for kind, pk in about if kind in ("batch", "fund") and pk.isdigit()}
    return [
        Fault(one["message"], kind if (kind, pk) in known else "", pk, one["expected_fen"], one["found_fen"])
        for one, (kind, pk) in zip(kept, about, strict=True)
    ]
