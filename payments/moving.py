"""Another fund for what is approved and not yet paid: a posting with a reason, at batching (调整资金来源)."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from funds.ledger import move_to_fund
from funds.models import FundSource
from payments import access
from payments.locking import claims_locked, plain_words
from payments.models import WAITING, PaymentItem
from workflows.claims import Claim, ClaimLine
from workflows.payees import shares_of
from workflows.states import ClaimState, LineStatus


def can_move(by: Actor) -> Verdict:
    """Finance makers move; whom the claims concern is asked by the command."""
    if by.role == Role.FINANCE_MAKER:
        return YES
    return no("move_not_yours", _("资金来源由财政经办调整。"))


def move_claims(*, claim_ids: Collection[int], to_fund_id: int, reason: str, by: Actor) -> list[Claim]:
    """Pay all that is still payable of these claims from another fund; all or nothing, in one posting a fund left.

    Whole claims, because a claim names one fund (the leader's, 预算法 Art. 13) and a batch is of one; the ledger moves each
    of their lines.

    Lines paid already stay with the fund that paid them. Refuses `move_not_yours`, `nothing_selected`,
    `reason_missing`, `line_unknown`, `fund_unknown`, `allocation_missing`, `same_fund`, `line_not_payable`,
    `line_in_batch` (some wait in a batch), and `fund_short` from the ledger.
    """
    can_move(by).require()
    words = plain_words(reason, code="reason_missing", needed=_("请写明调整资金来源的原因。"))
    if not claim_ids:
        raise Refusal("nothing_selected", _("请先选择要调整资金来源的申报。"))
    with transaction.atomic():
        claims = claims_locked(set(claim_ids))
        if set(claim_ids) - claims.keys():
            raise Refusal("line_unknown", _("所选的申报有的已不存在，请刷新页面后重新选择。"))
        access.unconcerned(by, Claim.objects.filter(pk__in=claims)).require()
        fund = _fund(to_fund_id)
        lines = _lines(claims)
        by_fund: dict[int, list[Claim]] = defaultdict(list)
        for claim in claims.values():
            _require_movable(claim, fund, lines[claim.pk])
            by_fund[claim.fund_id or 0].append(claim)
        for from_fund, mine in sorted(by_fund.items()):
            shares = [share for claim in mine for share in shares_of(claim, lines[claim.pk])]
            move_to_fund(from_fund_id=from_fund, to_fund_id=fund.pk, shares=shares, by=by, reason=words)
        for claim in claims.values():
            _note(claim, fund, lines[claim.pk], words, by)
    return list(claims.values())


def _fund(fund_id: int) -> FundSource:
    fund = FundSource.objects.filter(pk=fund_id).first()
    if fund is None:
        raise Refusal("fund_unknown", _("找不到该资金来源，请刷新页面后重新选择。"))
    if not fund.allocation_no.strip():
        raise Refusal("allocation_missing", _("资金来源没有指标文号，不能拨付（预算法第十三条）。"))
    return fund


def _lines(claims: Collection[int]) -> dict[int, list[ClaimLine]]:
    """What can be paid and stands in no live item, by claim; refuses when some of it waits in a batch."""
    waiting = PaymentItem.objects.filter(claim__in=claims, live=True, outcome__in=WAITING)
    if taken := waiting.select_related("batch", "claim").order_by("pk").first():
        raise WrongState(
            "line_in_batch",
            _("%(claim)s 有人员已列入批次%(batch)s，支付结果登记前不能调整资金来源。")
            % {"claim": taken.claim, "batch": taken.batch},
        )
    paid = PaymentItem.objects.filter(claim__in=claims, live=True).values("line")
    found = ClaimLine.objects.filter(claim__in=claims, status=LineStatus.LIVE, amount_fen__gt=0, offset=None).exclude(
        pk__in=paid
    )
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in found.order_by("claim_id", "seq").defer("details", "phone"):
        lines[line.claim_id].append(line)
    return lines


def _require_movable(claim: Claim, fund: FundSource, lines: Sequence[ClaimLine]) -> None:
    if claim.state != ClaimState.PAYABLE or not lines:
        raise WrongState(
            "line_not_payable",
            _("%(claim)s 没有可拨付的人员（%(state)s），请刷新页面后重新选择。")
            % {"claim": claim, "state": claim.get_state_display()},
        )
    if claim.fund_id == fund.pk:
        raise Refusal("same_fund", _("%(claim)s 的资金来源已是%(fund)s，无需调整。") % {"claim": claim, "fund": fund})


def _note(claim: Claim, fund: FundSource, lines: Sequence[ClaimLine], words: str, by: Actor) -> None:
    data = {"from": claim.fund_id, "to": fund.pk, "lines": len(lines), "reason": words}
    claim.fund = fund
    claim.save(update_fields=["fund"])
    record(claim.chain, "move_fund", by=by, data=data | {"amount_fen": sum(line.amount_fen for line in lines)})
