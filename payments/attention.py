"""What waits in finance and what does not balance, for the head of its first page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Value

from accounts.acting import Actor
from payments import result_pages
from payments.models import SENT_STATES, WAITING, Batch, ReconciliationRun, Transfer
from payments.reconciliation import can_reconcile


@dataclass(frozen=True, slots=True)
class Attention:
    """The last kept run (None to those who do not see it) and counts of what waits."""

    run: ReconciliationRun | None
    parked: int  # answers set aside
    unanswered: int  # sent batches of which an answer is missing
    returned: int  # returned transfers not paid again
    changes: int  # account changes to confirm

    def __bool__(self) -> bool:
        return bool(self.run or self.parked or self.unanswered or self.returned or self.changes)


def attention(by: Actor) -> Attention:
    """Two queries."""
    waits = Transfer.objects.filter(batch=OuterRef("pk"), outcome__in=WAITING)
    counted = {
        "parked": result_pages.parked_rows(by),
        "unanswered": Batch.objects.filter(Exists(waits), state__in=SENT_STATES),
        "returned": result_pages.returned(by),
        "changes": result_pages.changes_waiting(by),
    }
    first, *others = (_count(name, rows) for name, rows in counted.items())
    sums = dict(first.union(*others, all=True))
    run = ReconciliationRun.objects.defer("content").first() if can_reconcile(by) else None
    return Attention(run=run, **{name: sums.get(name, 0) for name in counted})


def _count(name: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    plain = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    named = plain.order_by().annotate(what=Value(name, output_field=CharField()))
    return named.values_list("what").annotate(n=Count("pk"))
