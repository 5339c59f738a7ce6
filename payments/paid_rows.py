"""The transfers of a batch as its page and its export list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from core.identifiers import mask_account
from payments.models import Batch, ItemOutcome, PaymentItem
from registry.models import BankAccount
from workflows.claims import Claim


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One claim's money in a batch, and what became of it."""

    claim: Claim
    account: BankAccount
    masked: str
    heads: int
    amount_fen: int
    pending: int
    paid: int
    returned: int
    reason: str


def items_of(batch: Batch) -> QuerySet[PaymentItem]:
    """Its items, without those that left the batch before it was sealed."""
    return PaymentItem.objects.filter(batch=batch).exclude(live=False, outcome=ItemOutcome.PENDING)


def transfers_in(batch: Batch) -> QuerySet[PaymentItem, Any]:
    """One group a transfer (claim and account): heads, fen and how many were answered how."""
    return (
        items_of(batch)
        .values("claim_id", "account_id")
        .annotate(
            heads=Count("pk"),
            fen=Sum("amount_fen"),
            pending=Count("pk", filter=Q(outcome=ItemOutcome.PENDING)),
            paid=Count("pk", filter=Q(outcome=ItemOutcome.PAID)),
            returned=Count("pk", filter=Q(outcome=ItemOutcome.RETURNED)),
        )
        .order_by("claim_id", "account_id")
    )


def transfer_rows(batch: Batch, groups: Sequence[Any]) -> list[TransferRow]:
    """Some of `transfers_in` with claims, accounts and reasons of return; three queries."""
    claims = Claim.objects.select_related("claimant_org", "claimant_user").in_bulk({g["claim_id"] for g in groups})
    accounts = BankAccount.objects.in_bulk({g["account_id"] for g in groups})
    returned = PaymentItem.objects.filter(batch=batch, claim__in=claims, outcome=ItemOutcome.RETURNED)
    reasons = dict(returned.order_by("pk").values_list("claim_id", "reason"))
    return [
        TransferRow(
            claim=claims[group["claim_id"]],
            account=accounts[group["account_id"]],
            masked=mask_account(accounts[group["account_id"]].number),
            heads=group["heads"],
            amount_fen=group["fen"],
            pending=group["pending"],
            paid=group["paid"],
            returned=group["returned"],
            reason=reasons.get(group["claim_id"], ""),
        )
        for group in groups
    ]
