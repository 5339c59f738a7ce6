"""How often one address may ask: enough for people, too little for whoever tries numbers one after the other."""

from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from core import clock

QUESTIONS_A_MINUTE = 30


def too_many(request: HttpRequest) -> bool:
    """Count a question; True when the address has had its share of this minute.

    Counted in Django's default cache: a process of its own each unless a shared cache is configured.
    """
    key = f"verify:{sha256(address_of(request).encode()).hexdigest()[:32]}:{clock.now():%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > QUESTIONS_A_MINUTE
    except ValueError:  # the entry was pushed out between the two calls
        return False


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind the configured proxy, the one that the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
