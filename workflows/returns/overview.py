"""All returns at a glance: towns by months, each cell with what state it is in; few queries however many villages."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from workflows.returns import access
from workflows.returns.rows import HANDED_IN, Filed, SurveyRound, TownReturn, VillageReturn

MONTHS = 12
# What a cell says: a shape of the house's badges, and words; colour only supports them.
SIGNS = {
    "received": ("ok", gettext_lazy("已接收")),
    "reported": ("now", gettext_lazy("已上报")),
    "late": ("late", gettext_lazy("逾期未齐")),
    "back": ("warn", gettext_lazy("有退回")),
    "part": ("calm", gettext_lazy("填报中")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A town in a round: how many of its villages handed in, and the sign that sums it up."""

    round: SurveyRound
    town: Area
    done: int
    owed: int
    sign: str

    @property
    def badge(self) -> str:
        return SIGNS[self.sign][0]

    @property
    def words(self) -> str:
        return str(SIGNS[self.sign][1])


@dataclass(frozen=True, slots=True)
class Grid:
    """Rounds as columns, the oldest first; a row is a town with its cells."""

    rounds: list[SurveyRound]
    rows: list[tuple[Area, list[Cell]]]


def grid(by: Actor) -> Grid:
    """The calendar of the towns the post may see, over the last twelve rounds; four queries."""
    towns = list(access.towns_of(by).order_by("path"))
    rounds = list(SurveyRound.objects.all()[:MONTHS])[::-1]
    firsts = VillageReturn.objects.filter(round__in=rounds, edition=1, village__parent__in=towns).order_by()
    counts: dict[tuple[int, int | None], Counter[str]] = {}
    for row in firsts.values("round", "village__parent", "state").annotate(n=Count("pk")):
        counts.setdefault((row["round"], row["village__parent"]), Counter())[row["state"]] = row["n"]
    reports: dict[tuple[int, int], TownReturn] = {}
    for report in TownReturn.objects.filter(round__in=rounds, town__in=towns).order_by("edition"):
        reports[report.round_id, report.town_id] = report
    return Grid(
        rounds,
        [
            (
                town,
                [
                    _cell(round, town, counts.get((round.pk, town.pk), Counter()), reports.get((round.pk, town.pk)))
                    for round in rounds
                ],
            )
            for town in towns
        ],
    )


def _cell(round: SurveyRound, town: Area, states: Counter[str], report: TownReturn | None) -> Cell:
    done, owed = sum(states[state] for state in HANDED_IN), states.total()
    if report is not None:
        sign = "received" if report.state == TownReturn.State.RECEIVED else "reported"
    elif states[Filed.SENT_BACK]:
        sign = "back"
    else:
        sign = "late" if done < owed and clock.today() > round.due_on else "part"
    return Cell(round, town, done, owed, sign)


def state_words(found: VillageReturn) -> tuple[str, str]:
    """A village's badge and words: what it owes is late after the round's last day."""
    if found.state in HANDED_IN:
        late = found.first_submitted_at and clock.local_date(found.first_submitted_at) > found.round.due_on
        label = str(Filed(found.state).label)
        return ("ok" if found.state == Filed.RECEIVED else "now"), label + (_("（逾期报送）") if late else "")
    if found.state == Filed.SENT_BACK:
        return "warn", str(Filed.SENT_BACK.label)
    overdue = clock.today() > found.round.due_on
    return ("late", _("逾期未报")) if overdue else ("calm", str(Filed.DRAFTED.label))


def with_words(rows: Iterable[VillageReturn]) -> list[tuple[VillageReturn, str, str]]:
    """Returns with their badges and words."""
    return [(row, *state_words(row)) for row in rows]
