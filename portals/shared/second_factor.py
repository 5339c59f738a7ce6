"""两步验证: nothing opens to an official before his second factor is proved; setting one up, and looking after one's own."""

import json
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_otp import login

from accounts import second_factor as factors
from core.errors import NotAllowed, Refusal
from portals.shared.access import PostRequest, signed_in
from portals.shared.middleware import GetResponse, refused, status_of

OPEN = frozenset({"second_factor", "second_factor_setup", "passkey_offer", "passkey_add", "passkey_question",
                  "passkey_prove", "login", "logout", "session_ping"})  # fmt: skip
ASIDE = ("/static/", "/verify/", "/publicity/")  # what is there for everybody, signed in or not
CHALLENGE, NEXT = "passkey_challenge", "second_factor_next"
QR_SCALE = 4


class SecondFactorMiddleware:
    """Sends whoever needs a second factor and has not proved it to the page that asks for it. No query when off."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Before any view but those that lead to the proof."""
        if not factors.needed(request.posts) or request.user.is_verified():
            return None
        if request.resolver_match.view_name in OPEN or request.path.startswith(ASIDE):
            return None
        if request.htmx:
            return HttpResponseClientRedirect(resolve_url("second_factor"))
        if request.method != "GET":
            return refused(request, NotAllowed("second_factor", _("请先完成两步验证，再办理业务。")))
        request.session[NEXT] = request.get_full_path()
        return redirect("second_factor")


@signed_in
def prove(request: PostRequest) -> HttpResponse:
    """Ask for the code or the passkey; who has none yet sets one up."""
    if request.method == "POST":
        device = factors.prove_token(token=request.POST.get("token", ""), by=request.by)
        return redirect(_proved(request, device))
    if not factors.has_factor(request.by.user):
        return redirect("second_factor_setup")
    return render(request, "shared/second_factor.html", {
        "authenticator": factors.authenticator_of(request.by.user), "passkeys": factors.passkeys_of(request.by.user),
    })  # fmt: skip


@signed_in
def setup(request: PostRequest) -> HttpResponse:
    """Scan, type the first code; or make a passkey. Who has a factor must have proved it to add another."""
    _unless_proved(request)
    if request.method == "POST":
        device = factors.confirm_authenticator(token=request.POST.get("token", ""), by=request.by)
        messages.success(request, _("验证器已登记，今后登录时输入其中的六位数字。"))
        return redirect(_proved(request, device))
    waiting = factors.begin_authenticator(by=request.by)
    picture = segno.make(factors.address_of(waiting), error="m", micro=False).svg_data_uri(scale=QR_SCALE, border=2)
    return render(request, "shared/second_factor_setup.html", {"secret": waiting.secret, "picture": picture})


@signed_in
@require_GET
def own(request: PostRequest) -> HttpResponse:
    """One's own factors."""
    return render(request, "shared/second_factor_own.html", {
        "authenticator": factors.authenticator_of(request.by.user), "passkeys": factors.passkeys_of(request.by.user),
        "needed": factors.needed(request.posts),
    })  # fmt: skip


@signed_in
@require_POST
def remove(request: PostRequest) -> HttpResponse:
    """Give up one of one's own factors."""
    _unless_proved(request)
    number = request.POST.get("device", "")
    pk = int(number) if number.isascii() and number.isdigit() else 0
    factors.remove(kind=request.POST.get("kind", ""), pk=pk, by=request.by)
    messages.success(request, _("验证方式已删除。"))
    return redirect("second_factor_own")


@signed_in
@require_POST
def passkey_offer(request: PostRequest) -> HttpResponse:
    """What the browser makes a passkey of."""
    _unless_proved(request)
    return _ask(request, factors.passkey_offer(by=request.by))


@signed_in
@require_POST
def passkey_add(request: PostRequest) -> JsonResponse:
    """Keep a new passkey: `{"next"}`, or `{"error"}` with the sentence."""

    def add(answer: dict[str, Any], challenge: str) -> str:
        _unless_proved(request)
        passkey = factors.add_passkey(
            answer=answer, challenge=challenge, name=str(answer.get("name", "")), by=request.by
        )
        messages.success(request, _("通行密钥已登记。"))
        return _proved(request, passkey, "second_factor_own")

    return _answered(request, add)


@signed_in
@require_POST
def passkey_question(request: PostRequest) -> HttpResponse:
    """What the browser proves a passkey with."""
    return _ask(request, factors.passkey_question(by=request.by))


@signed_in
@require_POST
def passkey_prove(request: PostRequest) -> JsonResponse:
    """Prove a passkey: `{"next"}`, or `{"error"}` with the sentence."""

    def prove_it(answer: dict[str, Any], challenge: str) -> str:
        return _proved(request, factors.prove_passkey(answer=answer, challenge=challenge, by=request.by))

    return _answered(request, prove_it)


def _unless_proved(request: Any) -> None:
    """Whoever has a factor shows it before he changes them; else a stolen password could add its own."""
    if factors.has_factor(request.by.user) and not request.user.is_verified():
        raise NotAllowed("second_factor", _("请先用已登记的方式完成两步验证。"))


def _proved(request: Any, device: Any, otherwise: str = "home") -> str:
    """The session counts as proved under a new key; where to go on."""
    request.session.cycle_key()
    login(request, device)
    wanted = request.session.pop(NEXT, "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else resolve_url(otherwise)


def _ask(request: HttpRequest, offer: str) -> HttpResponse:
    request.session[CHALLENGE] = factors.challenge_in(offer)
    return HttpResponse(offer, content_type="application/json")


def _answered(request: HttpRequest, act: Any) -> JsonResponse:
    try:
        answer = json.loads(request.body)
        challenge = request.session.pop(CHALLENGE)
        if not isinstance(answer, dict):
            raise ValueError
    except (ValueError, KeyError):
        return JsonResponse({"error": _("验证已过期，请刷新页面后重试。")}, status=422)
    try:
        return JsonResponse({"next": act(answer, challenge)})
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=status_of(refusal))
