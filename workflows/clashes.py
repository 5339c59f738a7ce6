"""When two claims name one worker: the bureau decides who keeps him. And the annulment of an approved line."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from funds.ledger import release
from policy.rules import DEDUCTION_REASONS
from workflows import access
from workflows.approving import recount
from workflows.claims import Claim, ClaimLine
from workflows.issuing import issue_deduction_later
from workflows.locking import claim_locked
from workflows.payees import shares_of
from workflows.reviews import Decision
from workflows.slots import rivals_of, settle_alone
from workflows.states import ClaimState, Kind, LineStatus, Verb


def held_lines(by: Actor) -> QuerySet[ClaimLine]:
    """Lines that wait for the bureau to decide a clash, in claims the actor sees; oldest first."""
    return (
        ClaimLine.objects.filter(status=LineStatus.HELD, claim__in=access.visible_to(by))
        .select_related("claim__claimant_org", "claim__claimant_user", "worker")
        .order_by("claim__filed_on", "claim_id", "seq")
    )


def resolve_clash(*, line_id: UUID, by: Actor, opinion: str) -> ClaimLine:
    """This line keeps the worker; every rival line is deducted as a duplicate, with a decision on both claims.

    A held line whose rivals are gone (withdrawn, refused, deducted) becomes live the same way.
    Refuses `clash_over`, `clash_approved` (a rival is approved already and must be annulled first), `opinion_missing`.
    """
    if not opinion.strip():
        raise Refusal("opinion_missing", _("请写明裁定理由后再提交。"))
    with transaction.atomic():
        line = ClaimLine.objects.select_related("claim").filter(pk=line_id).first()
        if line is None:
            raise Refusal("line_unknown", _("找不到该人员，请刷新页面。"))
        ids = sorted({line.claim_id, *(rival.claim_id for rival in rivals_of(line))})
        claims = {pk: claim_locked(pk) for pk in ids}  # always in the same order, so two officers cannot deadlock
        settle_alone()
        line.refresh_from_db()
        rivals = rivals_of(line)
        if line.status != LineStatus.HELD and not (line.status == LineStatus.LIVE and rivals):
            raise WrongState("clash_over", _("该人员的重复申报已经处理，请刷新页面。"))
        for rival in rivals:
            if rival.claim_id not in claims:
                raise WrongState("clash_moved", _("该人员刚刚又被申报，请刷新页面后重试。"))
        for claim in claims.values():
            access.can_resolve_clash(by, claim).require()
            if claim.state == ClaimState.PAYABLE and claim.pk != line.claim_id:
                raise WrongState("clash_approved", _("%(claim)s 已获批准，不能裁定由他人保留。") % {"claim": claim})
        for rival in rivals:
            _deduct(rival, claims[rival.claim_id], by, opinion)
        line.status = LineStatus.LIVE
        line.save(update_fields=["status"])
        kept = claims[line.claim_id]
        _decide(kept, line, by, Verb.KEEP, "", opinion)
        record(kept.chain, Verb.KEEP, by=by, data={"line": str(line.pk), "over": [str(r.pk) for r in rivals]})
    return line


def _deduct(line: ClaimLine, claim: Claim, by: Actor, opinion: str) -> None:
    line.status, line.reason_code, line.reason_note = LineStatus.DEDUCTED, "duplicate_claim", opinion[:300]
    line.save(update_fields=["status", "reason_code", "reason_note"])
    _decide(claim, line, by, Verb.DEDUCT, "duplicate_claim", opinion)
    record(claim.chain, Verb.DEDUCT, by=by, data={"line": str(line.pk), "reason": "duplicate_claim"})


def _decide(claim: Claim, line: ClaimLine, by: Actor, verb: Verb, reason: str, opinion: str) -> None:
    Decision.objects.create(
        claim=claim,
        line=line,
        verb=verb,
        reason_code=reason,
        opinion=opinion.strip()[:500],
        by=by.user,
        post=by.post,
        at=clock.now(),
    )


def annullable(lines: Iterable[ClaimLine]) -> dict[UUID, Verdict]:
    """For each line of an approved claim whether it may still be annulled; one query. Who may is `access.can_annul`."""
    lines = list(lines)
    paid = ClaimLine.objects.filter(pk__in=[line.pk for line in lines], payment_items__live=True)
    batched = set(paid.order_by().values_list("pk", flat=True))
    gone = no("not_live", _("该人员已不在有效名单中。"))
    late = no("in_a_batch", _("该人员已列入拨付批次，不能作废；如已支付，须按追回程序办理。"))
    return {line.pk: gone if line.status != LineStatus.LIVE else late if line.pk in batched else YES for line in lines}


def annul_line(*, line_id: UUID, by: Actor, reason_code: str, note: str) -> ClaimLine:
    """Take an approved, unpaid line back: its money is released, and every tier that counted it is counted again.

    Refuses `annul_not_yours`, `not_approved_yet`, `in_a_batch`, `reason_missing`, `note_missing`.
    """
    if reason_code not in DEDUCTION_REASONS:
        raise Refusal("reason_missing", _("请选择作废原因。"))
    if not note.strip():
        raise Refusal("note_missing", _("请写明作废的事实和依据。"))
    with transaction.atomic():
        claim_id = ClaimLine.objects.filter(pk=line_id).values_list("claim_id", flat=True).first()
        claim = claim_locked(claim_id or 0)
        access.can_annul(by, claim).require()
        line = ClaimLine.objects.get(pk=line_id)
        if not (verdict := annullable([line])[line.pk]):
            raise WrongState(verdict.code, verdict.reason)
        line.status, line.reason_code, line.reason_note = LineStatus.ANNULLED, reason_code, note.strip()[:300]
        line.save(update_fields=["status", "reason_code", "reason_note"])
        if claim.fund_id and (shares := shares_of(claim, [line])):
            release(fund_id=claim.fund_id, shares=shares, by=by, reason=str(DEDUCTION_REASONS[reason_code]))
        _decide(claim, line, by, Verb.ANNUL, reason_code, note)
        record(claim.chain, Verb.ANNUL, by=by, data={"line": str(line.pk), "reason": reason_code})
        _recount_tiers(line, by)
        issue_deduction_later(claim.pk, by.label)
    return line


def _recount_tiers(line: ClaimLine, by: Actor) -> None:
    """Count every ambassador's tier that rested on this line again, and show the change (C16)."""
    over = {"state__in": [ClaimState.DRAFT, ClaimState.REFUSED, ClaimState.WITHDRAWN]}
    ids = Claim.objects.filter(kind=Kind.AMBASSADOR, counted__line=line).exclude(**over).order_by("pk")
    for pk in list(ids.values_list("pk", flat=True)):
        claim = claim_locked(pk)
        before = claim.tier
        after = recount(claim)
        claim.save(update_fields=["tier"])
        record(claim.chain, "recount", by=by, data={"line": str(line.pk), "before": before, "after": after})
        issue_deduction_later(claim.pk, by.label)
