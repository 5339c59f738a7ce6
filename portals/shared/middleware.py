"""Who acts in a request, and how a refusal is told."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.acting import Actor, acting, current_posts
from accounts.models import Post
from core import clock
from core.errors import NotAllowed, Refusal, WrongState

GetResponse = Callable[[HttpRequest], HttpResponse]
POST_KEY = "post_id"
SEEN_KEY, RENEW_SECONDS = "seen", 60
ANSWER = "answer"  # a form that shows refusals itself targets an element whose id begins so
REFUSALS = "#refusals"  # otherwise they are shown at the head of the page


class ActingRequest(HttpRequest):
    """What every view may rely on: `by` (None when anonymous or without a post), `posts` in force today, `htmx`."""

    by: Actor | None
    posts: list[Post]
    htmx: Any


class ActingMiddleware:
    """Sets `request.by` and `request.posts` from the session; one query for a signed-in user, none for others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.posts, request.by = [], None
        if request.user.is_authenticated:
            request.posts = current_posts(request.user)
            request.by = acting(request.user, request.session.get(POST_KEY), request.posts)
            _renew(request)
        return _whole_page(request, self.get_response(request))


class RefusalMiddleware:
    """Tells a refusal as a page, or as a fragment to a request made by htmx; the status says which kind it is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; leave every other exception to Django."""
        return refused(request, exception) if isinstance(exception, Refusal) else None


def refused(request: Any, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal: 403 not allowed, 409 too late, 422 anything else."""
    status = status_of(refusal)
    if _lacks_post(request) and isinstance(refusal, NotAllowed) and refusal.code != "form_expired":
        return no_post(request)
    shown = {"refusal": refusal, "status": status, "back": way_back(request)}
    if not getattr(request, "htmx", False):
        return render(request, "shared/refusal.html", shown, status=status)
    response = render(request, "components/refusal.html", shown, status=status)
    if not (request.htmx.target or "").startswith(ANSWER):
        response["HX-Retarget"], response["HX-Reswap"] = REFUSALS, "innerHTML show:top"
    return response


def no_post(request: Any) -> HttpResponse:
    """The page for somebody who holds no post today; a fragment is never replaced by it, the browser goes there."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url("home"))
    return render(request, "shared/no_post.html", status=403)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, WrongState) else 422


def way_back(request: HttpRequest) -> str:
    """The page the request came from when it is one of ours and not this one, else the start page."""
    came_from = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if came_from and ours and (request.method != "GET" or came_from != request.build_absolute_uri()):
        return came_from
    return resolve_url("home")


def _renew(request: Any) -> None:
    """Put off the end of an idle session, by writing at most once a minute: pages stay free of writes."""
    moment = int(clock.now().timestamp())
    if abs(moment - request.session.get(SEEN_KEY, 0)) >= RENEW_SECONDS:
        request.session[SEEN_KEY] = moment


def _lacks_post(request: Any) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and getattr(request, "by", None) is None)


def _whole_page(request: Any, response: HttpResponse) -> HttpResponse:
    """A fragment asked for after the session ended must not be replaced by the sign-in page: go there instead."""
    login = resolve_url(settings.LOGIN_URL)
    if getattr(request, "htmx", False) and response.status_code == 302 and response["Location"].startswith(login):
        return HttpResponseClientRedirect(login)
    return response
