"""What the bank is asked to do: items grouped into transfers, a claim or a payee each, before and at sealing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from payments.models import Batch, Outcome, PaymentItem, Transfer
from registry.models import BankAccount
from workflows.claims import Claim
from workflows.states import Kind


@dataclass(frozen=True, slots=True)
class Planned:
    """One transfer as it would be made now: its items, all to one account; `reissue_of` the one the bank gave back."""

    seq: int
    reference: str
    items: Sequence[PaymentItem]
    reissue_of: int | None = None

    @property
    def account(self) -> BankAccount:
        """Where the money goes."""
        return self.items[0].account

    @property
    def claims(self) -> list[Claim]:
        """The claims behind it, in order."""
        return list({item.claim_id: item.claim for item in self.items}.values())

    @property
    def claim(self) -> Claim | None:
        """Its one claim; None when it is a payee's row over several."""
        return self.items[0].claim if len(self.claims) == 1 else None

    @property
    def amount_fen(self) -> int:
        """The sum of its items."""
        return sum(item.amount_fen for item in self.items)

    @property
    def claim_numbers(self) -> str:
        """The numbers of its claims, for the paper."""
        return "、".join(str(claim) for claim in self.claims)

    @property
    def purpose(self) -> str:
        """What stands in the bank's remark."""
        return _purpose(tuple(dict.fromkeys(claim.kind for claim in self.claims)), get_language())

    @property
    def note(self) -> str:
        """How many heads it pays for."""
        if {claim.kind for claim in self.claims} == {Kind.AMBASSADOR}:
            return _("引工大使奖励")
        return _("共%(heads)d人") % {"heads": len(self.items)}


@lru_cache(maxsize=64)
def _purpose(kinds: tuple[str, ...], _language: str | None) -> str:
    return _("引工奖补（%(kind)s）") % {"kind": "、".join(str(Kind(kind).label) for kind in kinds)}


def plan(batch: Batch, items: Sequence[PaymentItem]) -> list[Planned]:
    """The transfers of live items that are in order of claim, by the batch's `rows`; one query.

    What the bank gave back is paid again by a transfer of its own, so that it can be followed from one to the next.
    """
    earlier = returned_transfers([item.line_id for item in items])

    def key(item: PaymentItem) -> tuple[object, ...]:
        again = earlier.get(item.line_id, 0)
        return (again, str(item.account_id), item.claim_id if not again and batch.rows == Batch.Rows.CLAIM else 0)

    first: dict[tuple[object, ...], int] = {}
    for place, item in enumerate(items):
        first.setdefault(key(item), place)
    ordered = sorted(items, key=lambda item: first[key(item)])
    return [
        Planned(seq, f"{batch.number}-{seq:04d}", group, earlier.get(group[0].line_id))
        for seq, group in enumerate(_grouped(ordered, key), 1)
    ]


def _grouped(items: Sequence[PaymentItem], key: object) -> Iterator[list[PaymentItem]]:
    for _key, group in groupby(items, key=key):  # type: ignore[call-overload]
        yield list(group)


def returned_transfers(line_ids: Sequence[UUID]) -> dict[UUID, int]:
    """For each line that a bank gave back: the last transfer in which it did; one query."""
    found = PaymentItem.objects.filter(line__in=line_ids, outcome=Outcome.RETURNED).order_by("pk")
    return dict(found.values_list("line_id", "transfer_id"))


def make(batch: Batch, planned: Sequence[Planned]) -> list[Transfer]:
    """Write the transfers of a batch that is being sealed, and bind its items to them; two queries and one a 500."""
    made = Transfer.objects.bulk_create(
        [
            Transfer(
                batch=batch,
                seq=one.seq,
                reference=one.reference,
                claim=one.claim,
                account=one.account,
                amount_fen=one.amount_fen,
                count=len(one.items),
                reissue_of_id=one.reissue_of,
            )
            for one in planned
        ],
        batch_size=500,
    )
    pairs = [(transfer.pk, item.pk) for transfer, one in zip(made, planned, strict=True) for item in one.items]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE payments_paymentitem SET transfer_id = %s WHERE id = %s", pairs)
    return made
