"""The leader's approval: the sum is what its live lines are worth, a fund is named and reserved on, or a title given."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from funds.ledger import make_payable, reserve
from policy.assess import assess
from workflows.claims import Claim, ClaimLine
from workflows.facts import claim_facts
from workflows.flows import flow_of
from workflows.locking import Case
from workflows.payees import shares_of
from workflows.reviews import AssessmentRecord
from workflows.states import Kind, LineStatus


def approve(case: Case, *, fund_id: int | None, by: Actor) -> Claim:
    """Approve under the claim's lock; refuses `fund_missing`, `fund_short`, `no_live_lines`, `tier_lost`.

    The named fund's money is reserved and owed in the same transaction (预算法 Art. 13).
    """
    claim = case.claim
    if claim.kind == Kind.AMBASSADOR:
        return _award(claim, fund_id, by)
    live = [line for line in case.lines if line.status == LineStatus.LIVE]
    total = sum(line.amount_fen for line in live)
    if not total:
        raise Refusal("no_live_lines", _("没有可支持的人员，请作不予支持处理并说明理由。"))
    _freeze(claim, {str(line.pk) for line in live}, total)
    _name_fund(claim, fund_id, live, by)
    flow_of(claim).approve()
    claim.approved_at = clock.now()
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
    if not recount(claim):
        raise Refusal("tier_lost", _("统计人数已不足铜牌标准（10人），请作不予支持处理或退回上一环节。"))
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
