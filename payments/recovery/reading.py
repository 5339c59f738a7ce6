"""Questions about recoveries: the cases, one case with all its page shows, what can be claimed back of a claim."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.acting import Actor
from core import clock
from core.errors import NotAllowed
from core.models import Event
from core.verdict import Verdict
from payments.models import Instalment, PaymentItem, RecoveryCase, RecoveryLine, Repayment
from payments.recovery import access
from payments.recovery.access import CaseVerb
from payments.recovery.opening import recoverable
from payments.recovery.repaying import payable_of
from payments.recovery.rows import CaseState
from workflows import access as road
from workflows.claims import Claim, ClaimLine
from workflows.states import ClaimState, Kind

DONE: dict[str, Promise] = {
    "open_recovery": _("立案追回"),
    "order_recovery": _("决定追回"),
    "reject_recovery": _("决定不予追回"),
    "plan_recovery": _("批准分期退回"),
    "recovery_received": _("追回款入库"),
    "recovery_offset": _("抵扣"),
    "recovery_written_off": _("核销"),
    "close_recovery": _("结清"),
    "lift_recovery": _("撤销追回"),
}
RELATED = (
    "claim__claimant_org", "claim__claimant_user", "opened_by", "decided_by", "lifted_by", "paper__mark__replacement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it does, and whether the actor may; `timely` when the case's state asks for it."""

    label: str
    verdict: Verdict
    timely: bool


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """An instalment of the plan in force; `covered` when what came back reaches it, `late` when its day is over."""

    part: Instalment
    covered: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Done:
    at: datetime
    who: str
    label: str | Promise
    words: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of a case shows, read in a fixed number of queries."""

    case: RecoveryCase
    overdue: bool
    lines: list[RecoveryLine]
    plan: list[PlannedPart]
    repayments: list[Repayment]
    actions: dict[str, Action]
    later: dict[Claim, list[ClaimLine]]  # payable lines of the same payee, for the leader
    titles: list[Claim]  # ambassador claims that counted these people (C16)
    events: list[Done]


def overdue(today: date) -> Q:
    """Cases whose next money should be there already."""
    return Q(state=CaseState.OWED, next_due_on__lt=today)


def cases_for(by: Actor, *, q: str = "", state: str = "") -> QuerySet[RecoveryCase]:
    """The cases the actor sees, newest first, narrowed by number or claimant and by state (or ``overdue``)."""
    cases = access.visible_cases(by).select_related(*RELATED)
    if q := q.strip():
        who = Q(claim__claimant_org__name__icontains=q) | Q(claim__claimant_user__full_name__icontains=q)
        cases = cases.filter(who | Q(number__icontains=q) | Q(claim__number__icontains=q))
    if state == "overdue":
        cases = cases.filter(overdue(clock.today()))
    elif state in CaseState.values:
        cases = cases.filter(state=state)
    return cases.order_by("-pk")


def case_page(*, case_id: int, by: Actor) -> CasePage:
    """The page of a case for officers; refuses `recovery_not_visible`, the same when there is none."""
    found = access.visible_cases(by) if by.role in access.SEES_CASES else RecoveryCase.objects.none()
    case = found.select_related(*RELATED).filter(pk=case_id).first()
    if case is None:
        raise NotAllowed(access.NOT_VISIBLE.code, access.NOT_VISIBLE.reason)
    lines = list(case.lines.select_related("line__worker", "item__batch").order_by("line__seq"))
    actions = {
        verb.value: Action(str(verb.label), access.can(by, case, verb), case.state == access.STATES[verb])
        for verb in CaseVerb
    }
    titles = Claim.objects.filter(kind=Kind.AMBASSADOR, counted__line__in=[one.line_id for one in lines])
    return CasePage(
        case=case,
        overdue=case.is_overdue,
        lines=lines,
        plan=_plan(case),
        repayments=list(case.repayments.select_related("by", "against")),
        actions=actions,
        later=_later(case) if actions["offset"].verdict else {},
        titles=list(titles.order_by("pk").distinct()) if case.state in (CaseState.OWED, CaseState.CLOSED) else [],
        events=_events(case),
    )


def _plan(case: RecoveryCase) -> list[PlannedPart]:
    parts = list(case.instalments.order_by("-round", "seq"))
    parts = [part for part in parts if part.round == parts[0].round]
    back, today = sum(part.amount_fen for part in parts) - case.owed_fen, clock.today()
    shown, until = [], 0
    for part in parts:
        until += part.amount_fen
        shown.append(PlannedPart(part, until <= back, until > back and part.due_on < today))
    return shown


def _later(case: RecoveryCase) -> dict[Claim, list[ClaimLine]]:
    """The same claimant's other approved claims with what is payable of them, enough to set off the debt."""
    claim = case.claim
    others = Claim.objects.filter(state=ClaimState.PAYABLE).exclude(pk=claim.pk)
    mine = others.filter(claimant_org=claim.claimant_org_id, claimant_user=claim.claimant_user_id)
    found: dict[Claim, list[ClaimLine]] = defaultdict(list)
    for line in payable_of(mine.values_list("pk", flat=True)).select_related("claim", "worker")[:200]:  # type: ignore[arg-type]
        found[line.claim].append(line)
    return dict(found)


def _events(case: RecoveryCase) -> list[Done]:
    events = Event.objects.filter(chain=case.chain).order_by("seq")
    return [Done(e.at, e.by_label, DONE.get(e.verb, e.verb), e.data.get("opinion", "")) for e in events]


@dataclass(frozen=True, slots=True)
class OpenPage:
    """The claim, its paid lines with what may still be asked back, and whether the actor opens cases on it."""

    claim: Claim
    items: list[PaymentItem]
    may_open: Verdict


def open_page(*, claim_id: int, by: Actor) -> OpenPage:
    """What a case is opened from; refuses `claim_not_visible`, the same when there is none."""
    related = ("claimant_org", "claimant_user")
    claim = road.visible_to(by).select_related(*related).filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(road.NOT_YOURS.code, road.NOT_YOURS.reason)
    return OpenPage(claim, list(recoverable(claim.pk)), access.can_open(by, claim))


def cases_of(by: Actor, claim: Claim) -> list[RecoveryCase]:
    """The cases of a claim that the actor may see, with their lines; two queries, none before it is approved."""
    if claim.state != ClaimState.PAYABLE:
        return []
    cases = access.visible_cases(by).filter(claim=claim).select_related("paper__mark__replacement")
    return list(cases.prefetch_related("lines__line").order_by("pk"))


def asked_back(cases: Iterable[RecoveryCase]) -> dict[UUID, int]:
    """Fen asked back of each line by cases that were decided so; of one that was lifted, what had come back."""
    found: dict[UUID, int] = defaultdict(int)
    for case in cases:
        if case.state in (CaseState.OWED, CaseState.CLOSED):
            for one in case.lines.all():
                found[one.line_id] += one.amount_fen
        elif case.state == CaseState.LIFTED:
            for one in case.lines.all():
                found[one.line_id] += one.back_fen
    return dict(found)
