"""Gap-free running numbers: one row a series, moved under its lock in the caller's transaction."""

from django.db import transaction

from core.models import NumberSeries


def take(series: str) -> int:
    """The next number of `series`, from 1. A rollback gives it back; two takers wait for each other."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    row = NumberSeries.objects.select_for_update().filter(name=series).first()
    if row is None:
        NumberSeries.objects.get_or_create(name=series)
        row = NumberSeries.objects.select_for_update().get(name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last
