"""The 审批表 before it is decided: what an officer of the bureau is about to sign, as a draft that proves nothing."""

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import BUREAU
from core.errors import NotAllowed
from core.verdict import YES, Verdict, no
from documents.models import Paper
from documents.papers.approval import ApprovalContent
from workflows import access, papers
from workflows.claims import Claim
from workflows.files import naming, sees_everybody
from workflows.states import ClaimState

BEFORE_DECISION = (ClaimState.BUREAU, ClaimState.SECTION, ClaimState.PUBLICITY, ClaimState.LEADER)


def can_preview(by: Actor, claim: Claim) -> Verdict:
    """May he see the form as it would be issued: the bureau, from its own review to the decision, by the form's rule.

    `claim` is one the actor sees. Afterwards there is the form itself.
    """
    if by.role not in BUREAU:
        return no("preview_not_yours", _("审批表草稿仅供民生保障局审核岗位在签批前查看。"))
    if claim.state not in BEFORE_DECISION:
        return no("preview_not_now", _("审批表草稿仅在本局审核至审批期间提供；已审批的，请打开正式审批表。"))
    if Paper.Kind.APPROVAL in naming(claim) and not sees_everybody(by, claim):
        return no("preview_not_yours", _("审批表列有您无权查看的人员，不能打开。"))
    return YES


def approval_preview(*, claim_id: int, by: Actor) -> ApprovalContent:
    """What the form would print if the claim were decided as it stands; refuses who may not see it, and when."""
    claim = access.visible_to(by).filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    can_preview(by, claim).require()
    return papers.approval(claim)
