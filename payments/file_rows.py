"""The payment files of a batch as its page lists them: what is made, what is being made, what can be."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.acting import Actor
from core.jobs import Job
from payments.files import TASK
from payments.fitting import formats_for
from payments.formats import Format
from payments.models import SEALED_STATES, Batch, PaymentFile


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format: its files when they are made, else the job that makes them, if somebody asked.

    `mine`: the actor asked for it himself and may follow it.
    """

    form: Format
    files: Sequence[PaymentFile]
    job: Job | None
    mine: bool
    chosen: bool


def format_rows(batch: Batch, by: Actor) -> list[FormatRow]:
    """The formats of a sealed batch, the one it was made for first; two queries. None before sealing."""
    if batch.state not in SEALED_STATES:
        return []
    forms = sorted(formats_for(batch), key=lambda form: form.code != batch.format_code)
    made = list(PaymentFile.objects.filter(batch=batch))
    keys = {f"{batch.pk}:{form.code}": form.code for form in forms}
    jobs = {keys[job.key]: job for job in Job.objects.filter(kind=TASK, key__in=keys).order_by("enqueued_at")}
    rows = []
    for form in forms:
        job = jobs.get(form.code)
        rows.append(
            FormatRow(
                form=form,
                files=[file for file in made if file.format_code == form.code],
                job=job,
                mine=job is not None and (job.asked_by_id, job.asked_post) == (by.user_id, by.post_id),
                chosen=form.code == batch.format_code,
            )
        )
    return rows
