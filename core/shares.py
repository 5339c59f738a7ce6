"""Shares: how often somebody may ask for something in a span of time, counted for all server processes together.

A row a key and span; the key is a keyed digest, so that no address stands in the database. Old rows are swept by
whoever opens a new one.
"""

from datetime import timedelta

from django.db import connection

from core import clock
from core.models import Share
from core.privacy import index_of

SWEPT = 200  # rows at a time
COUNT = """
INSERT INTO core_share (key, count, until) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET count = core_share.count + 1 RETURNING count
"""


def take_share(purpose: str, who: str, *, most: int, seconds: int = 60) -> bool:
    """Count one question of `who`; False when he has had `most` of them in the running span of `seconds`.

    A refused question is not written, so that asking on costs the database one look-up by key.
    """
    span = int(clock.now().timestamp()) // seconds
    key = index_of(f"share:{purpose}:{span}", who)
    if Share.objects.filter(key=key, count__gte=most).exists():
        return False
    until = clock.now() + timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key, connection.ops.adapt_datetimefield_value(until)])
        count = int(cursor.fetchone()[0])
    if count == 1:
        _sweep()
    return count <= most


def _sweep() -> None:
    old = Share.objects.filter(until__lt=clock.now()).values_list("key", flat=True)[:SWEPT]
    Share.objects.filter(key__in=list(old)).delete()
