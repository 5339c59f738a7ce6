"""Putting work into the queue, taking it out, and trying it again: commands of the people who ask for it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal, WrongState
from core.job_rows import LIVE, Job, JobState
from core.jobs.carriers import hand_over
from core.jobs.tasks import find
from core.timeline import Signer, record

# An ID number, a mobile phone, a bank account; division codes (12 digits) and dates are none of them.
PERSONAL = re.compile(r"(?<![\w-])(1[3-9]\d{9}|\d{15,19}|\d{17}[Xx])(?![\w-])")


class Asker(Protocol):
    """Who asks: `accounts.acting.Actor`, or anything with these two."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...


def enqueue(
    kind: str,
    *,
    arguments: Mapping[str, Any],
    by: Asker | None = None,
    key: str = "",
    run_after: datetime | None = None,
) -> Job:
    """Write the job in the caller's transaction: it exists if and only if its cause does. One query without a clash.

    A live job (waiting or running) of this kind with the same `key` is returned instead of a second one; a running one
    may be past what the caller has just written, so give a key only where that does no harm or is caught up with.
    `run_after` is a business moment. `by` None is the system. Refuses (`job_argument_personal`) what looks like an ID
    number, a phone or an account, because arguments are kept and shown. LookupError for a kind nobody registered.
    """
    if find(kind) is None:
        raise LookupError(f"no task of kind {kind}")
    if any(PERSONAL.search(text) for text in _texts(arguments)):
        raise Refusal(
            "job_argument_personal", _("条件中含有证件号码、手机号或银行账号，后台任务不保存此类信息，请改用其他条件。")
        )
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        key=key,
        asked_by_id=by.user_id if by else None,
        asked_post=by.post_id if by else None,
    )
    if run_after is not None:
        job.run_after = clock.machine_now() + (run_after - clock.now())
    while not _inserted(job):
        live = Job.objects.filter(kind=kind, key=key, state__in=LIVE).first()
        if live is not None:
            return live
    hand_over(job)
    return job


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, (str, int)):
        yield str(value)


def _inserted(job: Job) -> bool:
    """Insert the row; False when a live one has its key. Waits for a transaction that is about to insert the same."""
    if not job.key:
        job.save(force_insert=True)
        return True
    columns = {
        str(field.column): field.get_db_prep_save(field.pre_save(job, True), connection)
        for field in Job._meta.concrete_fields
    }
    sql = (
        f"INSERT INTO {Job._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608 (names of columns only)
        "ON CONFLICT (kind, key) WHERE state IN ('waiting', 'running') AND NOT (key = '') DO NOTHING RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(columns.values()))
        found = cursor.fetchone() is not None
    job._state.adding, job._state.db = not found, connection.alias
    return found


def cancel(*, job_id: UUID | str, by: Signer) -> Job:
    """End a waiting job, or ask the worker of a running one to end it before its next step. The caller checked `by`.

    Refuses (`job_over`) a job that is finished.
    """
    with transaction.atomic():
        job = _locked(job_id)
        if not job.is_live:
            raise WrongState("job_over", _("该任务已结束，不能取消。"))
        job.cancel_asked_at = clock.now()
        if job.state == JobState.WAITING:
            job.state, job.finished_at = JobState.CANCELLED, clock.now()
        job.save(update_fields=["state", "finished_at", "cancel_asked_at"])
        record(chain_of(job), "cancel", by=by)
    return job


def retry(*, job_id: UUID | str, by: Signer) -> Job:
    """Let a failed or cancelled job wait again, from its checkpoint, with all its attempts. The caller checked `by`.

    Refuses (`job_not_failed`) any other state and (`job_live_already`) a job whose key is being worked on by another.
    """
    with transaction.atomic():
        job = _locked(job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise WrongState("job_not_failed", _("只有未成功或已取消的任务可以重新执行。"))
        job.state, job.run_after = JobState.WAITING, clock.machine_now()
        job.attempts = job.losses = 0
        job.error_code = job.error_message = ""
        job.finished_at = job.cancel_asked_at = job.published_at = None
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError as error:
            raise WrongState("job_live_already", _("同一项工作已另有任务在进行，请等待其完成。")) from error
        record(chain_of(job), "retry", by=by)
        hand_over(job)
    return job


def chain_of(job: Job) -> str:
    """The job's own chain of events: who cancelled it, who had it tried again."""
    return f"job:{job.pk}"


def _locked(job_id: UUID | str) -> Job:
    try:
        return Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    except (Job.DoesNotExist, ValidationError) as error:
        raise Refusal("job_unknown", _("没有找到该任务，请返回任务列表。")) from error
