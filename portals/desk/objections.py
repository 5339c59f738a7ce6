"""异议: taken in, investigated, decided; each step by the post that owes it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed
from portals.desk import forms, tray
from portals.desk.doors import DeskRequest, officials, onward
from portals.desk.tray import Due
from portals.shared import downloads
from workflows import hearing
from workflows.approving import approve_suspended
from workflows.hearings import Objection
from workflows.objection_page import entry_for, listed, named_lines, objection_page, read_objector
from workflows.objections import Statement, record_objection

SHOWN = {"": "全部", "open": "核查中", "late": "已逾期", "ended": "已结案"}
LARGEST_NAMING = 2000  # lines one form may name


@dataclass(frozen=True, slots=True)
class Row:
    """An objection with its clock; none once it has ended."""

    objection: Objection
    due: Due | None


@officials
@require_GET
def objections(request: DeskRequest) -> HttpResponse:
    """Every objection the post may see, the open ones by their due day."""
    _require_role(request)
    only = request.GET.get("only", "")
    only = only if only in SHOWN else ""
    page = tray.page_of(listed(request.by, only=only), request.GET.get("page", ""))
    days = WorkingDays.load()
    rows = [Row(item, _due(item, days)) for item in page]
    return render(
        request, "desk/objections.html", {"page": page, "rows": rows, "only": only, "filters": list(SHOWN.items())}
    )


def _require_role(request: DeskRequest) -> None:
    if request.by.role not in hearing.SEEING:
        raise NotAllowed(hearing.HIDDEN.code, hearing.HIDDEN.reason)


def _due(objection: Objection, days: WorkingDays) -> Due | None:
    return Due.of(objection, days) if objection.is_open else None


@officials
@require_GET
def objection(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One objection with what the post may do about it."""
    shown = objection_page(objection_id=pk, by=request.by)
    return render(
        request,
        "desk/objection.html",
        {"shown": shown, "objection": shown.objection, "due": _due(shown.objection, WorkingDays.load())},
    )


@officials
@require_POST
def contact(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The same page with the objector's contact; that it was read stands in the record."""
    read_objector(objection_id=pk, by=request.by)
    shown = objection_page(objection_id=pk, by=request.by)
    due = _due(shown.objection, WorkingDays.load())
    told = {"shown": shown, "objection": shown.objection, "due": due, "revealed": True}
    return render(request, "desk/objection.html", told)


@officials
@require_GET
def new(request: DeskRequest, entry: int) -> HttpResponse:
    """The form for a written objection to a published claim."""
    found = entry_for(entry_id=entry, by=request.by)
    shown = {"entry": found, "lines": named_lines(found.claim), "today": clock.today()}
    return render(request, "desk/objection_new.html", shown)


@officials
@require_POST
def record(request: DeskRequest, entry: int) -> HttpResponse:
    """A written objection is taken in."""
    scan = request.FILES.get("scan")
    made = record_objection(
        entry_id=entry,
        by=request.by,
        said=Statement(*(request.POST.get(name, "")[:3000] for name in ("name", "phone", "content", "address"))),
        line_ids=_lines_in(request),
        scan=(scan.read(), scan.name or "异议书") if scan else None,
    )
    messages.success(
        request,
        _("已登记异议%(number)s，所涉事项暂缓，核查期限至%(day)s。")
        % {"number": made.number, "day": f"{made.due_on:%Y年%-m月%-d日}"},
    )
    return onward(request, "desk:objection", made.pk)


@officials
@require_POST
def investigate(request: DeskRequest, pk: UUID) -> HttpResponse:
    """What the handler found and proposes, and whom the objection is about."""
    scope = request.POST.get("scope", "")
    hearing.investigate(
        objection_id=pk,
        by=request.by,
        findings=request.POST.get("findings", ""),
        proposal=request.POST.get("proposal", ""),
        line_ids={"whole": [], "lines": _lines_in(request)}.get(scope),
    )
    messages.success(request, _("核查情况已提交，由科室负责人作出处理决定。"))
    return onward(request, "desk:objection", pk)


@officials
@require_POST
def decide(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The section head upholds, dismisses, or hands the investigation back."""
    verdict, opinion = request.POST.get("verdict", ""), request.POST.get("opinion", "")
    if verdict == "back":
        hearing.send_back(objection_id=pk, by=request.by, opinion=opinion)
        messages.success(request, _("已退回经办人补充核查。"))
        return onward(request, "desk:objection", pk)
    if verdict not in {"upheld", "dismissed"}:
        raise forms.broken()
    ended = hearing.decide_objection(
        objection_id=pk,
        by=request.by,
        uphold=verdict == "upheld",
        opinion=opinion,
        reason_code=request.POST.get("reason", ""),
    )
    messages.success(
        request,
        _("%(number)s已结案：%(how)s。异议处理告知书已出具，请送达异议人。")
        % {"number": ended.number, "how": ended.get_outcome_display()},
    )
    return onward(request, "desk:objection", pk)


@officials
@require_POST
def approve(request: DeskRequest, pk: int) -> HttpResponse:
    """The leader approves what an objection had left out of a claim's approval."""
    claim = approve_suspended(claim_id=pk, by=request.by)
    messages.success(request, _("%(claim)s 异议已结案的人员已补充批准。") % {"claim": claim})
    return onward(request, "desk:claim", claim.pk)


@officials
@require_GET
def scan(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The written objection as it was handed in; it names its maker, so only for those who hear it, and noted."""
    found = read_objector(objection_id=pk, by=request.by, what="scan")
    if found.scan is None:
        raise NotAllowed(hearing.HIDDEN.code, hearing.HIDDEN.reason)
    return downloads.response(found.scan, inline=True)


def _lines_in(request: DeskRequest) -> list[UUID]:
    return [forms.uuid_in(text) for text in dict.fromkeys(request.POST.getlist("line")[:LARGEST_NAMING])]
