"""Verdicts on what is done around a review: handing on, asking others, stopping its clock, urging, copying.

Like `workflows.access` they answer commands and buttons alike. They ask nothing of the database: what must be asked
(who is a colleague, what somebody may see) is the command's to find out, with the same codes.
"""

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import OFFICIALS, REVIEWERS
from core.verdict import YES, Verdict, no
from workflows import access
from workflows.attention import DeedVerb
from workflows.consultations import Consultation
from workflows.reviews import Review
from workflows.states import Step
from workflows.waiting import ASKED_ALREADY, DELEGATED, SUSPENDED, consulting_of

DECIDED = no("already_decided", "该事项已办结，不能再转办、征求意见或挂起。")


def can_hand_on(by: Actor, review: Review, verb: str) -> Verdict:
    """`reassign`, `delegate`, `ask`, `suspend`, `resume`, `take_back` are said by whose review it is."""
    if not review.is_open:
        return DECIDED
    if review.step == Step.PUBLISH:
        return no("not_of_publicity", _("公示按规定的期限进行，不能转办、征求意见或挂起。"))
    if not (verdict := access.owes(by, review)):
        return verdict
    return HANDED[DeedVerb(verb)](review)


def _suspend(review: Review) -> Verdict:
    if review.step == Step.ACCEPTANCE:
        return no("not_of_acceptance", _("受理期限不能中止，逾期视为受理。材料不齐的，请退回补正。"))
    if review.suspended_at:
        return no("review_suspended", _("该事项已挂起，不必重复挂起。"))
    return YES


def _resume(review: Review) -> Verdict:
    return YES if review.suspended_at else no("not_suspended", _("该事项没有挂起。"))


def _ask(review: Review) -> Verdict:
    if review.suspended_at:
        return SUSPENDED
    return ASKED_ALREADY if consulting_of(review) else YES


def _take_back(review: Review) -> Verdict:
    return YES if consulting_of(review) else no("nothing_asked", _("该事项没有正在征求的意见或委派。"))


def _reassign(review: Review) -> Verdict:
    return DELEGATED if consulting_of(review) == Consultation.Mode.DELEGATE else YES


HANDED = {
    DeedVerb.REASSIGN: _reassign,
    DeedVerb.DELEGATE: _ask,
    DeedVerb.ASK: _ask,
    DeedVerb.TAKE_BACK: _take_back,
    DeedVerb.SUSPEND: _suspend,
    DeedVerb.RESUME: _resume,
}


def can_urge(by: Actor, review: Review) -> Verdict:
    """An officer of the road urges what others owe; who may not see the claim never comes here."""
    if by.role not in REVIEWERS:
        return no("urge_not_yours", _("催办由村（社区）、乡镇和民生保障局的审核岗位提出。"))
    if not review.is_open:
        return no("already_decided", _("该事项已办结，不必催办。"))
    if review.step == Step.PUBLISH:
        return no("not_of_publicity", _("公示按规定的期限进行，不能催办。"))
    if review.suspended_at:
        return no("review_suspended", _("该事项已挂起，期限暂停计算，不能催办。"))
    if access.owes(by, review):
        return no("urge_own", _("该事项由您本人办理，不必催办。"))
    return YES


def can_copy(by: Actor) -> Verdict:
    """Officers bring a claim to other officers' notice."""
    if by.role in OFFICIALS:
        return YES
    return no("copy_not_yours", _("抄送供村（社区）、乡镇、民生保障局、财政和审计岗位使用。"))
