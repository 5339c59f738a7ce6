"""人员: the list with its search, one person with his history, and what is recorded about him."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from portals.register.doors import readers
from portals.register.forms import DoingForm, GroupForm, PersonForm, area_in, sound
from portals.shared.access import PostRequest
from registry.labour import access, commands, queries
from registry.labour.codes import Group, LabourState
from registry.models import LabourPerson

PAGE = 25
STATES = [("in", _("在统计范围内")), *LabourState.choices, ("out", _("不在统计范围")), ("none", _("未登记状态"))]
MARKS = [("doubtful", _("疑似重复")), ("absent", _("上次名单中没有")), *Group.choices]


@readers
@require_safe
def people(request: PostRequest) -> HttpResponse:
    """The people of the post's villages, searched by name, ID number or phone; 25 a page."""
    villages = access.areas_of(request.by)
    asked = {name: request.GET.get(name, "")[:60] for name in ("q", "village", "status", "mark")}
    found = queries.people(
        request.by, q=asked["q"], area=area_in(asked["village"], villages), status=asked["status"], mark=asked["mark"]
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "villages": villages, "states": STATES, "marks": MARKS, **asked}
    return render(request, "register/people.html", shown | {"keeps": request.by.role in access.KEEPERS})


@readers
@require_safe
def person(request: PostRequest, pk: UUID) -> HttpResponse:
    """One person: particulars masked, history, key groups, merges, namesakes."""
    return render(request, "register/person.html", _shown(request, seen(request, pk)))


def seen(request: PostRequest, pk: UUID) -> LabourPerson:
    """A person whom the post sees, his open status loaded; others are refused as if they were not there."""
    found = queries.with_now(queries.visible_to(request.by)).filter(pk=pk).first()
    if found is None:
        access.NOT_SEEN.require()
        raise AssertionError
    return found


def _shown(request: PostRequest, found: LabourPerson) -> dict[str, object]:
    now = found.now[0] if found.now else None  # type: ignore[attr-defined]
    initial = {name: getattr(now, name) for name in DoingForm.base_fields if name != "since"} if now else None
    return {
        "person": found,
        "now": now,
        "history": queries.history_of(found),
        "groups": queries.groups_of(found),
        "merges": queries.merges_of(found),
        "twins": queries.twins_of(found, request.by),
        "keep": access.can_keep(request.by, found.village),
        "doing_form": DoingForm(initial=initial),
        "group_form": GroupForm(),
    }


@readers
@require_http_methods(["GET", "POST"])
def new(request: PostRequest) -> HttpResponse:
    """A form for one more person, with what he does."""
    access.can_register(request.by).require()
    villages = access.areas_of(request.by)
    sent = request.POST if request.method == "POST" else None
    form, doing = PersonForm(sent), DoingForm(sent)
    village = area_in(request.POST.get("village", ""), villages) or (villages.first() if len(villages) == 1 else None)
    shown = {"form": form, "doing": doing, "villages": villages, "chosen": village}
    if request.method != "POST":
        return render(request, "register/new.html", shown)
    if form.is_valid() and doing.is_valid() and village is not None:
        try:
            made = commands.register_person(village=village, who=form.particulars(), doing=doing.doing(), by=request.by)
        except Refusal as refusal:
            if not refusal.fields and refusal.code != "person_known":
                raise
            form.takes(refusal)
        else:
            messages.success(request, _("已登记%(name)s。") % {"name": made.name})
            return redirect("register:person", made.pk)
    elif village is None:
        form.add_error(None, _("请选择户籍村。"))
    return render(request, "register/new.html", shown, status=422)


@readers
@require_POST
def status(request: PostRequest, pk: UUID) -> HttpResponse:
    """What he does from a day on."""
    form = sound(DoingForm(request.POST))
    commands.record_status(person_id=pk, doing=form.doing(), by=request.by)  # type: ignore[attr-defined]
    messages.success(request, _("就业状态已登记。"))
    return redirect("register:person", pk)


@readers
@require_POST
def group(request: PostRequest, pk: UUID) -> HttpResponse:
    """A key group he belongs to."""
    form = sound(GroupForm(request.POST))
    commands.record_group(person_id=pk, by=request.by, **form.cleaned_data)
    messages.success(request, _("重点群体已登记。"))
    return redirect("register:person", pk)


@readers
@require_POST
def end_group(request: PostRequest, pk: int) -> HttpResponse:
    """He belongs to it no longer."""
    ended = commands.end_group(key_group_id=pk, by=request.by)
    messages.success(request, _("重点群体登记已结束。"))
    return redirect("register:person", ended.person_id)


@readers
@require_POST
def reveal(request: PostRequest, pk: UUID) -> HttpResponse:
    """A number in full, once, on a page that is not kept; the reason is recorded."""
    what = "phone" if request.POST.get("what") == "phone" else "id_number"
    value = commands.reveal(person_id=pk, what=what, reason=request.POST.get("reason", ""), by=request.by)  # type: ignore[arg-type]
    shown = _shown(request, seen(request, pk)) | {"revealed": value, "what": what}
    response = render(request, "register/person.html", shown)
    response["Cache-Control"] = "private, no-store"
    return response
