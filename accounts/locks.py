"""Locked log-ins and recent sign-ins, for the security administrator. The lock itself is django-axes'.

Axes stamps its rows with the real time, which is not the business date; so it is the database's clock that says
what is still within the cooling-off time.
"""

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.errors import WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no


def can_unlock(by: Actor) -> Verdict:
    """Whether the post looks after locked log-ins."""
    return YES if by.role == Role.SECURITY_ADMIN else no("locks_not_yours", _("登录锁定由安全管理员处理。"))


def locked() -> QuerySet[AccessAttempt, dict[str, Any]]:
    """Login names that are locked now: `username`, `failures`, `last` (real time), the latest first."""
    since = Now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return (
        AccessAttempt.objects.filter(attempt_time__gte=since)
        .values("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last", "username")
    )


def rule() -> tuple[int, int]:
    """After how many failures a login name is locked, and for how many minutes."""
    return settings.AXES_FAILURE_LIMIT, int(settings.AXES_COOLOFF_TIME * 60)


def recent() -> QuerySet[AccessLog]:
    """Sign-ins that succeeded, the latest first."""
    return AccessLog.objects.order_by("-attempt_time", "-pk")


def unlock(*, username: str, by: Actor) -> int:
    """Lift the lock of a login name; returns how many attempts were forgotten. Refuses `not_locked`."""
    can_unlock(by).require()
    with transaction.atomic():
        if not locked().filter(username=username).exists():
            raise WrongState("not_locked", _("该登录名没有被锁定，可能已到期自动解除。"))
        forgotten = reset(username=username)
        record(f"login:{by.user_id}", "unlock", by=by, data={"username": username, "attempts": forgotten})
    return forgotten
