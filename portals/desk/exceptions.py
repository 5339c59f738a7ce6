"""例外: blocking rules to which an exception is asked, and the officer's decision on one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import NotAllowed
from portals.desk import tray
from portals.desk.doors import DeskRequest, officials, onward
from workflows import waiving
from workflows.check_exports import HIDDEN

SHOWN = {"": "全部", "open": "待决定", "decided": "已决定"}


@officials
@require_GET
def exceptions(request: DeskRequest) -> HttpResponse:
    """All exceptions the post may read, the undecided first."""
    if request.by.role not in waiving.SEEING:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    only = request.GET.get("only", "")
    only = only if only in SHOWN else ""
    page = tray.page_of(waiving.waivers_for(request.by, only=only), request.GET.get("page", ""))
    shown = {"page": page, "only": only, "filters": list(SHOWN.items()), "role": request.by.role}
    return render(request, "desk/exceptions.html", shown)


@officials
@require_POST
def decide(request: DeskRequest, pk: int) -> HttpResponse:
    """Grant or deny one, with the reason."""
    waiver = waiving.decide_waiver(
        waiver_id=pk, by=request.by, grant=request.POST.get("grant") == "1", reason=request.POST.get("reason", "")
    )
    said = {"claim": waiver.claim, "how": waiver.get_outcome_display()}
    messages.success(request, _("%(claim)s 的例外已决定：%(how)s。") % said)
    return onward(request, "desk:exceptions")
