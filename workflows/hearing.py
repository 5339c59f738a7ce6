"""The hearing of an objection: investigated by a handler, decided by the section head, both under the claim's lock."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import BUREAU, Role
from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from policy.rules import DEDUCTION_REASONS
from workflows import access
from workflows.claims import Claim, ClaimLine
from workflows.clashes import locked_for_annulling, take_back
from workflows.hearings import Objection, ObjectionLine
from workflows.issuing import issue_objection_later
from workflows.locking import claim_locked
from workflows.objections import UNDER_WAY, sent_out, too_late
from workflows.states import Kind

HIDDEN = no("objection_not_visible", "您当前的岗位无权查看该异议，或异议不存在。如需查看，请切换到相应岗位。")
SEEING = BUREAU | {Role.AUDITOR}
UPHELD, DISMISSED = Objection.Outcome.UPHELD, Objection.Outcome.DISMISSED


def objections_for(by: Actor) -> QuerySet[Objection]:
    """The objections the post may see: the bureau's officers and the auditor; nobody the objector objects to."""
    if by.role not in SEEING:
        return Objection.objects.none()
    return Objection.objects.filter(claim__in=access.visible_to(by))


def can_investigate(by: Actor, objection: Objection) -> Verdict:
    """A handler with no interest in the claim, while it is not decided."""
    return _open_verdict(objection) and access.can_hear(by, objection.claim)


def can_end(by: Actor, objection: Objection) -> Verdict:
    """The section head, once it is investigated, and by another than who investigated or took it in."""
    verdict = _open_verdict(objection) and access.can_end_objection(by, objection.claim)
    if not verdict:
        return verdict
    if by.user_id in (objection.investigated_by_id, objection.recorded_by_id):
        return no("acted_before", _("您已办理过该异议的登记或核查，处理决定须由不同的人作出。"))
    if objection.investigated_at is None:
        return no("not_investigated", _("该异议尚未核查，请经办人先填写核查情况。"))
    return YES


def _open_verdict(objection: Objection) -> Verdict:
    if objection.is_open:
        return YES
    return no("objection_over", _("该异议已经结案（%(how)s），不能再办理。") % {"how": objection.get_outcome_display()})


def investigate(
    *,
    objection_id: UUID,
    by: Actor,
    findings: str,
    proposal: str,
    line_ids: Collection[UUID] | None = None,
) -> Objection:
    """Write down what was found and what is proposed; may be said again until it is decided.

    `line_ids` sets anew which lines the objection is about (none: the whole claim), None leaves them.
    Refuses `objection_over`, `objection_not_yours`, `findings_missing`, `proposal_missing`, `line_not_here`,
    `objection_too_late` (one of the lines has its money out: that is for recovery).
    """
    with transaction.atomic():
        objection = _locked(objection_id, by)
        _require(can_investigate(by, objection))
        if not findings.strip():
            raise Refusal("findings_missing", _("请写明核查的经过和结果。"))
        if proposal not in (UPHELD, DISMISSED):
            raise Refusal("proposal_missing", _("请选择核查意见：异议成立或不成立。"))
        if line_ids is not None and objection.claim.kind != Kind.AMBASSADOR:
            _rename(objection, line_ids)
        objection.findings, objection.proposal = findings.strip()[:1000], proposal
        objection.investigated_by, objection.investigated_post = by.user, by.post
        objection.investigated_at = clock.now()
        objection.save(
            update_fields=["findings", "proposal", "investigated_by", "investigated_post", "investigated_at"]
        )
        record(objection.claim.chain, "investigate", by=by, data={"objection": objection.number, "proposal": proposal})
    return objection


def _rename(objection: Objection, line_ids: Collection[UUID]) -> None:
    """Name these lines instead, none of them with its money out. Lines that were named and are left out go on again."""
    lines = list(ClaimLine.objects.filter(claim=objection.claim, status__in=UNDER_WAY, pk__in=line_ids))
    if len(lines) != len(set(line_ids)):
        raise Refusal("line_not_here", _("所选人员不在该申报的有效名单中，请刷新页面后重新选择。"))
    if sent_out(lines):
        raise too_late()
    ObjectionLine.objects.filter(objection=objection).delete()
    ObjectionLine.objects.bulk_create(ObjectionLine(objection=objection, line=line) for line in lines)


