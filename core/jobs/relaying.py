"""The relay of a broker: publishes the ids of jobs that are due, and again those whose message or worker was lost.

The row stays the truth. A message only says "look at this row": one too many finds nothing to take, one too few is
published again. `published_at` keeps a job whose message is on its way from being published at every look.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from core import clock
from core.job_rows import Job
from core.jobs.running import due

log = logging.getLogger(__name__)
Send = Callable[[UUID], None]
AT_ONCE = 500  # ids at a look


def unpublished() -> QuerySet[Job]:
    """Jobs a worker may take that no message is on its way for.

    Never published; or left by a worker that died after the message; or published so long ago that the message is lost.
    """
    left_behind = Q(lease_until__isnull=False, published_at__lt=F("lease_until"))
    lost = Q(published_at__lt=clock.machine_now() - timedelta(seconds=settings.JOBS_REPUBLISH_SECONDS))
    return due().filter(Q(published_at=None) | left_behind | lost)


def relay(send: Send) -> int:
    """Send each unpublished id, then note it; how many. A broker that is away raises what `send` raises: try later.

    Killed between the two, the id is sent twice, which does no harm.
    """
    sent = 0
    for pk, fence in list(unpublished().values_list("pk", "fence")[:AT_ONCE]):
        send(pk)
        Job.objects.filter(pk=pk, fence=fence).update(published_at=clock.machine_now())
        sent += 1
    return sent
