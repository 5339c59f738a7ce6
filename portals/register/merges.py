"""合并: two rows that are one person, said with a reason, and undone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from portals.register.doors import readers
from portals.register.people import seen
from portals.shared.access import PostRequest
from registry.labour import access, queries
from registry.labour.merging import merge_people, undo_merge


@readers
@require_http_methods(["GET", "POST"])
def merge(request: PostRequest, pk: UUID) -> HttpResponse:
    """Two rows side by side; a POST keeps the one and lets the other live on in it."""
    person = seen(request, pk)
    if request.method == "POST":
        other = _uuid(request.POST.get("other", ""))
        kept, gone = (other, pk) if request.POST.get("keep") == "other" else (pk, other)
        merge_people(kept_id=kept, gone_id=gone, reason=request.POST.get("reason", ""), by=request.by)
        messages.success(request, _("两条登记已合并。"))
        return redirect("register:person", kept)
    twins = queries.twins_of(person, request.by)
    shown = {"person": person, "twins": twins, "keep": access.can_keep(request.by, person.village)}
    return render(request, "register/merge.html", shown)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal("form_broken", _("请选择要合并的另一条登记。")) from error


@readers
@require_POST
def undo(request: PostRequest, pk: int) -> HttpResponse:
    """Make two people of them again."""
    made = undo_merge(merge_id=pk, by=request.by)
    messages.success(request, _("合并已撤销。"))
    return redirect("register:person", made.kept_id)
