"""What happens to money, each a movement of its own. Every function runs inside its caller's transaction, after the
locks of claims and batches, and raises a Refusal that names the fund or the line; nothing is moved then.

预算法 Art. 13 (no expense without a budget) is behind `reserve`, Art. 57 (expenses follow the budget) behind the road
payable, batched, paid; Art. 56 (all income goes to the treasury) behind `receive_back`; 财政违法行为处罚处分条例 Art. 6
and 14 behind claiming back. `by` stands in the record.
"""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from core.errors import Refusal
from core.timeline import Signer
from funds.ledger.shares import Share
from funds.ledger.writing import standing, write, write_budget
from funds.models import FundSource, Voucher
from funds.movements import ROADS, Movement, Pot

M = Movement


def appropriate(*, fund_id: int, amount_fen: int, by: Signer, reason: str = "") -> Voucher:
    """The treasury gives the fund its budget (指标下达)."""
    return write_budget(
        M.APPROPRIATED, ROADS[M.APPROPRIATED][0], fund_id=fund_id, amount_fen=amount_fen, by=by, reason=reason
    )


def supplement(*, fund_id: int, amount_fen: int, by: Signer, reason: str) -> Voucher:
    """The treasury adds to the fund's budget (追加指标); `reason` names the document."""
    return write_budget(
        M.SUPPLEMENTED, ROADS[M.SUPPLEMENTED][0], fund_id=fund_id, amount_fen=amount_fen, by=by, reason=reason
    )


def reduce(*, fund_id: int, amount_fen: int, by: Signer, document: str, reason: str) -> Voucher:
    """The treasury takes back what is not promised yet (调减指标), by a `document` and for a reason.

    Refuses `fund_short` past what is available (预算法 Art. 67: adjusted by decision; what is promised stays).
    """
    about = {"reason": reason, "source": document}
    return write_budget(M.REDUCED, ROADS[M.REDUCED][0], fund_id=fund_id, amount_fen=amount_fen, by=by, **about)


def reserve(*, fund_id: int, shares: Sequence[Share], by: Signer) -> Voucher:
    """Promise the shares' sum of the fund: the leader's approval.

    Refuses `fund_unknown`, `fund_short` (with what is left) and `already_reserved` (a line promised before).
    """
    return write(M.RESERVED, ROADS[M.RESERVED][0], fund_id=fund_id, shares=shares, by=by)


def make_payable(*, fund_id: int, shares: Sequence[Share], by: Signer) -> Voucher:
    """What was promised is owed to the payees: the claim became payable."""
    return write(M.PAYABLE, ROADS[M.PAYABLE][0], fund_id=fund_id, shares=shares, by=by)


def release(*, fund_id: int, shares: Sequence[Share], by: Signer, reason: str) -> list[Voucher]:
    """Unpaid lines fall away: their money is the fund's again. Refuses `money_elsewhere` once it is in a batch."""
    FundSource.objects.select_for_update().filter(pk=fund_id).first()
    held = standing(shares, fund_id=fund_id, pot=Pot.RESERVED)
    still_held = [share for share in shares if held.get((share.line_id, share.payee), 0) >= share.amount_fen]
    payable = [share for share in shares if share not in set(still_held)]
    parts = zip(ROADS[M.RELEASED], (still_held, payable), strict=True)
    return [write(M.RELEASED, road, fund_id=fund_id, shares=part, by=by, reason=reason) for road, part in parts if part]


def enter_batch(*, fund_id: int, shares: Sequence[Share], batch: str, by: Signer) -> Voucher:
    """The lines are in a sealed batch (`batch` is its number): their money is on its way."""
    return write(M.BATCHED, ROADS[M.BATCHED][0], fund_id=fund_id, shares=shares, by=by, batch=batch)


def leave_batch(*, fund_id: int, shares: Sequence[Share], batch: str, by: Signer, reason: str) -> Voucher:
    """A sealed batch is cancelled before it was sent: payable again."""
    road = ROADS[M.UNBATCHED][0]
    return write(M.UNBATCHED, road, fund_id=fund_id, shares=shares, by=by, batch=batch, reason=reason)


def settle(*, fund_id: int, shares: Sequence[Share], batch: str, by: Signer, source: str) -> Voucher:
    """The bank says paid; `source` is where that is written, e.g. ``result:12``. A line settles once a batch."""
    return write(M.SETTLED, ROADS[M.SETTLED][0], fund_id=fund_id, shares=shares, by=by, batch=batch, source=source)


