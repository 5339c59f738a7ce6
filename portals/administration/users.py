"""用户与岗位: accounts and their posts. Accounts are closed, never deleted; posts end, and stay in the record."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import commands, queries
from accounts.acting import Actor
from accounts.models import Area, Organisation, Post, User
from accounts.roles import OF_AREA, OF_ORGANISATION, Role
from core import clock
from core.errors import Refusal
from core.verdict import Verdict
from portals.administration.doors import account_keepers, onward
from portals.administration.forms import day_in, number_in, page_of
from portals.shared.access import PostRequest

ORGANISATION_ROLES = {kind: role for role, kind in OF_ORGANISATION.items()}


@dataclass(frozen=True, slots=True)
class Held:
    """A post as it stands today: `standing` is ``now``, ``ahead`` or ``over``."""

    post: Post
    standing: str
    ends: bool  # it may still be ended


@dataclass(frozen=True, slots=True)
class Sheet:
    """A user's page; `found` are organisations for the search words, each with the role it gives."""

    account: User
    held: list[Held]
    may_change: Verdict
    roles: list[tuple[str, list[tuple[str, str]]]]
    areas: list[Area]
    words: str
    found: list[tuple[Organisation, Role]]


@account_keepers
@require_GET
def users(request: PostRequest) -> HttpResponse:
    """All accounts, 25 a page; narrowed by name, login name or place."""
    q = request.GET.get("q", "").strip()
    page = page_of(queries.users(q=q), request.GET.get("page", ""))
    held = [(account, [post for post in account.posts.all() if post.holds_on(clock.today())]) for account in page]
    return render(request, "administration/users.html", {"page": page, "held": held, "q": q})


@account_keepers
@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: PostRequest) -> HttpResponse:
    """The form, and the answer with the first password, shown this once."""
    if request.method == "GET":
        return render(request, "administration/open_account.html")
    account, password = commands.open_account(
        username=request.POST.get("username", ""), full_name=request.POST.get("full_name", ""), by=request.by
    )
    return _with_password(request, account, password, opened=True)


@account_keepers
@never_cache
@require_POST
def reset_password(request: PostRequest, pk: int) -> HttpResponse:
    """A fresh password, shown this once."""
    return _with_password(request, *commands.reset_password(user_id=pk, by=request.by))


@account_keepers
@require_GET
def user(request: PostRequest, pk: int) -> HttpResponse:
    """One account: its posts, and what can be done with it."""
    return render(request, "administration/user.html", {"sheet": sheet(pk, request.GET.get("q", ""), request.by)})


@account_keepers
@require_POST
def close_account(request: PostRequest, pk: int) -> HttpResponse:
    """Close the account; its posts end with it."""
    closed = commands.close_account(user_id=pk, by=request.by, reason=request.POST.get("reason", ""))
    messages.success(request, _("%(user)s 的账号已停用，岗位同时终止，办理记录保留。") % {"user": closed})
    return onward(request, "administration:user", pk)


@account_keepers
@require_POST
def grant_post(request: PostRequest, pk: int) -> HttpResponse:
    """Give the user a post in an area or in an organisation."""
    post = commands.grant_post(
        user_id=pk,
        role=request.POST.get("role", ""),
        area_id=number_in(request.POST.get("area", "")),
        organisation_id=number_in(request.POST.get("organisation", "")),
        valid_from=day_in(request.POST.get("from", "")),
        by=request.by,
    )
    messages.success(request, _("已授予岗位“%(post)s”。") % {"post": post})
    return onward(request, "administration:user", pk)


@account_keepers
@require_POST
def end_post(request: PostRequest, pk: int) -> HttpResponse:
    """End a post, today or on a later day."""
    post = commands.end_post(post_id=pk, on=day_in(request.POST.get("on", "")), by=request.by)
    day = post.valid_to.isoformat() if post.valid_to else ""
    messages.success(request, _("岗位“%(post)s”于%(day)s终止。") % {"post": post, "day": day})
    return onward(request, "administration:user", post.user_id)


def sheet(user_id: int, words: str, by: Actor) -> Sheet:
    """A user's page; refuses `user_unknown`."""
    account = queries.user_by_id(user_id)
    if account is None:
        raise Refusal("user_unknown", _("找不到该用户，请从用户列表重新选择。"))
    found = list(queries.organisations(words))
    return Sheet(
        account=account,
        held=[_held(post) for post in account.posts.all()],
        may_change=commands.can_change(by, account),
        roles=_area_roles(),
        areas=list(queries.areas()),
        words=words.strip(),
        found=[(one, ORGANISATION_ROLES[one.kind]) for one in found if one.kind in ORGANISATION_ROLES],
    )


def _with_password(request: PostRequest, account: User, password: str, opened: bool = False) -> HttpResponse:
    shown = {"account": account, "password": password, "opened": opened}
    return render(request, "administration/_password.html" if request.htmx else "administration/password.html", shown)


def _held(post: Post) -> Held:
    today = clock.today()
    if post.holds_on(today):
        return Held(post, "now", post.valid_to is None or post.valid_to > today)
    ahead = post.valid_from > today
    return Held(post, "ahead" if ahead else "over", ahead and post.valid_to is None)


def _area_roles() -> list[tuple[str, list[tuple[str, str]]]]:
    """Roles of an area by the kind of area they need, as the choice is grouped."""
    groups: dict[str, list[tuple[str, str]]] = {_("区级岗位"): [], _("乡镇（工业区）岗位"): [], _("村（社区）岗位"): []}
    names = dict(zip(("zone", "township", "village"), groups, strict=True))
    for role in Role:
        if role not in OF_ORGANISATION:
            groups[names[OF_AREA.get(role, "zone")]].append((role.value, str(role.label)))
    return list(groups.items())
