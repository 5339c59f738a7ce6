"""Signing in and out, the start page, the acting post, and the pages that say no."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refusal
from portals.shared import navigation
from portals.shared.middleware import POST_KEY, refused, way_back


class SignInForm(AuthenticationForm):
    """Login name and password; one sentence for every reason, so that nobody learns which names exist."""

    error_messages = {
        "invalid_login": gettext_lazy("登录名或密码不正确。连续5次不正确，该登录名将锁定30分钟。"),
        "inactive": gettext_lazy("登录名或密码不正确。连续5次不正确，该登录名将锁定30分钟。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("登录名")
        self.fields["password"].label = _("密码")
        self.fields["username"].widget = forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none", "maxlength": 60}
        )


class Login(auth.LoginView):
    """The sign-in page."""

    template_name = "shared/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"bare": True}


class Logout(auth.LogoutView):
    """Ends the session; POST only."""

    next_page = "login"


class Password(auth.PasswordChangeView):
    """One's own password; the session goes on."""

    template_name = "shared/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("密码已修改。"))
        return super().form_valid(form)


@login_required
def home(request: Any) -> HttpResponse:
    """To the page the acting role starts on."""
    if request.by is None:
        return render(request, "shared/no_post.html", status=403)
    start = navigation.start(request.by.role)
    return redirect(start) if start else render(request, "shared/start.html")


@require_POST
@login_required
def acting(request: Any) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    chosen = next((post for post in request.posts if str(post.pk) == request.POST.get("post", "")), None)
    if chosen is None:
        raise NotAllowed("post_not_yours", _("您今天不担任所选岗位，不能切换。岗位由系统管理员设置。"))
    request.session[POST_KEY] = chosen.pk
    messages.success(request, _("已切换到“%(post)s”。") % {"post": chosen})
    return redirect("home")


@require_POST
def session_ping(request: Any) -> HttpResponse:
    """Renew the session: 204; 401 when it is over."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page is too old, or that was not sent from here."""
    return refused(
        request, NotAllowed("form_expired", _("页面停留过久或登录已变化，本次提交没有生效。请返回并刷新页面后再提交。"))
    )


def broken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request no page of ours sends, or one too large."""
    sentence = _("提交的内容不完整或超出限制（单次不超过25 MB），没有生效。请返回后重新提交。")
    return render(
        request,
        "shared/refusal.html",
        {"refusal": Refusal("request_broken", sentence), "status": 400, "back": way_back(request)},
        status=400,
    )


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 that no command worded."""
    return refused(
        request, NotAllowed("not_allowed", _("您没有权限查看此页面。如需查看，请切换岗位或与系统管理员联系。"))
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "shared/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: drawn without the request, so that whatever broke the page cannot break this one."""
    return HttpResponse(render_to_string("shared/failed.html"), status=500)
