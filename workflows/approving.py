"""The leader's approval: the sum is what its live lines are worth, a fund is named and reserved on, or a title given."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from funds.ledger import make_payable, reserve
from policy.assess import assess
from workflows import access
from workflows.blocked import require_unblocked
from workflows.claims import Claim, ClaimLine
from workflows.facts import claim_facts
from workflows.flows import flow_of
from workflows.hearings import Objection
from workflows.holds import held_lines, objected, unfinished_periods, whole_sentence
from workflows.issuing import issue_deduction_later
from workflows.locking import Case, claim_locked
from workflows.payees import shares_of
from workflows.reverifying import require_undoubted
from workflows.reviews import AssessmentRecord, Decision
from workflows.states import Kind, LineStatus, Verb


def approve(case: Case, *, fund_id: int | None, by: Actor, set_aside: Collection[str] = ()) -> Claim:
    """Approve under the claim's lock; refuses `fund_missing`, `fund_short`, `no_live_lines`, `tier_lost`,
    `publicity_held`, `objection_open`, `objection_upheld`.

    `set_aside` names the open objections (by number) that the leader has seen: the lines they name are left out and
    wait for `approve_suspended`; an objection he has not seen refuses the approval.
    The named fund's money is reserved and owed in the same transaction (预算法 Art. 13).
    """
    claim = case.claim
    _require_heard(case, set_aside)
    if claim.kind == Kind.AMBASSADOR:
        return _award(claim, fund_id, by)
    require_unblocked(case, {})
    require_undoubted(case, {})
    live = [line for line in case.lines if line.status == LineStatus.LIVE]
    total = sum(line.amount_fen for line in live)
    if not total:
        raise Refusal("no_live_lines", _("没有可支持的人员，请作不予支持处理并说明理由。"))
    _freeze(claim, {str(line.pk) for line in live}, total)
    _name_fund(claim, fund_id, live, by)
    flow_of(claim).approve()
    claim.approved_at = clock.now()
    return claim


def _require_heard(case: Case, set_aside: Collection[str]) -> None:
    """Publicity is over, and every open objection is one the leader knows of; its lines are suspended (C18)."""
    claim = case.claim
    if why := unfinished_periods([claim.pk]).get(claim.pk):
        raise WrongState("publicity_held", why)
    named = objected(claim.pk)
    if whole := named.get(None):
        raise WrongState("publicity_held", whole_sentence(whole[0].number))
    unseen = sorted({objection.number for several in named.values() for objection in several} - set(set_aside))
    if unseen:
        raise WrongState(
            "objection_open",
            _("该申报有异议正在核查（%(which)s）。请刷新页面，确认暂缓批准所涉人员后，再批准其余人员。")
            % {"which": "、".join(unseen)},
        )
    left_out = [line for line in case.lines if line.status == LineStatus.LIVE and line.pk in named]
    for line in left_out:
        line.status = LineStatus.SUSPENDED
    if left_out:
        ClaimLine.objects.filter(pk__in=[line.pk for line in left_out]).update(status=LineStatus.SUSPENDED)


def approve_suspended(*, claim_id: int, by: Actor) -> Claim:
    """The leader approves the suspended lines of an approved claim on which every objection has ended, from its fund.

    Refuses `approval_not_yours`, `nothing_suspended`, `fund_short`, and who acted in another duty on the claim.
    """
    with transaction.atomic():
        claim = claim_locked(claim_id)
        access.can_approve_suspended(by, claim).require()
        waiting = ClaimLine.objects.filter(claim=claim, status=LineStatus.SUSPENDED).order_by("seq")
        free = list(waiting.exclude(pk__in=held_lines([claim.pk])))
        if not free:
            raise WrongState("nothing_suspended", _("没有异议已结案、等待补充批准的人员，请刷新页面。"))
        ClaimLine.objects.filter(pk__in=[line.pk for line in free]).update(status=LineStatus.LIVE)
        live = list(ClaimLine.objects.filter(claim=claim, status=LineStatus.LIVE).only("amount_fen"))
        _freeze(claim, {str(line.pk) for line in live}, sum(line.amount_fen for line in live))
        _name_fund(claim, claim.fund_id, free, by)
        said = {"claim": claim, "verb": Verb.APPROVE, "by": by.user, "post": by.post, "at": clock.now()}
        why = _("异议核查结案，补充批准")
        Decision.objects.bulk_create(Decision(line=line, opinion=why, **said) for line in free)
        record(claim.chain, "approve_suspended", by=by, data={"lines": [str(line.pk) for line in free]})
        issue_deduction_later(claim.pk, by.label)
    return claim


def _name_fund(claim: Claim, fund_id: int | None, lines: Sequence[ClaimLine], by: Actor) -> None:
    if fund_id is None:
        raise Refusal("fund_missing", _("请选择资金来源及指标文号后再批准（预算法第十三条）。"))
    shares = shares_of(claim, lines)
    reserve(fund_id=fund_id, shares=shares, by=by)
    make_payable(fund_id=fund_id, shares=shares, by=by)
    claim.fund_id = fund_id


def _freeze(claim: Claim, live: set[str], total: int) -> None:
    """Keep the assessment that the approval rests on: the last one, with the lines that are still live."""
    last = AssessmentRecord.objects.filter(claim=claim).order_by("-id").first()
    result = dict(last.result) if last else {}
    result["lines"] = [line for line in result.get("lines", []) if line["ref"] in live]
    result |= {"headcount": len(live), "total_fen": total}
    AssessmentRecord.objects.create(claim=claim, stage="approved", result=result, total_fen=total, at=clock.now())


def recount(claim: Claim) -> str:
    """The ambassador's tier as his counted lines stand now; written on the claim, unsaved. Empty below bronze."""
    scheme = claim.scheme
    result = assess(claim_facts(claim, [], claim.filed_on or clock.today()), scheme.parsed(), scheme.label)  # type: ignore[union-attr]
    claim.tier = result.tier or ""
    AssessmentRecord.objects.create(
        claim=claim, stage="counted", result=result.as_json(), total_fen=result.total_fen, at=clock.now()
    )
    return claim.tier


def _award(claim: Claim, fund_id: int | None, by: Actor) -> Claim:
    if claim.objections.filter(outcome=Objection.Outcome.UPHELD).exists():
        raise Refusal("objection_upheld", _("对该申报的异议已经成立，请作不予支持处理。"))
    if not recount(claim):
        raise Refusal("tier_lost", _("统计人数已不足铜牌标准（10人），请作不予支持处理或退回前面的环节。"))
    bonus = 100 * getattr(claim.scheme.parsed().ambassador.tier_bonus_yuan, claim.tier)  # type: ignore[union-attr]
    if bonus:
        line = ClaimLine.objects.create(
            claim=claim,
            seq=1,
            status=LineStatus.LIVE,
            outcome="pay",
            amount_fen=bonus,
            slot=f"bonus:{claim.count_year}",
            verify_area=claim.employer.area if claim.employer else None,
            details={"bonus": claim.tier},
        )
        _name_fund(claim, fund_id, [line], by)
    flow_of(claim).approve(bonus)
    claim.approved_at = clock.now()
    return claim
