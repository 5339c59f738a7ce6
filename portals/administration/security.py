"""登录锁定, 登录记录 and 两步验证, for the security administrator."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import locks as log_ins
from accounts import second_factor
from portals.administration.doors import onward, security_keepers
from portals.administration.forms import page_of
from portals.shared.access import PostRequest


@security_keepers
@require_GET
def locks(request: PostRequest) -> HttpResponse:
    """Login names locked now."""
    page = page_of(log_ins.locked(), request.GET.get("page", ""))
    return render(request, "administration/locks.html", {"page": page, "rule": log_ins.rule()})


@security_keepers
@require_POST
def unlock(request: PostRequest) -> HttpResponse:
    """Lift one lock before its time."""
    log_ins.unlock(username=request.POST.get("username", ""), by=request.by)
    messages.success(request, _("已解除锁定，该用户可以重新登录。"))
    return onward(request, "administration:locks")


@security_keepers
@require_GET
def sign_ins(request: PostRequest) -> HttpResponse:
    """Sign-ins that succeeded, the latest first."""
    page = page_of(log_ins.recent(), request.GET.get("page", ""))
    return render(request, "administration/sign_ins.html", {"page": page})


@security_keepers
@require_GET
def factors(request: PostRequest) -> HttpResponse:
    """Who has set up which second factor."""
    words = request.GET.get("q", "").strip()[:60]
    page = page_of(second_factor.officials(words), request.GET.get("page", ""))
    return render(request, "administration/factors.html", {"page": page, "words": words, "on": settings.SECOND_FACTOR})


@security_keepers
@require_POST
def factor_reset(request: PostRequest) -> HttpResponse:
    """Take the factors of somebody who lost his phone."""
    number = request.POST.get("user", "")
    user_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    second_factor.reset(user_id=user_id, reason=request.POST.get("reason", ""), by=request.by)
    messages.success(request, _("已重置，该用户下次登录时重新登记。"))
    return onward(request, "administration:factors")
