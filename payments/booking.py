"""What batches post to the ledger: lines enter at sealing, leave when it is cancelled, are settled or given back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.acting import Actor
from core.timeline import Signer
from funds import ledger
from funds.ledger import Share
from payments.models import Batch, Outcome, PaymentItem
from workflows.payees import payee_of


def shares_of(items: Iterable[PaymentItem]) -> list[Share]:
    """A share an item; each needs its claim."""
    return [
        Share(
            claim_id=item.claim_id,
            line_id=item.line_id,
            payee=payee_of(item.claim),
            amount_fen=item.amount_fen,
            label=str(item.claim),
        )
        for item in items
    ]


def enter_items(batch: Batch, items: Sequence[PaymentItem], by: Actor) -> None:
    """列入支付, at sealing."""
    ledger.enter_batch(fund_id=batch.fund_id, shares=shares_of(items), batch=batch.number, by=by)


def leave_items(batch: Batch, items: Sequence[PaymentItem], by: Actor, reason: str) -> None:
    """撤出支付, when a sealed batch is cancelled before it was sent."""
    ledger.leave_batch(fund_id=batch.fund_id, shares=shares_of(items), batch=batch.number, by=by, reason=reason)


def book_answers(batch: Batch, items: Sequence[tuple[PaymentItem, str, str]], by: Signer, source: str) -> None:
    """支付成功 and 退票 for items with their outcome and reason; one voucher for all that was paid, one a reason."""
    groups: dict[tuple[str, str], list[PaymentItem]] = defaultdict(list)
    for item, outcome, reason in items:
        groups[outcome, reason if outcome == Outcome.RETURNED else ""].append(item)
    about: dict[str, Any] = {"fund_id": batch.fund_id, "batch": batch.number, "by": by, "source": source}
    for (outcome, reason), mine in groups.items():
        if outcome == Outcome.SETTLED:
            ledger.settle(shares=shares_of(mine), **about)
        elif outcome == Outcome.RETURNED:
            ledger.give_back(shares=shares_of(mine), reason=reason, **about)
