"""Who may open a page at all. What he may see or do there is the question of the packages below."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core.errors import NotAllowed
from portals.shared.middleware import ActingRequest, no_post

View = Callable[..., HttpResponse]


class PostRequest(ActingRequest):
    """A request of somebody who acts in a post: what a view behind `signed_in` or `for_roles` gets."""

    by: Actor


def signed_in(view: View) -> View:
    """Signed in and holding a post today; otherwise the sign-in page, or a page that says a post is missing."""

    @login_required
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.by is None:
            return no_post(request)
        return view(request, *args, **kwargs)

    return guarded


def for_roles(roles: Collection[Role], sentence: str | Promise = "") -> Callable[[View], View]:
    """Like `signed_in`, for some roles only; others are refused `not_your_role` with `sentence`."""

    def door(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.by.role not in roles:
                raise NotAllowed("not_your_role", str(sentence) or _("当前岗位不能使用此页面，请在页面上方切换岗位。"))
            return view(request, *args, **kwargs)

        return guarded

    return door
