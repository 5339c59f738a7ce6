"""Who needs a second factor, setting one up, proving it, and taking it from somebody who lost it.

On by `SECOND_FACTOR` (in production by default). Claimants sign in with name and password; officials and
administrators, whose decisions move money or open personal data, need both.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import webauthn
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.acting import Actor
from accounts.factors import Authenticator, Passkey
from accounts.models import Post, User
from accounts.roles import ADMINISTRATION, OFFICIALS, Role
from core.errors import NotAllowed, Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no

LONGEST_NAME, LONGEST_REASON = 40, 200
MOST_PASSKEYS = 5
WRONG = _lazy("验证码不正确。请核对手机时间是否准确，等待下一组数字后重新输入；连续输错须逐次等待更久。")


def needed(posts: Sequence[Post]) -> bool:
    """Whether somebody who holds these posts must prove a second factor."""
    return settings.SECOND_FACTOR and any(post.role in OFFICIALS | ADMINISTRATION for post in posts)


def authenticator_of(user: User) -> Authenticator | None:
    """The user's confirmed authenticator."""
    return Authenticator.objects.filter(user=user, confirmed=True).first()


def passkeys_of(user: User | int) -> QuerySet[Passkey]:
    """The user's passkeys, in the order they were added."""
    return Passkey.objects.filter(user=user)


def has_factor(user: User) -> bool:
    """Whether the user has set up a factor; two queries at most."""
    return authenticator_of(user) is not None or passkeys_of(user).exists()


def begin_authenticator(*, by: Actor) -> Authenticator:
    """An authenticator waiting for its first code: the same one until that is given. Refuses `factor_there`."""
    with transaction.atomic():
        user = _locked(by)
        if authenticator_of(user):
            raise WrongState("factor_there", _("您已登记验证器。更换手机请先删除旧的，或请安全管理员重置。"))
        waiting = Authenticator.objects.filter(user=user, confirmed=False).first()
        if waiting is None:
            waiting = Authenticator(user=user, name="TOTP", confirmed=False)
            waiting.new_key()
            waiting.save()
        return waiting


def address_of(authenticator: Authenticator) -> str:
    """What the app reads from the QR code (otpauth URI)."""
    issuer = quote(str(settings.ZONE_NAME) + "引工")
    label = quote(authenticator.user.username)
    secret = authenticator.secret.replace(" ", "")
    return f"otpauth://totp/{issuer}:{label}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"


def confirm_authenticator(*, token: str, by: Actor) -> Authenticator:
    """The first right code makes it count. Refuses `factor_missing`, `token_wrong`."""
    with transaction.atomic():
        user = _locked(by)
        waiting = Authenticator.objects.select_for_update().filter(user=user, confirmed=False).first()
        if waiting is None:
            raise WrongState("factor_missing", _("没有待确认的验证器，请刷新页面重新扫码。"))
        right = waiting.verify_token(_digits(token))
        if right:
            waiting.confirmed = True
            waiting.save()
            record(_chain(user), "factor_added", by=by, data={"kind": "authenticator"})
    if not right:
        raise Refusal("token_wrong", str(WRONG))
    return waiting


def prove_token(*, token: str, by: Actor) -> Authenticator:
    """The device, when the code is right. Refuses `factor_missing`, `token_wrong`; wrong codes slow the next down."""
    with transaction.atomic():
        device = Authenticator.objects.select_for_update().filter(user=by.user_id, confirmed=True).first()
        right = device is not None and device.verify_token(_digits(token))
    if device is None:
        raise WrongState("factor_missing", _("您还没有登记验证器，请用通行密钥验证，或请安全管理员重置。"))
    if not right:
        raise Refusal("token_wrong", str(WRONG))
    return device


