"""复核: the second looks a township or the bureau owes, and what each found."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.calendar import WorkingDays
from core.errors import NotAllowed
from portals.desk import tray
from portals.desk.doors import DeskRequest, officials, onward
from portals.desk.tray import Due
from workflows import reverifying
from workflows.samples import Reverification

SHOWN = {"open": "待复核", "late": "已逾期", "doubtful": "存疑", "done": "已复核"}


@dataclass(frozen=True, slots=True)
class Row:
    """One second look; `due` while it is owed, `mine` when the acting post owes it."""

    work: Reverification
    due: Due | None
    mine: bool


@officials
@require_GET
def second_looks(request: DeskRequest) -> HttpResponse:
    """What is owed, the earliest due first; or what was found."""
    by = request.by
    if by.role not in reverifying.SEEING:
        raise NotAllowed(reverifying.HIDDEN.code, reverifying.HIDDEN.reason)
    only = request.GET.get("only", "")
    only = only if only in SHOWN else "open"
    page = tray.page_of(reverifying.second_looks(by, only=only), request.GET.get("page", ""))
    days, counts = WorkingDays.load(), reverifying.counts(by)
    rows = [
        Row(work, None if work.outcome else Due.of(work, days), bool(reverifying.owes(by, work)) and not work.outcome)
        for work in page
    ]
    shown = {
        "page": page,
        "rows": rows,
        "only": only,
        "filters": [(code, label, counts[code]) for code, label in SHOWN.items()],
        "methods": Reverification.Method.choices,
    }
    return render(request, "desk/second_looks.html", shown)


@officials
@require_POST
def record(request: DeskRequest, pk: int) -> HttpResponse:
    """What one found."""
    said = {name: request.POST.get(name, "") for name in ("outcome", "method", "note")}
    work = reverifying.record_second_look(work_id=pk, by=request.by, **said)
    messages.success(
        request, _("%(claim)s %(line)s 复核结果：%(how)s。") % {
            "claim": work.claim, "line": work.line, "how": work.get_outcome_display(),
        }
    )  # fmt: skip
    return onward(request, "desk:second_looks")
