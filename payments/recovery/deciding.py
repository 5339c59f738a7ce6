"""The decision on a case: another than who opened it orders the recovery or rejects it; and later instalment plans.

With the order the money stands in the ledger as claimed back, the 追回通知书 is issued and titles that counted the people
are counted again (C16), in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.calendar import WorkingDays
from core.errors import Refusal
from core.money import yuan
from documents.models import Paper
from documents.papers import issue
from funds.ledger import claim_back
from payments.locking import plain_words
from payments.models import Instalment, RecoveryCase
from payments.recovery import access
from payments.recovery.access import CaseVerb
from payments.recovery.booking import case_locked, note, recount_titles, shares, titles_of
from payments.recovery.notice import notice_of
from payments.recovery.rows import CaseState

DAYS = 15  # working days to pay back; our own default, between 1 and LONGEST
LONGEST, MOST_PARTS = 60, 12


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as it is asked for: the last day, and fen."""

    due_on: date
    amount_fen: int


def decide_case(
    *, case_id: int, order: bool, opinion: str, by: Actor, days: int = DAYS, parts: Sequence[Part] = ()
) -> RecoveryCase:
    """Order the recovery, to be paid back within `days` working days or in `parts`, or reject it with a reason.

    Refuses `recovery_unknown`, whoever may not decide (`recovery_same_person`, `recovery_own_payment` …),
    `recovery_moved_on` for the second, `opinion_missing`, `days_wrong`, `plan_wrong`, and `money_elsewhere` when the
    ledger does not have the lines as paid.
    """
    words = plain_words(opinion, code="opinion_missing", needed=_("请写明决定的理由。"))
    with transaction.atomic():
        case, _claims = case_locked(case_id, titles_of(case_id))
        access.require(by, case, CaseVerb.DECIDE)
        case.decided_by, case.decided_post, case.decided_at, case.opinion = by.user, by.post, clock.now(), words
        if order:
            _order(case, by, days, parts)
        else:
            case.state = CaseState.REJECTED
        case.save()
        verb = "order_recovery" if order else "reject_recovery"
        note(case, verb, by, amount_fen=case.amount_fen, **({"due_on": str(case.due_on)} if order else {}))
        if order:
            recount_titles(case, by)
    return case


def _order(case: RecoveryCase, by: Actor, days: int, parts: Sequence[Part]) -> None:
    if not 1 <= days <= LONGEST:
        raise Refusal("days_wrong", _("退回期限请填1至%(n)d个工作日。") % {"n": LONGEST})
    deadline = WorkingDays.load().deadline(clock.today(), days)
    case.due_on, case.due_provisional, case.state = deadline.day, deadline.provisional, CaseState.OWED
    plan = _planned(case, parts, 1) if parts else []
    case.next_due_on = plan[0].due_on if plan else deadline.day
    lines = list(case.lines.select_related("line__worker", "item").order_by("line__seq"))
    for fund_id, part in shares(case, [(line, line.amount_fen) for line in lines]).items():
        claim_back(fund_id=fund_id, shares=part, case=case.number, by=by, reason=str(case.get_ground_display()))
    case.paper = issue(
        kind=Paper.Kind.RECOVERY,
        content=notice_of(case, lines, plan, days),
        subject=case.chain,
        by_label=by.label,
        number=case.number,
    )
    Instalment.objects.bulk_create(plan)


def plan_case(*, case_id: int, parts: Sequence[Part], opinion: str, by: Actor) -> RecoveryCase:
    """Let what is still owed be paid in parts; takes the place of an earlier plan or of the deadline.

    Refuses `plan_wrong`, `opinion_missing`, and whoever may not (`payments.recovery.access`).
    """
    words = plain_words(opinion, code="opinion_missing", needed=_("请写明批准分期的理由。"))
    with transaction.atomic():
        case, _claims = case_locked(case_id)
        access.require(by, case, CaseVerb.PLAN)
        last = case.instalments.order_by("-round").values_list("round", flat=True).first() or 0
        plan = Instalment.objects.bulk_create(_planned(case, parts, last + 1))
        case.next_due_on = plan[0].due_on
        case.save(update_fields=["next_due_on"])
        note(case, "plan_recovery", by, parts=len(plan), until=str(plan[-1].due_on), opinion=words)
    return case


def _planned(case: RecoveryCase, parts: Sequence[Part], number: int) -> list[Instalment]:
    days = [part.due_on for part in parts]
    if not 1 <= len(parts) <= MOST_PARTS or any(part.amount_fen <= 0 for part in parts):
        raise Refusal("plan_wrong", _("请填写1至%(n)d期，每期写明日期和金额。") % {"n": MOST_PARTS})
    if days != sorted(set(days)) or days[0] < clock.today():
        raise Refusal("plan_wrong", _("各期日期须由早到晚，且不早于今天。"))
    if sum(part.amount_fen for part in parts) != case.owed_fen:
        raise Refusal("plan_wrong", _("各期金额合计须等于尚欠的%(owed)s元。") % {"owed": yuan(case.owed_fen)})
    return [
        Instalment(case=case, round=number, seq=seq, due_on=part.due_on, amount_fen=part.amount_fen)
        for seq, part in enumerate(parts, 1)
    ]


def next_due(case: RecoveryCase) -> date | None:
    """The day by which money is due next: of the first instalment that is not covered, or the notice's deadline."""
    plan = list(case.instalments.order_by("-round", "seq"))
    plan = [part for part in plan if part.round == plan[0].round]
    if not plan:
        return case.due_on
    left = case.owed_fen  # what is owed covers the plan from its end
    for part in reversed(plan):
        left -= part.amount_fen
        if left <= 0:
            return part.due_on
    return plan[0].due_on
