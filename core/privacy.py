"""The only door for personal data: ID numbers, phones, bank accounts and files.

Values are sealed with AES-256-GCM; the column and the row's key are associated data, so a ciphertext moved to
another row or column does not open. Look-up goes over a keyed HMAC-SHA256 index. Keys live in a ring (one active,
the others for reading) outside the database. Basis: PIPL Arts. 28, 51; GB/T 22239 8.1.4.
"""

import base64
import hmac
import json
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core.errors import Refusal


class KeyRing:
    """The keys of one installation: `active` seals, every key opens, `index` is for look-ups."""

    def __init__(self, active: str, keys: dict[str, bytes], index: bytes) -> None:
        self.active, self.index = active, index
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}

    def seal(self, data: bytes, bound_to: str) -> bytes:
        """Encrypt `data` so that it opens only where `bound_to` says; the key's name leads the bytes."""
        nonce = os.urandom(12)
        name = self.active.encode()
        return bytes([len(name)]) + name + nonce + self._ciphers[self.active].encrypt(nonce, data, bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Decrypt; refuses (`privacy_broken`) bytes that were altered or moved, or whose key is gone."""
        length = sealed[0]
        name, nonce, body = sealed[1 : 1 + length].decode(), sealed[1 + length : 13 + length], sealed[13 + length :]
        try:
            return self._ciphers[name].decrypt(nonce, body, bound_to.encode())
        except (KeyError, InvalidTag) as error:
            raise Refusal(
                "privacy_broken", "一处加密数据无法解密，可能已被改动或缺少密钥，请联系系统管理员核查。"
            ) from error


def make_ring_file(path: Path) -> bool:
    """Create a ring with fresh keys (mode 600); False when one is there already. Losing it loses the data."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = {"active": "k1", "keys": {"k1": _random_key()}, "index": _random_key()}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        json.dump(fresh, file)
    return True


def _random_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The installation's key ring, read once a process from `settings.KEYS_FILE`."""
    path = Path(settings.KEYS_FILE)
    if not path.exists():
        raise ImproperlyConfigured(f"No key ring at {path}: run `manage.py make_keys` once.")
    content = json.loads(path.read_text())
    keys = {name: base64.b64decode(key) for name, key in content["keys"].items()}
    return KeyRing(content["active"], keys, base64.b64decode(content["index"]))


def index_of(purpose: str, value: str) -> str:
    """64 hex digits that find `value` again without showing it; different purposes never match each other."""
    return hmac.new(ring().index, f"{purpose}\0{value}".encode(), sha256).hexdigest()


def sign(data: bytes) -> str:
    """A keyed digest of bytes, for daily heads and check codes: 64 hex digits."""
    return hmac.new(ring().index, b"sign\0" + data, sha256).hexdigest()


class Ciphertext(str):
    """A sealed value as the database holds it; never shown."""

    def __repr__(self) -> str:
        return "<sealed>"


class SealedAttribute(DeferredAttribute):
    """Opens the value when it is read, with the row it stands in."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls) if self.field.attname not in instance.__dict__ else None
        value = instance.__dict__.get(self.field.attname, value)
        if not isinstance(value, Ciphertext):
            return value
        return ring().open(base64.b64decode(value), self.field.bound_to(instance)).decode()

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField):
    """Text that the database only holds sealed. Needs a primary key known before saving (a UUID).

    It can be neither filtered nor bulk-updated: use a keyed index column beside it.
    """

    descriptor_class = SealedAttribute

    def bound_to(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return Ciphertext(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if not value or isinstance(value, Ciphertext):
            return value
        sealed = Ciphertext(base64.b64encode(ring().seal(str(value).encode(), self.bound_to(model_instance))).decode())
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def get_prep_value(self, value: Any) -> Any:
        if value and not isinstance(value, Ciphertext):
            raise TypeError(f"{self.name}: a sealed column takes no plain value in a query")
        return str(value) if value else value
