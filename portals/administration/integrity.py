"""完整性核对: what the last walks found, so that a lost or altered file reaches a person."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.jobs import KEEPERS
from core.jobs import Job, enqueue
from core.jobs.schedule import KEY
from documents.integrity import orphans_to_remove, remove_orphans
from documents.models import IntegrityFinding, IntegrityRun
from documents.tasks import CHECK
from portals.administration.doors import job_keepers, job_watchers, onward
from portals.administration.forms import page_of
from portals.shared.access import PostRequest

RUNS = 10


@dataclass(frozen=True, slots=True)
class Board:
    """Open findings, a page of them; the last runs; the walk on its way, if any; how many orphans could go."""

    page: Page
    runs: list[IntegrityRun]
    job: Job | None
    orphans: int
    resolved: int
    may_act: bool


@job_watchers
@require_safe
def integrity(request: PostRequest) -> HttpResponse:
    """Open findings, 25 a page, and the last ten walks."""
    open_ones = IntegrityFinding.objects.filter(resolved_at=None)
    board = Board(
        page=page_of(open_ones.order_by("-last_seen", "pk"), request.GET.get("page", "")),
        runs=list(IntegrityRun.objects.all()[:RUNS]),
        job=Job.objects.filter(kind=CHECK, state__in=("waiting", "running")).first(),
        orphans=len(orphans_to_remove()),
        resolved=IntegrityFinding.objects.exclude(resolved_at=None).count(),
        may_act=request.by.role in KEEPERS,
    )
    return render(request, "administration/integrity.html", {"board": board})


@require_POST
@job_keepers
def check(request: PostRequest) -> HttpResponse:
    """Walk now, in the background; a walk that is on its way already is the answer too."""
    enqueue(CHECK, arguments={}, by=request.by, key=KEY)
    messages.success(request, _("已开始核对，完成后结果显示在本页。"))
    return redirect("administration:integrity")


@require_POST
@job_keepers
def sweep(request: PostRequest) -> HttpResponse:
    """Delete the orphans that were found; each is looked at again before it goes."""
    count = remove_orphans(by=request.by)
    messages.success(request, _("已清除%(count)s个无主文件。") % {"count": count})
    return onward(request, "administration:integrity")
