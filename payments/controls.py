"""What must hold before a line is paid: controls C17, C18 and, for the account, C08 of the brief. Each names its item."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Sum
from django.utils.translation import gettext as _

from core.errors import Refusal, WrongState
from core.money import yuan
from payments.models import Batch, PaymentItem
from registry.models import BankAccount
from workflows.claims import Claim, ClaimLine
from workflows.holds import held_lines, hold_of
from workflows.reviews import AssessmentRecord
from workflows.states import ClaimState, LineStatus


def channel_of(account: BankAccount) -> str:
    """对公 for an organisation's account, 对私 for a person's."""
    return Batch.Channel.PUBLIC if account.organisation_id else Batch.Channel.PRIVATE


def require_line(line: ClaimLine, claim: Claim) -> None:
    """A line is payable: live, worth something, of an approved claim. Refuses `line_not_payable`."""
    if claim.state != ClaimState.PAYABLE or line.status != LineStatus.LIVE or line.amount_fen <= 0:
        raise WrongState(
            "line_not_payable",
            _("%(claim)s %(line)s当前不能拨付（%(state)s，%(status)s），请刷新后重新选择。")
            % {
                "claim": claim,
                "line": line,
                "state": claim.get_state_display(),
                "status": line.get_status_display(),
            },
        )


def require_claim(claim: Claim, batch: Batch) -> BankAccount:
    """The claim's money comes from the batch's fund, and its account is its claimant's own; returns the account.

    Refuses `fund_differs`, `account_missing`, `holder_differs` (C08), `channel_differs`.
    """
    if claim.fund_id != batch.fund_id:
        raise Refusal(
            "fund_differs",
            _("%(claim)s 批准的资金来源是%(its)s，与本批次的%(ours)s不同，不能列入本批次。")
            % {"claim": claim, "its": claim.fund, "ours": batch.fund},
        )
    account = claim.account
    if account is None:
        raise Refusal("account_missing", _("%(claim)s 没有收款账户，请联系申报人补充后再拨付。") % {"claim": claim})
    own = (account.organisation_id, account.user_id) == (claim.claimant_org_id, claim.claimant_user_id)
    if not own or account.holder.strip() != claim.claimant_name:
        raise Refusal(
            "holder_differs",
            _("%(claim)s 的收款户名“%(holder)s”与申报主体“%(owner)s”不一致，不能拨付，请先更正收款账户。")
            % {"claim": claim, "holder": account.holder, "owner": claim.claimant_name},
        )
    if channel_of(account) != batch.channel:
        raise Refusal(
            "channel_differs",
            _("%(claim)s 的收款账户不是%(channel)s账户，对公、对私须分批拨付。")
            % {"claim": claim, "channel": batch.get_channel_display()},
        )
    return account


def require_free(claims: Collection[Claim], lines: Collection[ClaimLine]) -> None:
    """Publicity ran its whole time, boards hung, no open objection (C18). Refuses `claim_held`, `line_objected`.

    An objection suspends the lines it names; the others of the claim go on. A fixed few queries.
    """
    held = hold_of([claim.pk for claim in claims])
    for claim in claims:
        if why := held.get(claim.pk):
            raise Refusal("claim_held", f"{claim} {why}")
    objected = held_lines([claim.pk for claim in claims])
    names = {claim.pk: claim for claim in claims}
    for line in lines:
        if line.pk in objected:
            raise Refusal(
                "line_objected",
                _("%(claim)s %(line)s有异议正在核查，结案前不能拨付，请退回重新编制。")
                % {"claim": names[line.claim_id], "line": line},
            )


def require_approved_amounts(claims: Collection[Claim]) -> None:
    """No claim's live lines are worth more than what was approved (C17). Refuses `amount_differs`; two queries.

    An ambassador's bonus is approved with its counting.
    """
    ids = [claim.pk for claim in claims]
    records = AssessmentRecord.objects.filter(claim__in=ids, stage__in=["approved", "counted"]).order_by("pk")
    approved = dict(records.values_list("claim", "total_fen"))
    lines = ClaimLine.objects.filter(claim__in=ids, status=LineStatus.LIVE).order_by()
    worth = dict(lines.values_list("claim").annotate(Sum("amount_fen")))
    for claim in claims:
        if worth.get(claim.pk, 0) > approved.get(claim.pk, 0):
            raise Refusal(
                "amount_differs",
                _("%(claim)s 各人金额合计%(worth)s元，超过批准金额%(approved)s元，不能拨付，请联系劳动保障科核查。")
                % {
                    "claim": claim,
                    "worth": yuan(worth.get(claim.pk, 0)),
                    "approved": yuan(approved.get(claim.pk, 0)),
                },
            )


def require_budget(batch: Batch) -> None:
    """All live items of the fund lie within what approvals reserved on it, and it has its 指标文号 (C17, 预算法 Art. 13)."""
    if not batch.fund.allocation_no.strip():
        raise Refusal("allocation_missing", _("资金来源没有指标文号，不能拨付（预算法第十三条）。"))
    items = PaymentItem.objects.filter(batch__fund=batch.fund_id, live=True)
    total = items.aggregate(total=Sum("amount_fen"))["total"] or 0
    batch.fund.refresh_from_db(fields=["reserved_fen"])
    if total > batch.fund.reserved_fen:
        raise Refusal(
            "budget_exceeded",
            _("%(fund)s 已批准占用%(reserved)s元，列入批次的金额合计%(total)s元，超出部分不能拨付。")
            % {"fund": batch.fund, "reserved": yuan(batch.fund.reserved_fen), "total": yuan(total)},
        )


def require_sound(batch: Batch, items: Sequence[PaymentItem]) -> None:
    """Every control again on a batch that is being checked or released; refuses with the item that fails."""
    if not items:
        raise Refusal("batch_empty", _("批次中没有可支付的人员，请退回重新编制。"))
    claims: dict[int, Claim] = {}
    sums: dict[int, int] = defaultdict(int)
    for item in items:
        require_line(item.line, item.claim)
        claims.setdefault(item.claim_id, item.claim)
        sums[item.claim_id] += item.amount_fen
        if item.amount_fen != item.line.amount_fen:
            raise Refusal(
                "item_differs",
                _("%(claim)s %(line)s的批次金额与核定金额不一致，请退回重新编制。")
                % {"claim": item.claim, "line": item.line},
            )
        if item.account_id != item.claim.account_id:
            raise Refusal(
                "account_changed",
                _("%(claim)s 的收款账户在编制后有变动，请退回重新编制。") % {"claim": item.claim},
            )
    for claim in claims.values():
        claim.fund = batch.fund if claim.fund_id == batch.fund_id else claim.fund
        require_claim(claim, batch)
    require_free(claims.values(), [item.line for item in items])
    require_approved_amounts(claims.values())
    require_budget(batch)
