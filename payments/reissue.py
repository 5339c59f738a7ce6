"""Returned transfers (退票) until they are paid again: they wait for a confirmed account, then go into a new batch.

A transfer is paid again whole and once (`Transfer.reissue_of` is unique), so that it can be followed from one batch to
the next; only what the bank gave back is, never what it has not answered (brief section 8).
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from core.errors import Refusal, WrongState
from payments.account_rows import AccountChange
from payments.models import Outcome, PaymentItem, Transfer
from workflows.states import ClaimState, LineStatus

GONE = Outcome.WITHDRAWN


def returned_transfers_open() -> QuerySet[Transfer]:
    """Returned transfers of which something is still to be paid and that no later transfer pays again.

    Annotated with `mended_at` (when the account was confirmed after the return, or None) and `change_waits`.
    """
    waits = AccountChange.objects.filter(account=OuterRef("account"), state=AccountChange.State.WAITING)
    again = Transfer.objects.filter(reissue_of=OuterRef("pk")).exclude(outcome=GONE)
    return (
        Transfer.objects.filter(Exists(still_owed(transfer=OuterRef("pk"))), outcome=Outcome.RETURNED)
        .exclude(Exists(again))
        .annotate(
            mended_at=Subquery(_mending("").order_by("-decided_at").values("decided_at")[:1]),
            change_waits=Exists(waits),
        )
        .select_related("batch__fund", "account", "claim")
        .order_by("answered_at", "pk")
    )


def still_owed(**which: object) -> QuerySet[PaymentItem]:
    """Items of returned transfers whose line is still to be paid."""
    return PaymentItem.objects.filter(
        **which, line__status=LineStatus.LIVE, line__amount_fen__gt=0, claim__state=ClaimState.PAYABLE
    )


def _mending(transfer: str) -> QuerySet[AccountChange]:
    """Confirmed changes that mend a returned transfer, at the path `transfer` (with its ``__``) of the outer query.

    Another account mends every return of the old one; the old one kept (a freeze was lifted) only returns before it.
    """
    return AccountChange.objects.filter(
        ~Q(replacement=F("account")) | Q(decided_at__gte=OuterRef(f"{transfer}answered_at")),
        account=OuterRef(f"{transfer}account"),
        state=AccountChange.State.CONFIRMED,
    )


def unmended() -> QuerySet[PaymentItem]:
    """Items that the bank returned and whose account nobody corrected since: their lines may not be paid."""
    return PaymentItem.objects.filter(~Exists(_mending("transfer__")), outcome=Outcome.RETURNED)


def waiting_in(claim_ids: Collection[int]) -> dict[UUID, tuple[int, str]]:
    """The lines of these claims that wait for a corrected account: claim and reference of the return; one query."""
    found = unmended().filter(claim__in=claim_ids).order_by("pk")
    return {line: (claim, ref) for line, claim, ref in found.values_list("line", "claim", "transfer__reference")}


def not_mended(reference: str) -> WrongState:
    """Why a line may not be paid again yet (`account_not_mended`)."""
    return WrongState(
        "account_not_mended",
        _("%(reference)s 被银行退票，收款账户尚未更正并经另一人确认，不能重新拨付。") % {"reference": reference},
    )


def require_whole(line_ids: Collection[UUID]) -> None:
    """A returned transfer is paid again whole: all that is still owed of it goes into the same batch; two queries.

    Refuses `reissue_in_part` with the reference.
    """
    chosen = set(line_ids)
    last = dict(
        PaymentItem.objects.filter(line__in=chosen, outcome=Outcome.RETURNED)
        .order_by("pk")
        .values_list("line", "transfer")
    )
    owed = still_owed(transfer__in=set(last.values())).exclude(line__in=chosen)
    for reference in owed.values_list("transfer__reference", flat=True)[:1]:
        raise Refusal(
            "reissue_in_part",
            _("%(reference)s 退票后须整笔重发，请把该笔的全部人员一起列入同一批次。") % {"reference": reference},
        )