def give_back(*, fund_id: int, shares: Sequence[Share], batch: str, by: Signer, source: str, reason: str) -> Voucher:
    """The bank returned it (退票): payable again, to be issued in a new batch."""
    about = {"batch": batch, "source": source, "reason": reason}
    return write(M.RETURNED, ROADS[M.RETURNED][0], fund_id=fund_id, shares=shares, by=by, **about)


def move_to_fund(
    *, from_fund_id: int, to_fund_id: int, shares: Sequence[Share], by: Signer, reason: str
) -> tuple[Voucher, Voucher]:
    """Payable lines are paid from another fund, for a reason (预算法 Art. 72: moving between items is kept strict).

    Refuses `reason_missing`, `same_fund`, `fund_short`, `fund_unknown`, `money_elsewhere`. Both funds are locked in order
    of id, so that two officers who move in opposite directions cannot deadlock.
    """
    if not reason.strip():
        raise Refusal("reason_missing", _("请写明调整资金来源的理由。"))
    if from_fund_id == to_fund_id:
        raise Refusal("same_fund", _("所选资金来源与原资金来源相同，无需调整。"))
    _lock({from_fund_id, to_fund_id})
    out, into = ROADS[M.MOVED]
    about = {"shares": shares, "by": by, "reason": reason}
    return (
        write(M.MOVED, out, fund_id=from_fund_id, other_fund_id=to_fund_id, **about),  # type: ignore[arg-type]
        write(M.MOVED, into, fund_id=to_fund_id, other_fund_id=from_fund_id, **about),  # type: ignore[arg-type]
    )


def claim_back(*, fund_id: int, shares: Sequence[Share], case: str, by: Signer, reason: str = "") -> Voucher:
    """Paid money must come back (`case` is the recovery case's number); a part of a line's amount may."""
    road = ROADS[M.RECOVERY_CLAIMED][0]
    return write(M.RECOVERY_CLAIMED, road, fund_id=fund_id, shares=shares, by=by, case=case, reason=reason)


def drop_claim(*, fund_id: int, shares: Sequence[Share], case: str, by: Signer, reason: str) -> Voucher:
    """The recovery was lifted (withdrawn, or reversed on review): what is not yet back counts as rightly paid."""
    road = ROADS[M.RECOVERY_DROPPED][0]
    return write(M.RECOVERY_DROPPED, road, fund_id=fund_id, shares=shares, by=by, case=case, reason=reason)


def receive_back(*, fund_id: int, shares: Sequence[Share], case: str, by: Signer, reason: str = "") -> Voucher:
    """Money came back to the treasury, whole or an instalment.

    It is not available again by itself: that takes a document of the treasury, hence `supplement` (预算法 Art. 13, 56).
    """
    return write(M.RECOVERED, ROADS[M.RECOVERED][0], fund_id=fund_id, shares=shares, by=by, case=case, reason=reason)


def offset_back(
    *,
    fund_id: int,
    shares: Sequence[Share],
    against_fund_id: int,
    against: Sequence[Share],
    case: str,
    by: Signer,
    reason: str = "",
) -> tuple[Voucher, Voucher]:
    """A later payment is kept back for the debt: `shares` (the debt) are recovered, `against` (payable lines) paid.

    Both of one payee and one sum: refuses `offset_differs`. What is left of the later lines stays payable.
    """
    one_payee = len({share.payee for share in (*shares, *against)}) == 1
    if not one_payee or sum(s.amount_fen for s in shares) != sum(s.amount_fen for s in against):
        raise Refusal("offset_differs", _("抵扣的两方须为同一收款人且金额相等，请核对后重新办理。"))
    _lock({fund_id, against_fund_id})
    debt, payment = ROADS[M.OFFSET]
    return (
        write(M.OFFSET, debt, fund_id=fund_id, shares=shares, by=by, case=case, reason=reason),
        write(M.OFFSET, payment, fund_id=against_fund_id, shares=against, by=by, case=case, reason=reason),
    )


def write_off(*, fund_id: int, shares: Sequence[Share], case: str, by: Signer, reason: str = "") -> Voucher:
    """Finance gives up a debt (核销); it stays in the ledger as written off, never as paid."""
    road = ROADS[M.WRITTEN_OFF][0]
    return write(M.WRITTEN_OFF, road, fund_id=fund_id, shares=shares, by=by, case=case, reason=reason)


def _lock(fund_ids: Collection[int]) -> None:
    list(FundSource.objects.select_for_update().filter(pk__in=fund_ids).order_by("pk").values_list("pk", flat=True))
