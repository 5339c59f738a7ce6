"""Who sees background work: whoever asked for it, in the post he asked in; administrators and auditors its state."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.job_rows import Job
from core.verdict import YES, Verdict, no

KEEPERS = frozenset({Role.SYSTEM_ADMIN})
WATCHERS = KEEPERS | {Role.AUDITOR}


def asked_by(by: Actor) -> QuerySet[Job]:
    """What the actor asked for in this post, the latest first."""
    return Job.objects.filter(asked_by=by.user_id, asked_post=by.post_id)


def can_follow(by: Actor, job: Job) -> Verdict:
    """May he see how far it is: his own, or any for administrator and auditor (rows hold no personal data)."""
    return YES if _own(by, job) or by.role in WATCHERS else _hidden()


def can_take_result(by: Actor, job: Job) -> Verdict:
    """May he have the file: whoever asked, in the post whose rights it was made with; nobody else."""
    return YES if _own(by, job) else _hidden()


def can_steer(by: Actor, job: Job) -> Verdict:
    """May he cancel it or have it tried again: whoever asked, and the system administrator."""
    if _own(by, job) or by.role in KEEPERS:
        return YES
    if by.role in WATCHERS:
        return no("job_read_only", _("审计员只能查看后台任务，取消和重试由申请人或系统管理员办理。"))
    return _hidden()


def _own(by: Actor, job: Job) -> bool:
    return (job.asked_by_id, job.asked_post) == (by.user_id, by.post_id)


def _hidden() -> Verdict:
    return no("job_not_visible", _("没有找到该任务，或您在当前岗位无权查看。"))
