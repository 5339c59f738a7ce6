"""追回: the cases, one case with what can be done to it, and opening one on a paid claim."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.money import parse_yuan, plain_yuan
from payments.models import RecoveryCase
from payments.recovery import reading
from payments.recovery.access import SEES_CASES
from payments.recovery.deciding import DAYS, LONGEST, decide_case, plan_case
from payments.recovery.lifting import lift_case
from payments.recovery.opening import open_case
from payments.recovery.repaying import forgive, receive, set_off
from payments.recovery.rows import ARTICLES, CaseState, Ground
from portals.finance import forms
from portals.shared.access import PostRequest, for_roles

READERS_ONLY = gettext_lazy("追回案件仅供民生保障局、财政和审计岗位查看，请切换岗位。")
LIST_PAGE = 25
ROWS = range(6)  # of an instalment plan that a form offers


@for_roles(SEES_CASES, READERS_ONLY)
@require_GET
def cases(request: PostRequest) -> HttpResponse:
    """The cases, newest first, by state; 25 a page."""
    q, state = (request.GET.get(name, "")[:60] for name in ("q", "state"))
    found = reading.cases_for(request.by, q=q, state=state)
    page = Paginator(found, LIST_PAGE).get_page(request.GET.get("page", ""))
    late = reading.cases_for(request.by, state="overdue").count()
    states = [("overdue", _("逾期")), *CaseState.choices]
    return render(
        request, "finance/recoveries.html", {"page": page, "q": q, "state": state, "states": states, "late": late}
    )


@for_roles(SEES_CASES, READERS_ONLY)
@require_http_methods(["GET", "POST"])
def open_(request: PostRequest, claim: int) -> HttpResponse:
    """The claim's paid people to choose from, with facts, reason and basis; a POST opens the case."""
    page = reading.open_page(claim_id=claim, by=request.by)
    if request.method == "GET":
        chosen = set(request.GET.getlist("line"))
        items = [(item, str(item.line_id) in chosen, plain_yuan(item.left_fen)) for item in page.items]  # type: ignore[attr-defined]
        articles = [(code, label, ARTICLES[Ground(code)]) for code, label in Ground.choices]
        shown = {"shown": page, "items": items, "grounds": articles, "ground": request.GET.get("ground", "")}
        return render(request, "finance/recovery_open.html", shown, status=200 if page.may_open else 403)
    ground = request.POST.get("ground", "")
    keys = forms.keys_in(request.POST.getlist("line"))
    basis = request.POST.get("article", "").strip()
    case = open_case(
        claim_id=page.claim.pk,
        amounts={key: parse_yuan(request.POST.get(f"amount-{key}", "")) for key in keys},
        ground=ground,
        facts=request.POST.get("facts", ""),
        article=basis or (str(ARTICLES[Ground(ground)]) if ground in Ground.values else ""),
        by=request.by,
    )
    messages.success(request, _("%(case)s 已立案，请科室负责人或分管领导作出决定。") % {"case": case})
    return redirect("finance:recovery", case.pk)


@for_roles(SEES_CASES, READERS_ONLY)
@require_GET
def case(request: PostRequest, pk: int) -> HttpResponse:
    """One case: people and amounts, plan, what came back, what the actor may do, and the record."""
    page = reading.case_page(case_id=pk, by=request.by)
    return render(request, "finance/recovery.html", {"shown": page, "days": DAYS, "longest": LONGEST, "rows": ROWS})


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def decide(request: PostRequest, pk: int) -> HttpResponse:
    """The order to pay back, or the rejection."""
    done = decide_case(
        case_id=pk,
        order=request.POST.get("order") == "1",
        opinion=request.POST.get("opinion", ""),
        days=forms.number_in(request.POST.get("days", str(DAYS))),
        parts=forms.parts_in(request.POST),
        by=request.by,
    )
    return _done(request, done)


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def plan(request: PostRequest, pk: int) -> HttpResponse:
    """What is owed in instalments."""
    parts = forms.parts_in(request.POST)
    return _done(request, plan_case(case_id=pk, parts=parts, opinion=request.POST.get("opinion", ""), by=request.by))


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def receipt(request: PostRequest, pk: int) -> HttpResponse:
    """Money that the treasury received."""
    done = receive(
        case_id=pk,
        amount_fen=parse_yuan(request.POST.get("amount", "")),
        on=forms.day_in(request.POST.get("on", "")),
        reference=request.POST.get("reference", ""),
        by=request.by,
    )
    return _done(request, done)


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def offset(request: PostRequest, pk: int) -> HttpResponse:
    """Payable lines of a later claim kept back for the debt."""
    done = set_off(
        case_id=pk,
        against_id=forms.number_in(request.POST.get("claim", "")),
        line_ids=forms.keys_in(request.POST.getlist("line")),
        reason=request.POST.get("reason", ""),
        by=request.by,
    )
    return _done(request, done)


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def write_off(request: PostRequest, pk: int) -> HttpResponse:
    """Finance gives up a part or all of the debt."""
    amount = parse_yuan(request.POST.get("amount", ""))
    return _done(request, forgive(case_id=pk, amount_fen=amount, reason=request.POST.get("reason", ""), by=request.by))


@for_roles(SEES_CASES, READERS_ONLY)
@require_POST
def lift(request: PostRequest, pk: int) -> HttpResponse:
    """The order is taken back, with the reason."""
    return _done(request, lift_case(case_id=pk, reason=request.POST.get("reason", ""), by=request.by))


def _done(request: PostRequest, found: RecoveryCase) -> HttpResponse:
    messages.success(
        request, _("%(case)s 已办理，现为“%(state)s”。") % {"case": found, "state": found.get_state_display()}
    )
    return redirect("finance:recovery", found.pk)
