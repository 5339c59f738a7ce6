"""Gap-free running numbers: one row a series, moved under its lock in the caller's transaction."""

from django.db import connection, transaction

MOVE = """
INSERT INTO core_numberseries (name, last) VALUES (%s, 1)
ON CONFLICT (name) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last
"""


def take(series: str) -> int:
    """The next number of `series`, from 1. A rollback gives it back; a second taker waits until the first is done."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [series])
        return int(cursor.fetchone()[0])