def passkey_offer(*, by: Actor) -> str:
    """What the browser needs to make a new passkey, as JSON; its `challenge` is to be kept for `add_passkey`."""
    offer = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=str(settings.ZONE_NAME) + "引工",
        user_id=str(by.user_id).encode(),
        user_name=by.user.username,
        user_display_name=by.user.full_name,
        exclude_credentials=_known(by.user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(offer)


def add_passkey(*, answer: dict[str, Any], challenge: str, name: str, by: Actor) -> Passkey:
    """Keep the public half of a new passkey. Refuses `passkey_wrong`, `passkeys_many`."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refusal("passkey_wrong", _("没有得到有效的通行密钥，请重新登记。")) from error
    with transaction.atomic():
        user = _locked(by)
        if passkeys_of(user).count() >= MOST_PASSKEYS:
            raise Refusal("passkeys_many", _("最多登记%(most)d个通行密钥，请先删除不用的。") % {"most": MOST_PASSKEYS})
        passkey = Passkey.objects.create(
            user=user,
            name=name.strip()[:LONGEST_NAME] or _("通行密钥"),
            credential_id=bytes_to_base64url(found.credential_id),
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
        )
        record(_chain(user), "factor_added", by=by, data={"kind": "passkey", "device": passkey.pk})
    return passkey


def passkey_question(*, by: Actor) -> str:
    """What the browser needs to prove a passkey, as JSON; its `challenge` is to be kept for `prove_passkey`."""
    return options_to_json(webauthn.generate_authentication_options(rp_id=_host(), allow_credentials=_known(by.user)))


def prove_passkey(*, answer: dict[str, Any], challenge: str, by: Actor) -> Passkey:
    """The passkey, when the answer is its own and new. Refuses `passkey_wrong`."""
    wrong = Refusal("passkey_wrong", _("通行密钥没有通过验证，请重试或改用验证码。"))
    with transaction.atomic():
        known = Passkey.objects.select_for_update().filter(user=by.user_id, credential_id=str(answer.get("id", "")))
        passkey = known.first()
        if passkey is None:
            raise wrong
        try:
            found = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=_host(),
                expected_origin=_origin(),
                credential_public_key=bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise wrong from error
        passkey.sign_count = found.new_sign_count
        passkey.save(update_fields=["sign_count"])
    return passkey


def remove(*, kind: str, pk: int, by: Actor) -> None:
    """Give up one of one's own factors; refuses `factor_unknown`, and `factor_last` for the last one."""
    with transaction.atomic():
        user = _locked(by)
        device: Authenticator | Passkey | None = None
        if kind == "authenticator":
            device = Authenticator.objects.filter(user=user, pk=pk, confirmed=True).first()
        elif kind == "passkey":
            device = passkeys_of(user).filter(pk=pk).first()
        if device is None:
            raise Refusal("factor_unknown", _("找不到该验证方式，请刷新页面。"))
        if Authenticator.objects.filter(user=user, confirmed=True).count() + passkeys_of(user).count() == 1:
            raise Refusal("factor_last", _("这是您唯一的验证方式，不能删除。请先登记另一种。"))
        device.delete()
        record(_chain(user), "factor_removed", by=by, data={"kind": kind})


def can_reset(by: Actor) -> Verdict:
    """Whether the post gives people who lost their phone a new start."""
    return YES if by.role == Role.SECURITY_ADMIN else no("factors_not_yours", _("两步验证由安全管理员重置。"))


def reset(*, user_id: int, reason: str, by: Actor) -> int:
    """Take all factors from somebody who lost them; his next sign-in sets up a new one. How many were taken.

    Refuses `factors_not_yours`, `factor_own`, `reason_missing`, `factor_missing`. A session proved with them ends.
    """
    can_reset(by).require()
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise Refusal("reason_missing", _("请填写重置原因，例如本人到场核实、手机遗失。"))
    if user_id == by.user_id:
        raise NotAllowed("factor_own", _("不能重置自己的两步验证，请由另一名安全管理员办理。"))
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        taken = Authenticator.objects.filter(user=user_id).delete()[0] + passkeys_of(user_id).delete()[0]
        if user is None or not taken:
            raise WrongState("factor_missing", _("该用户没有登记两步验证，无需重置。"))
        record(_chain(user), "factor_reset", by=by, data={"user": user.pk, "taken": taken, "reason": words})
    return taken


def officials(words: str = "") -> QuerySet[User]:
    """Active accounts that need a factor, with `has_authenticator` and `passkeys`; by login name."""
    posts = Post.objects.filter(user=OuterRef("pk"), role__in=OFFICIALS | ADMINISTRATION)
    found = User.objects.filter(Exists(posts), is_active=True).annotate(
        has_authenticator=Exists(Authenticator.objects.filter(user=OuterRef("pk"), confirmed=True)),
        passkeys=Count("passkey", distinct=True),
    )
    if words:
        found = found.filter(Q(username__icontains=words) | Q(full_name__icontains=words))
    return found.order_by("username")


def challenge_in(offer: str) -> str:
    """The challenge of an offer or a question, to be kept in the session."""
    return str(json.loads(offer)["challenge"])


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in passkeys_of(user)]


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _origin() -> str:
    parts = urlsplit(settings.PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def _digits(token: str) -> str:
    return "".join(token.split())[:8]


def _chain(user: User) -> str:
    return f"login:{user.pk}"


def _locked(by: Actor) -> User:
    return User.objects.select_for_update().get(pk=by.user_id)