def send_back(*, objection_id: UUID, by: Actor, opinion: str) -> Objection:
    """The section head hands the investigation back to the handler, with what is missing. Its clock runs on."""
    with transaction.atomic():
        objection = _locked(objection_id, by)
        _require(can_end(by, objection))
        if not opinion.strip():
            raise Refusal("opinion_missing", _("请写明需要补充核查的内容。"))
        objection.investigated_by = objection.investigated_post = objection.investigated_at = None
        objection.save(update_fields=["investigated_by", "investigated_post", "investigated_at"])
        data = {"objection": objection.number, "opinion": opinion.strip()[:300]}
        record(objection.claim.chain, "objection_back", by=by, data=data)
    return objection


def decide_objection(*, objection_id: UUID, by: Actor, uphold: bool, opinion: str, reason_code: str = "") -> Objection:
    """End an objection. Upheld: the lines it names are annulled with the coded reason; dismissed: they go on.

    Refuses `objection_over`, `objection_not_yours`, `not_investigated`, `acted_before`, `opinion_missing`,
    `reason_missing`, `in_a_batch`.
    """
    if not opinion.strip():
        raise Refusal("opinion_missing", _("请写明处理理由后再提交。"))
    with transaction.atomic():
        objection = _locked(objection_id, by, annulling=uphold)
        _require(can_end(by, objection))
        claim = objection.claim
        if uphold and claim.kind != Kind.AMBASSADOR:
            _annul(objection, claim, by, reason_code, opinion)
        objection.outcome = UPHELD if uphold else DISMISSED
        objection.reason_code = reason_code if uphold else ""
        objection.opinion = opinion.strip()[:500]
        objection.decided_by, objection.decided_post, objection.decided_at = by.user, by.post, clock.now()
        objection.save(update_fields=["outcome", "reason_code", "opinion", "decided_by", "decided_post", "decided_at"])
        data = {"objection": objection.number, "outcome": str(objection.outcome)}
        record(claim.chain, "end_objection", by=by, data=data)
        issue_objection_later(objection.pk, by.label)
    return objection


def _annul(objection: Objection, claim: Claim, by: Actor, reason_code: str, opinion: str) -> None:
    if reason_code not in DEDUCTION_REASONS:
        raise Refusal("reason_missing", _("异议成立的，请选择作废原因。"))
    lines = list(_lines_of(objection))
    if ClaimLine.objects.filter(pk__in=[line.pk for line in lines], payment_items__live=True).exists():
        raise WrongState(
            "in_a_batch", _("所涉人员已列入拨付批次，请先由财政将其移出批次，再作出处理；已支付的按追回程序办理。")
        )
    for line in lines:
        take_back(claim, line, by=by, reason_code=reason_code, note=opinion)


def _lines_of(objection: Objection) -> QuerySet[ClaimLine]:
    """The lines under way that the objection suspends."""
    under_way = ClaimLine.objects.filter(claim=objection.claim_id, status__in=UNDER_WAY)
    named = ObjectionLine.objects.filter(objection=objection)
    return under_way.filter(pk__in=named.values("line")) if named.exists() else under_way


def _locked(objection_id: UUID, by: Actor, *, annulling: bool = False) -> Objection:
    """The objection under its claim's lock, with the claims an annulment reaches when there is to be one."""
    found = objections_for(by).filter(pk=objection_id).first()
    if found is None:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    if annulling and _lines_of(found).exists():
        claim = locked_for_annulling(_lines_of(found))
    else:
        claim = claim_locked(found.claim_id)
    objection = Objection.objects.select_related("entry__notice").get(pk=objection_id)
    objection.claim = claim
    return objection


def _require(verdict: Verdict) -> None:
    if verdict.code in {"objection_over", "not_investigated"}:
        raise WrongState(verdict.code, verdict.reason)
    verdict.require()
