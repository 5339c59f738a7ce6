"""When two claims name one worker: the bureau decides who keeps him. And the annulment of an approved line."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
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


def clashing_lines(by: Actor) -> QuerySet[ClaimLine]:
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
        claim = locked_for_annulling(ClaimLine.objects.filter(pk=line_id))
        access.can_annul(by, claim).require()
        line = ClaimLine.objects.get(pk=line_id)
        if not (verdict := annullable([line])[line.pk]):
            raise WrongState(verdict.code, verdict.reason)
        take_back(claim, line, by=by, reason_code=reason_code, note=note)
    return line


def take_back(claim: Claim, line: ClaimLine, *, by: Actor, reason_code: str, note: str) -> None:
    """Annul a line of a claim that is locked: what was reserved for it is released, tiers that counted it are counted
    again, and who waits for its worker is told. A line that was never approved releases nothing."""
    reserved = claim.state == ClaimState.PAYABLE and line.status == LineStatus.LIVE
    line.status, line.reason_code, line.reason_note = LineStatus.ANNULLED, reason_code, note.strip()[:300]
    line.save(update_fields=["status", "reason_code", "reason_note"])
    if reserved and claim.fund_id and (shares := shares_of(claim, [line])):
        release(fund_id=claim.fund_id, shares=shares, by=by, reason=str(DEDUCTION_REASONS[reason_code]))
    _decide(claim, line, by, Verb.ANNUL, reason_code, note)
    record(claim.chain, Verb.ANNUL, by=by, data={"line": str(line.pk), "reason": reason_code})
    recount_tiers([line.pk], by)
    _tell_waiting(line, by)
    issue_deduction_later(claim.pk, by.label)


def _tell_waiting(line: ClaimLine, by: Actor) -> None:
    """Lines held for the same worker may be kept now: it stands on their claims' road for claimant and bureau (A13)."""
    if not line.person_index:
        return
    why = _("与本行重复的另一申报人员已作废，可由劳动保障科裁定保留本行。")
    for rival in rivals_of(line):
        if rival.status == LineStatus.HELD:
            claim = claim_locked(rival.claim_id)
            Decision.objects.create(claim=claim, line=rival, verb=Verb.FREED, opinion=why, at=clock.now())
            record(claim.chain, Verb.FREED, by=by, data={"line": str(rival.pk)})


def locked_for_annulling(found: QuerySet[ClaimLine]) -> Claim:
    """The claim of some lines under its lock, with every other claim that annulling them reaches: their rivals' and the
    titles that counted them. Always in the same order, so that two officers cannot deadlock. Refuses `claim_unknown`."""
    lines = list(found.order_by("claim_id"))
    own = lines[0].claim_id if lines else 0
    claims = {pk: claim_locked(pk) for pk in sorted({own, *_touched_by(lines)})}
    return claims[own]


def _touched_by(lines: list[ClaimLine]) -> set[int]:
    pairs = Q(pk__in=())
    for line in lines:
        if line.person_index:
            pairs |= Q(person_index=line.person_index, slot=line.slot)
    rivals = ClaimLine.objects.filter(pairs, status=LineStatus.HELD).exclude(pk__in=[line.pk for line in lines])
    return {*rivals.values_list("claim", flat=True), *titles_counting([line.pk for line in lines])}


def titles_counting(line_ids: Collection[UUID]) -> list[int]:
    """The ambassadors' claims that count one of these lines and still stand, in order; to be locked with the lines' own."""
    over = [ClaimState.DRAFT, ClaimState.REFUSED, ClaimState.WITHDRAWN]
    titles = Claim.objects.filter(kind=Kind.AMBASSADOR, counted__line__in=line_ids).exclude(state__in=over)
    return list(titles.order_by("pk").values_list("pk", flat=True).distinct())


def recount_tiers(line_ids: Collection[UUID], by: Actor) -> None:
    """Count every ambassador's tier that rested on these lines again, and show the change (C16)."""
    for pk in titles_counting(line_ids):
        claim = claim_locked(pk)
        before = claim.tier
        after = recount(claim)
        claim.save(update_fields=["tier"])
        data = {"lines": [str(line_id) for line_id in line_ids], "before": before, "after": after}
        record(claim.chain, "recount", by=by, data=data)
        issue_deduction_later(claim.pk, by.label)
