"""The transfers of a batch as its page and its export list them: as they would be before sealing, as they are after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Sum

from core.identifiers import mask_account
from payments.models import SEALED_STATES, Batch, Outcome, PaymentItem, Transfer
from registry.models import BankAccount
from workflows.claims import Claim


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One transfer and what became of it; `transfer` is None before sealing, `claim` its first one of `claims`."""

    transfer: Transfer | None
    claim: Claim
    claims: int
    account: BankAccount
    masked: str
    heads: int
    amount_fen: int

    @property
    def outcome(self) -> Outcome:
        """Pending before there is a transfer."""
        return Outcome(self.transfer.outcome) if self.transfer else Outcome.PENDING

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self.outcome in (Outcome.PENDING, Outcome.UNKNOWN)

    @property
    def reason(self) -> str:
        """Why the bank gave it back, or what it said."""
        return self.transfer.reason if self.transfer else ""


def items_of(batch: Batch) -> QuerySet[PaymentItem]:
    """Its items, without those that left the batch before it was sealed."""
    return PaymentItem.objects.filter(batch=batch).exclude(transfer=None, outcome=Outcome.WITHDRAWN)


def transfers_in(batch: Batch) -> QuerySet[PaymentItem, Any]:
    """One group a transfer: its account, first claim, claims, heads and fen; by claim while it is not sealed."""
    items: Any = items_of(batch)
    if batch.state in SEALED_STATES or batch.sha256:
        groups = items.values("transfer_id", "account_id").annotate(first=Min("claim_id"))
    else:
        groups = items.values("transfer_id", "account_id", first=F("claim_id"))
    found: QuerySet[PaymentItem, Any] = groups.annotate(
        claims=Count("claim_id", distinct=True), heads=Count("pk"), fen=Sum("amount_fen")
    ).order_by("transfer_id", "first", "account_id")
    return found


def transfer_rows(batch: Batch, groups: Sequence[Any]) -> list[TransferRow]:
    """Some of `transfers_in` with transfers, claims and accounts; three queries."""
    claims = Claim.objects.select_related("claimant_org", "claimant_user").in_bulk({g["first"] for g in groups})
    accounts = BankAccount.objects.in_bulk({g["account_id"] for g in groups})
    transfers = Transfer.objects.select_related("reissue_of").in_bulk({g["transfer_id"] for g in groups} - {None})
    return [
        TransferRow(
            transfer=transfers.get(group["transfer_id"]),
            claim=claims[group["first"]],
            claims=group["claims"],
            account=accounts[group["account_id"]],
            masked=mask_account(accounts[group["account_id"]].number),
            heads=group["heads"],
            amount_fen=group["fen"],
        )
        for group in groups
    ]
