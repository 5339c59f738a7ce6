"""Questions to the ledger: a line's, a fund's or a payee's postings, and where lines' money lies."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet, Sum

from funds.models import Entry, Posting
from funds.movements import OF_THE_FUND, Pot


def statement_of(
    *,
    line_id: UUID | None = None,
    claim_id: int | None = None,
    fund_id: int | None = None,
    payee: str | None = None,
    batch: str | None = None,
    case: str | None = None,
) -> QuerySet[Posting]:
    """The postings of all that is named (at least one), oldest first, with voucher, fund and officer; no more queries."""
    asked = {
        "line_id": line_id,
        "claim_id": claim_id,
        "voucher__fund": fund_id,
        "payee": payee,
        "voucher__batch": batch,
        "voucher__case": case,
    }
    named = {field: value for field, value in asked.items() if value is not None}
    if not named:
        raise ValueError("a statement is of something")
    related = ("voucher__fund", "voucher__other_fund", "voucher__by")
    return Posting.objects.filter(**named).select_related(*related).order_by("id")


def whereabouts(line_ids: Collection[UUID]) -> dict[UUID, dict[Pot, int]]:
    """Where the lines' money lies now, in fen by pot; a line that no approval reserved is not in it. One query."""
    entries = Entry.objects.filter(line_id__in=line_ids).exclude(pot__in=OF_THE_FUND).order_by()
    found: dict[UUID, dict[Pot, int]] = defaultdict(dict)
    for line_id, pot, fen in entries.values_list("line_id", "pot").annotate(fen=Sum("amount_fen")):
        if fen:
            found[line_id][Pot(pot)] = fen
    return dict(found)
