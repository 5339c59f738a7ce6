"""The second factor an official signs in with: an authenticator's six digits (RFC 6238) or a passkey (WebAuthn).

GB/T 22239-2019 8.1.4.1 d) asks two factors of level-3 systems, one of them cryptographic; both of these are.
"""

import base64
import secrets
import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP

from core.privacy import ring

KEY_BYTES = 20
TOLERANCE = 1  # half-minutes a phone's clock may be off, either way


class Authenticator(ThrottlingMixin, Device):
    """An app that shows six digits, new each half-minute. Its key is sealed; a code is taken once."""

    objects: models.Manager["Authenticator"] = models.Manager()
    sealed_key = models.BinaryField()
    last_t = models.BigIntegerField(default=-1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Device.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(confirmed=True), name="one_authenticator_a_user")
        ]

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first wrong code; doubled with each one more."""
        return 1

    def new_key(self) -> None:
        """Give it a fresh key; not saved."""
        self.sealed_key = ring().seal(secrets.token_bytes(KEY_BYTES), self._bound_to())

    @property
    def key(self) -> bytes:
        """The shared secret."""
        return ring().open(bytes(self.sealed_key), self._bound_to())

    @property
    def secret(self) -> str:
        """The shared secret as apps take it by hand: base32 in groups of four."""
        text = base64.b32encode(self.key).decode()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))

    def verify_token(self, token: str) -> bool:
        """Whether the code is right now and was not used; saved either way, so the caller holds the row's lock."""
        allowed, _why = self.verify_is_allowed()
        if not allowed or not (token.isascii() and token.isdigit()):
            return False
        reckoned = TOTP(self.key)
        reckoned.time = time.time()
        found = reckoned.verify(int(token), TOLERANCE, self.last_t + 1)
        if found:
            self.last_t = reckoned.t()
            self.throttle_reset(commit=False)
        else:
            self.throttle_increment(commit=False)
        self.save()
        return bool(found)

    def _bound_to(self) -> str:
        return f"accounts_authenticator:{self.user_id}"


class Passkey(Device):
    """A key that never leaves its holder's phone, computer or security stick; only its public half is here."""

    objects: models.Manager["Passkey"] = models.Manager()
    credential_id = models.CharField(max_length=500, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta(Device.Meta):
        abstract = False
        ordering = ["pk"]
