"""Batches that were sealed before there were transfers get theirs: one a claim, account and answer, in order."""

from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.models import F

ANSWERED = {"paid": "settled", "returned": "returned", "pending": "pending"}
A_CLAIM_A_ROW = "treasury-direct"  # groups as batches did then
EARLIER_FORMAT = "workbook"  # what was handed over then: the sealed workbook


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Days of entry, outcomes by their new names, transfers of sealed batches, and who sent what was answered."""
    batches = apps.get_model("payments", "Batch").objects.order_by("pk")
    items = apps.get_model("payments", "PaymentItem").objects
    for batch in batches:
        day = (batch.made_at or batch.opened_at).date()
        items.filter(batch=batch).update(entered_on=day)
        items.filter(batch=batch, live=False, outcome="pending").update(outcome="withdrawn")
        if batch.state in ("drafted", "checked"):
            batches.filter(pk=batch.pk).update(format_code=A_CLAIM_A_ROW)
        if batch.state in ("sealed", "closed"):
            _seal(apps, batch)
        items.filter(batch=batch, outcome="paid").update(outcome="settled")


def _seal(apps: Any, batch: Any) -> None:
    transfers = apps.get_model("payments", "Transfer").objects
    items = apps.get_model("payments", "PaymentItem").objects.filter(batch=batch).exclude(outcome="withdrawn")
    ordered = items.order_by("claim_id", "account_id", "outcome", "pk")
    answered = False
    for seq, (key, group) in enumerate(groupby(ordered, lambda i: (i.claim_id, i.account_id, i.outcome)), 1):
        mine = list(group)
        outcome = ANSWERED[key[2]]
        answered = answered or outcome != "pending"
        made = transfers.create(
            batch=batch,
            seq=seq,
            reference=f"{batch.number}-{seq:04d}",
            claim_id=key[0],
            account_id=key[1],
            amount_fen=sum(item.amount_fen for item in mine),
            count=len(mine),
            outcome=outcome,
            reason_code="other" if outcome == "returned" else "",
            reason=mine[0].reason if outcome == "returned" else "",
            answered_at=mine[0].answered_at,
        )
        items.filter(pk__in=[item.pk for item in mine]).update(transfer=made)
    if answered:
        state = "closed" if batch.state == "closed" else "answered"
        batch_row = apps.get_model("payments", "Batch").objects.filter(pk=batch.pk)
        batch_row.update(
            state=state, sent_by=F("released_by"), sent_at=F("released_at"), sent_format=EARLIER_FORMAT
        )


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0002_transfers"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
