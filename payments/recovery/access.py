"""Who sees and who may do what with a recovery case. One answer for commands, buttons and refusal pages.

Opened by the bureau's handler, decided by the section head or the leader, received by finance, set off by the leader,
written off by finance's approver, lifted by the leader. Nobody who approved the claim or paid it decides, writes off or
lifts, nor who opened it; and who ordered it neither writes off nor lifts.
"""

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Actor
from accounts.roles import CLAIMANTS, Role
from core.errors import NotAllowed, WrongState
from core.verdict import YES, Verdict, no
from payments.access import SEES_BATCHES, unconcerned
from payments.models import Batch, RecoveryCase
from payments.recovery.rows import ORDERED, CaseState
from workflows import access as road
from workflows.claims import Claim
from workflows.reviews import Review
from workflows.states import ClaimState, Step

SEES_CASES = SEES_BATCHES
NOT_VISIBLE = no("recovery_not_visible", gettext_lazy("您当前的岗位无权查看追回案件，或案件不存在。"))  # type: ignore[arg-type]


class CaseVerb(models.TextChoices):
    """What can be done to a case."""

    DECIDE = "decide", gettext_lazy("作出追回决定")
    PLAN = "plan", gettext_lazy("批准分期退回")
    RECEIVE = "receive", gettext_lazy("登记入库")
    OFFSET = "offset", gettext_lazy("批准抵扣")
    WRITE_OFF = "write_off", gettext_lazy("核销")
    LIFT = "lift", gettext_lazy("撤销追回")


V, S = CaseVerb, CaseState
ROLES: dict[CaseVerb, frozenset[Role]] = {
    V.DECIDE: frozenset({Role.SECTION_HEAD, Role.BUREAU_LEADER}),
    V.PLAN: frozenset({Role.SECTION_HEAD, Role.BUREAU_LEADER}),
    V.RECEIVE: frozenset({Role.FINANCE_MAKER, Role.FINANCE_CHECKER}),
    V.OFFSET: frozenset({Role.BUREAU_LEADER}),
    V.WRITE_OFF: frozenset({Role.FINANCE_APPROVER}),
    V.LIFT: frozenset({Role.BUREAU_LEADER}),
}
STATES = {verb: S.PROPOSED if verb == V.DECIDE else S.OWED for verb in CaseVerb}
JUDGING = frozenset({V.DECIDE, V.WRITE_OFF, V.LIFT})  # not for those who approved or paid the claim
GIVING_UP = frozenset({V.WRITE_OFF, V.LIFT})  # nor for him who ordered the recovery
ABOUT_STATE = frozenset({"recovery_moved_on", "recovery_not_decided", "recovery_closed", "recovery_lifted"})


def visible_cases(by: Actor) -> QuerySet[RecoveryCase]:
    """Every case for the bureau, finance and audit; the decided ones of his own claims for a claimant; else none."""
    if by.role in SEES_CASES:
        return RecoveryCase.objects.all()
    if by.role in CLAIMANTS:
        mine = RecoveryCase.objects.filter(claim__in=road.visible_to(by))
        return mine.filter(state__in=ORDERED)
    return RecoveryCase.objects.none()


def can_view(by: Actor, case: RecoveryCase) -> Verdict:
    """True exactly when the case is in `visible_cases(by)`."""
    return YES if visible_cases(by).filter(pk=case.pk).exists() else NOT_VISIBLE


def can_open(by: Actor, claim: Claim) -> Verdict:
    """The bureau handler opens a case on a claim that was approved and concerns nobody of his."""
    if by.role != Role.BUREAU_HANDLER:
        return no("recovery_not_yours", _("追回由劳动保障科经办人立案。"))
    if claim.state != ClaimState.PAYABLE:
        return no("nothing_paid", _("该申报没有已支付的人员，不能立案追回。"))
    return _unconcerned(by, claim)


def can(by: Actor, case: RecoveryCase, verb: CaseVerb) -> Verdict:
    """Whether the actor may do this to the case now; at most three queries."""
    if by.role not in ROLES[verb]:
        who = "、".join(str(role.label) for role in sorted(ROLES[verb], key=list(Role).index))
        return no("recovery_not_yours", _("“%(verb)s”由%(who)s办理。") % {"verb": verb.label, "who": who})
    if case.state != STATES[verb]:
        return _state_verdict(case)
    if case.opened_by_id == by.user_id:
        return no("recovery_same_person", _("您是本案的立案人，该事项须由他人办理。"))
    if verb in GIVING_UP and case.decided_by_id == by.user_id:
        return no(
            "recovery_same_person",
            _("您是本案追回决定的作出人，“%(verb)s”须由他人办理。") % {"verb": verb.label},
        )
    if verb in JUDGING and _handled(by, case.claim):
        return no("recovery_own_payment", _("您批准过该申报或办理过其拨付，不能再对其追回作出决定，须由他人办理。"))
    return _unconcerned(by, case.claim)


def _unconcerned(by: Actor, claim: Claim) -> Verdict:
    """Like a batch's: nobody handles money that went to himself or to his own unit, past posts included."""
    if unconcerned(by, Claim.objects.filter(pk=claim.pk)):
        return YES
    return no("recovery_concerns_you", _("该申报与您本人或您所在单位有关，或您办理过其审核，须由他人办理（回避）。"))


def _handled(by: Actor, claim: Claim) -> bool:
    """Whether the person approved this claim as leader or did a duty of a batch that paid it."""
    approved = Review.objects.filter(claim=claim, step=Step.LEADER_APPROVAL, decided_by=by.user_id)
    duties = Q()
    for name in ("opened_by", "made_by", "checked_by", "released_by", "sent_by"):
        duties |= Q(**{name: by.user_id})
    return approved.exists() or Batch.objects.filter(duties, items__claim=claim).exists()


def _state_verdict(case: RecoveryCase) -> Verdict:
    match case.state:
        case S.PROPOSED:
            return no("recovery_not_decided", _("本案尚未作出追回决定，不能办理该事项。"))
        case S.CLOSED:
            return no("recovery_closed", _("本案款项已全部结清，不能再办理。"))
        case S.LIFTED:
            return no("recovery_lifted", _("本案的追回决定已经撤销，不能再办理。"))
    return no(
        "recovery_moved_on",
        _("本案已由%(who)s作出决定，现为“%(state)s”，不能重复办理。")
        % {"who": case.decided_by.full_name if case.decided_by else "—", "state": case.get_state_display()},
    )


def require(by: Actor, case: RecoveryCase, verb: CaseVerb) -> None:
    """Raise the refusal of `can`: WrongState when the case has moved on, NotAllowed otherwise."""
    verdict = can(by, case, verb)
    if not verdict:
        raise (WrongState if verdict.code in ABOUT_STATE else NotAllowed)(verdict.code, verdict.reason)
