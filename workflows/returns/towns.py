"""A town merges its villages' returns and reports them; the labour section receives with a receipt number."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.numbering import take
from core.timeline import record
from workflows.returns import access
from workflows.returns.listing import standing_returns
from workflows.returns.marking import require
from workflows.returns.rows import HANDED_IN, Filed, SurveyRound, TownReturn, VillageReturn
from workflows.returns.warnings import latest, warnings_of

NOT_SEEN = "没有找到该乡镇月报，或您在当前岗位无权查看。"


def merge_and_report(*, round_id: int, town_id: int, by: Actor, opinion: str = "") -> TownReturn:
    """Take the submitted returns of a town together and report them; later ones go into the next report.

    Findings (C23) need an opinion. Refuses `town_only`, `nothing_to_merge`, `opinion_missing`.
    """
    opinion = " ".join(opinion.split())[:200]
    with transaction.atomic():
        town = Area.objects.filter(pk=town_id).first()
        if town is None or not access.towns_of(by).filter(pk=town_id).exists():
            raise NotAllowed("town_not_visible", NOT_SEEN)
        access.can_merge(by, town).require()
        round = SurveyRound.objects.select_for_update().get(pk=round_id)
        rows = VillageReturn.objects.select_for_update(of=("self",)).filter(round=round, village__parent=town)
        waiting = [row for row in rows.order_by("pk") if row.state == Filed.SUBMITTED]
        if not waiting:
            raise WrongState("nothing_to_merge", _("没有待汇总的村级月报，请刷新页面。"))
        warnings = warnings_of(round, town)
        if warnings and not opinion:
            raise Refusal(
                "opinion_missing", _("有%(count)s项提示，请核实后填写意见再上报。") % {"count": len(warnings)}
            )
        made = _report(round, town, by, opinion, len(warnings))
        for row in waiting:
            row.state, row.town_return = Filed.RECEIVED, made
            row.save(update_fields=["state", "town_return"])
            record(row.chain, "merge_return", by=by, data={"town_return": made.pk})
        record(made.chain, "report_returns", by=by, data={"villages": len(waiting), "warnings": len(warnings)})
    return made


def _report(round: SurveyRound, town: Area, by: Actor, opinion: str, warnings: int) -> TownReturn:
    """The town's report with its sums; its round is locked."""
    returns = standing_returns().filter(round=round, village__parent=town)
    sums = returns.aggregate(unemployed=Sum("unemployed", default=0), employed=Sum("employed", default=0))
    owed = latest(round).filter(village__parent=town, edition=1).exclude(state__in=HANDED_IN)
    return TownReturn.objects.create(
        round=round, town=town, edition=TownReturn.objects.filter(round=round, town=town).count() + 1,
        villages=returns.count(), missing=owed.count(), warnings=warnings, opinion=opinion,
        reported_at=clock.now(), reported_by=by.user, reported_label=by.label, **sums,
    )  # fmt: skip


def receive(*, town_return_id: int, by: Actor) -> TownReturn:
    """The labour section receives a town's report; its receipt is ``HZ-2025-0001``. Refuses `section_only`, `return_moved`."""
    with transaction.atomic():
        found = TownReturn.objects.select_for_update(of=("self",)).filter(pk=town_return_id).first()
        if found is None or not access.towns_of(by).filter(pk=found.town_id).exists():
            raise NotAllowed("town_not_visible", NOT_SEEN)
        require(access.can_receive(by, found))
        year = clock.today().year
        found.receipt = f"HZ-{year}-{take(f'return_receipt-{year}'):04d}"
        found.state, found.received_at, found.received_label = TownReturn.State.RECEIVED, clock.now(), by.label
        found.save(update_fields=["receipt", "state", "received_at", "received_label"])
        record(found.chain, "receive_returns", by=by, data={"receipt": found.receipt})
    return found
