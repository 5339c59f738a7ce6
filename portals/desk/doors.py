"""Who may open a desk page at all, and where a deed leads. What he may see or do there is `workflows.access`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.acting import Actor
from accounts.roles import OFFICIALS
from core.errors import NotAllowed

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


class DeskRequest(HttpRequest):
    """A request whose actor is known: what every view behind `officials` gets."""

    by: Actor
    htmx: Any


def officials(view: Callable[..., HttpResponse]) -> View:
    """Signed in, and acting in a post of the village, township, bureau, finance or audit; else 403 with a sentence."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by: Actor | None = getattr(request, "by", None)
        if by is None or by.role not in OFFICIALS:
            raise NotAllowed(
                "desk_only", _("审核工作台仅供村（社区）、乡镇、民生保障局、财政和审计岗位使用，请切换岗位。")
            )
        return view(request, *args, **kwargs)

    return guarded


def onward(request: DeskRequest, name: str, *args: int | UUID, query: str = "") -> HttpResponse:
    """The next page; for a form sent by script a redirect that the browser follows."""
    response = redirect(reverse(name, args=args) + (f"?{query}" if query else ""))
    return HttpResponseClientRedirect(response.url) if request.htmx else response
