"""我的任务: long work, how far it is, its result, and what to do when it did not succeed."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import jobs as access
from accounts.acting import Actor
from core.errors import NotAllowed, Refusal
from core.jobs import Job, cancel, retry
from core.jobs.queue import chain_of
from core.timeline import record
from core.verdict import Verdict
from documents.models import StoredFile
from portals.shared import downloads
from portals.shared.access import PostRequest, signed_in

PAGE = 25
Question = Callable[[Actor, Job], Verdict]


@signed_in
@require_safe
def jobs(request: PostRequest) -> HttpResponse:
    """What I asked for in this post, the latest first, 25 a page."""
    found = Paginator(access.asked_by(request.by), PAGE).get_page(request.GET.get("page"))
    return render(request, "shared/jobs.html", {"page": found})


@signed_in
@require_safe
def job(request: PostRequest, pk: UUID) -> HttpResponse:
    """One job; asked by script only its progress, which with ``?then=reload`` reloads the page around it at the end."""
    found = _visible(request, pk, access.can_follow)
    then = "reload" if request.GET.get("then") == "reload" else ""
    shown = {
        "job": found,
        "then": then,
        "steer": access.can_steer(request.by, found),
        "take": access.can_take_result(request.by, found),
    }
    if not request.htmx:
        return render(request, "shared/job.html", shown)
    response = render(request, "components/progress.html", shown)
    if then and not found.is_live:
        response["HX-Refresh"] = "true"
    return response


@signed_in
@require_safe
def job_file(request: PostRequest, pk: UUID) -> HttpResponse:
    """The file it made, as an attachment; noted in the job's chain."""
    found = _visible(request, pk, access.can_take_result)
    file = StoredFile.objects.filter(pk=found.result.get("file")).first()
    if file is None:
        raise Refusal("job_no_file", _("该任务没有可下载的文件，请查看任务状态。"))
    answer = downloads.response(file)
    with transaction.atomic():
        Job.objects.select_for_update().only("pk").get(pk=found.pk)  # two downloads at once stand one after the other
        record(chain_of(found), "download", by=request.by, data={"file": str(file.pk)})
    return answer


@require_POST
@signed_in
def job_cancel(request: PostRequest, pk: UUID) -> HttpResponse:
    """Stop it before its next step."""
    found = cancel(job_id=_visible(request, pk, access.can_steer).pk, by=request.by)
    messages.success(request, _("已要求取消“%(job)s”。") % {"job": found.label})
    return redirect("shared:job", found.pk)


@require_POST
@signed_in
def job_retry(request: PostRequest, pk: UUID) -> HttpResponse:
    """Let it be tried again from where it stood."""
    found = retry(job_id=_visible(request, pk, access.can_steer).pk, by=request.by)
    messages.success(request, _("“%(job)s”已重新排队。") % {"job": found.label})
    return redirect("shared:job", found.pk)


def _visible(request: PostRequest, pk: UUID, question: Question) -> Job:
    found = Job.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise NotAllowed("job_not_visible", _("没有找到该任务，或您在当前岗位无权查看。"))
    question(request.by, found).require()
    return found
