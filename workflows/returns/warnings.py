"""What a town looks at before it merges (check C23 of the brief): each finding needs an opinion, none stops the return."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Area
from registry.labour.codes import ANNEX_STATES
from workflows.returns.listing import standing_returns
from workflows.returns.rows import HANDED_IN, Mark, ReturnEntry, SurveyRound, VillageReturn

SWING_PERCENT = 20
UNCHANGED_MONTHS = 3
SHOWN = 50  # people named one by one


@dataclass(frozen=True, slots=True)
class Warning:
    """A finding: its number, the village it is about and the sentence."""

    code: str
    village: str
    words: str


def warnings_of(round: SurveyRound, town: Area) -> list[Warning]:
    """All findings on a town's returns of a round; queries do not grow with villages."""
    returns = list(latest(round).filter(village__parent=town).select_related("village"))
    found = [row for row in returns if row.state in HANDED_IN]
    return [*_missing(returns), *_swings(round, found), *_unchanged(round, found), *_twice(round, town)]


def latest(round: SurveyRound) -> QuerySet[VillageReturn]:
    """Each village's last edition of a round, whatever its state, by town and village."""
    later = VillageReturn.objects.filter(
        round=OuterRef("round"), village=OuterRef("village"), edition__gt=OuterRef("edition")
    )
    return VillageReturn.objects.filter(~Exists(later), round=round).order_by("village__path")


def _missing(returns: Sequence[VillageReturn]) -> list[Warning]:
    words = _("尚未报送本期月报。")
    return [
        Warning("C23-1", row.village.name, words) for row in returns if row.state not in HANDED_IN and row.edition == 1
    ]


def swing(now: int, was: int) -> bool:
    """Whether a number moved by more than 20 % of what it was."""
    return abs(now - was) * 100 > was * SWING_PERCENT


def _swings(round: SurveyRound, returns: Sequence[VillageReturn]) -> list[Warning]:
    earlier = standing_returns().filter(village__in=[row.village_id for row in returns])
    was: dict[int, VillageReturn] = {}
    for row in earlier.filter(round__month__lt=round.month).order_by("round__month"):
        was[row.village_id] = row
    found = []
    for row in returns:
        if (old := was.get(row.village_id)) is None:
            continue
        for label, now, before in (
            (_("未就业"), row.unemployed, old.unemployed),
            (_("已就业"), row.employed, old.employed),
        ):
            if swing(now, before):
                words = _("%(label)s%(before)s人变为%(now)s人，变动超过20％。")
                found.append(Warning("C23-2", row.village.name, words % {"label": label, "before": before, "now": now}))
    return found


def _unchanged(round: SurveyRound, returns: Sequence[VillageReturn]) -> list[Warning]:
    """Nobody different for more than three months: in this return and in the three before it."""
    still = {row.village_id: row.village.name for row in returns if row.people and row.kind == VillageReturn.Kind.NIL}
    months = list(
        SurveyRound.objects.filter(month__lt=round.month)
        .order_by("-month")
        .values_list("pk", flat=True)[:UNCHANGED_MONTHS]
    )
    if not still or len(months) < UNCHANGED_MONTHS:
        return []
    same = standing_returns().filter(round__in=months, village__in=still, kind=VillageReturn.Kind.NIL)
    times: dict[int, int] = {}
    for village in same.values_list("village", flat=True):
        times[village] = times.get(village, 0) + 1
    words = _("全部人员连续超过三个月没有变化，请核实是否入户。")
    return [Warning("C23-5", name, words) for pk, name in still.items() if times.get(pk) == UNCHANGED_MONTHS]


def _twice(round: SurveyRound, town: Area) -> list[Warning]:
    """The same name, sex and birth month twice in the round: in two villages, or in annex 1 here and annex 2 there."""
    rows = ReturnEntry.objects.filter(village_return__in=standing_returns().filter(round=round)).exclude(mark=Mark.GONE)
    alike = rows.filter(
        person__name=OuterRef("person__name"), person__sex=OuterRef("person__sex"),
        person__birth_month=OuterRef("person__birth_month"),
    ).exclude(person=OuterRef("person"))  # fmt: skip
    elsewhere = alike.exclude(village_return__village=OuterRef("village_return__village"))
    employed = alike.filter(status__in=ANNEX_STATES[2])
    here = rows.filter(village_return__village__parent=town).annotate(
        twice=Exists(elsewhere), both=Exists(employed), who=F("person__name"), where=F("village_return__village__name")
    )
    found = []
    both = Q(both=True, status__in=ANNEX_STATES[1])
    for row in here.filter(Q(twice=True) | both).order_by("village_return__village__path", "who", "pk")[:SHOWN]:
        named = {"who": row.who}
        if row.twice:
            found.append(Warning("C23-3", row.where, _("%(who)s同时列在另一个村，请核实户籍。") % named))
        if row.both and row.status in ANNEX_STATES[1]:
            words = _("%(who)s列在附件1（未就业），但附件2（已就业）中有同一人。")
            found.append(Warning("C23-4", row.where, words % named))
    return found
