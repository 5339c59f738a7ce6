"""Exceptions to blocking rules (C04 and what else a rule allows): pleaded with the filing, decided by the named officer.

A line that only such rules block may be filed when its claimant says why an exception should be made. It is worth
nothing until the officer grants it, and goes no further than the bureau's review until it is granted or deducted.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import BUREAU, Role
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import Verdict, no
from policy.assessment import Assessment, Finding, LineResult, Severity
from policy.rules import RULES
from workflows import access
from workflows.claims import Claim, ClaimLine
from workflows.locking import claim_locked
from workflows.rejudging import judge_again
from workflows.states import UNDER_REVIEW, Step
from workflows.waivers import Waiver

WAIVED_BY = {rule.code: rule.waived_by for rule in RULES if rule.waived_by}
LONGEST = 300
SEEING = BUREAU | {Role.AUDITOR}


def blocking(result: LineResult) -> list[Finding]:
    """What blocks a line."""
    return [finding for finding in result.findings if finding.severity == Severity.BLOCK]


def may_be_pleaded(result: LineResult) -> bool:
    """Whether everything that blocks the line allows an exception."""
    found = blocking(result)
    return bool(found) and all(finding.code in WAIVED_BY for finding in found)


def plead(claim: Claim, lines: Sequence[ClaimLine], assessment: Assessment, plea: str) -> None:
    """Ask for an exception for each rule that blocks a line; unasked before. In the filing's transaction."""
    known = set(Waiver.objects.filter(claim=claim).values_list("line", "code")) if claim.waivers.exists() else set()
    by_ref = {str(line.pk): line for line in lines}
    Waiver.objects.bulk_create(
        Waiver(
            claim=claim,
            line=by_ref[result.ref],
            rule=finding.rule,
            code=finding.code,
            message=finding.message[:LONGEST],
            role=WAIVED_BY[finding.code],
            plea=plea.strip()[:LONGEST],
            asked_at=clock.now(),
        )
        for result in assessment.lines
        if may_be_pleaded(result)
        for finding in blocking(result)
        if (by_ref[result.ref].pk, finding.code) not in known
    )


def can_decide(by: Actor, waiver: Waiver) -> Verdict:
    """Whether the actor may grant or deny it: the role the rule names, without an interest of his own (C15)."""
    if by.role != waiver.role:
        return no("waiver_not_yours", _("例外由%(role)s决定。") % {"role": Role(waiver.role).label})
    return access.unconflicted(by, waiver.claim, Step.LEADER_APPROVAL)


def decide_waiver(*, waiver_id: int, by: Actor, grant: bool, reason: str) -> Waiver:
    """Grant or deny an exception, with a reason; the line is judged again at once.

    Refuses `waiver_unknown`, `waiver_decided` (by whom, when), `waiver_not_yours`, `own_claim`, `reason_missing`,
    `waiver_too_late`.
    """
    with transaction.atomic():
        claim_id = Waiver.objects.filter(pk=waiver_id).values_list("claim", flat=True).first()
        if claim_id is None:
            raise Refusal("waiver_unknown", _("找不到该例外申请，请刷新页面。"))
        claim = claim_locked(claim_id)
        waiver = Waiver.objects.select_related("line", "decided_by").get(pk=waiver_id)
        waiver.claim = claim
        if waiver.outcome:
            raise WrongState(
                "waiver_decided",
                _("该例外已由%(who)s决定（%(how)s），不能更改。")
                % {"who": waiver.decided_by, "how": waiver.get_outcome_display()},
            )
        can_decide(by, waiver).require()
        if claim.state not in UNDER_REVIEW:
            raise WrongState("waiver_too_late", _("该申报不在审核中，不能再决定例外。"))
        if not reason.strip():
            raise Refusal("reason_missing", _("请写明批准或不予例外的理由。"))
        waiver.outcome = Waiver.Outcome.GRANTED if grant else Waiver.Outcome.DENIED
        waiver.reason = reason.strip()[:LONGEST]
        waiver.decided_by, waiver.decided_post, waiver.decided_at = by.user, by.post, clock.now()
        waiver.save(update_fields=["outcome", "reason", "decided_by", "decided_post", "decided_at"])
        data = {"waiver": waiver.pk, "line": str(waiver.line_id), "rule": waiver.code, "outcome": waiver.outcome}
        record(claim.chain, "waive", by=by, data=data)
        if grant:
            judge_again(claim, by=by, why="waiver")
    return waiver


def waivers_for(by: Actor, *, only: str = "") -> QuerySet[Waiver]:
    """Exceptions the actor may read, the open ones first, then the latest; `only` = ``open`` or ``decided``."""
    found = Waiver.objects.filter(claim__in=access.visible_to(by)) if by.role in SEEING else Waiver.objects.none()
    if only == "open":
        found = found.filter(outcome="", claim__state__in=UNDER_REVIEW)
    elif only == "decided":
        found = found.exclude(outcome="")
    related = ("claim__claimant_org", "claim__claimant_user", "line__worker", "decided_by", "decided_post__area")
    return found.select_related(*related).order_by("outcome", "-pk")


def waivers_on(line_ids: Sequence[UUID], codes: Iterable[str]) -> dict[UUID, list[Waiver]]:
    """The exceptions of these lines; one query, and none when no rule that fired (`codes`) allows any."""
    found: dict[UUID, list[Waiver]] = {}
    if WAIVED_BY.keys().isdisjoint(codes):
        return found
    for waiver in Waiver.objects.filter(line__in=line_ids).select_related("decided_by", "decided_post__area"):
        found.setdefault(waiver.line_id, []).append(waiver)
    return found
