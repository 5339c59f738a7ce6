"""How often one address may ask: enough for people, too little for whoever tries numbers one after the other.

Counted in the database, for all server processes together; of the address only a keyed digest is kept, for a minute
(for a day where it objects).
"""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from core.shares import take_share

QUESTIONS_A_MINUTE = 30
FILES_A_MINUTE = 6
OBJECTIONS_A_DAY = 6
DAY = 24 * 60 * 60  # seconds


def too_many(request: HttpRequest) -> bool:
    """Count a question; True when the address has had its share of this minute."""
    return not take_share("verify", address_of(request), most=QUESTIONS_A_MINUTE)


def too_many_files(request: HttpRequest) -> bool:
    """Count an uploaded file; True when the address has had its share of this minute."""
    return not take_share("verify_file", address_of(request), most=FILES_A_MINUTE)


def too_many_objections(request: HttpRequest) -> bool:
    """Count an attempt to object; True when the address has had its share of this day."""
    return not take_share("object", address_of(request), most=OBJECTIONS_A_DAY, seconds=DAY)


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind the configured proxy, the one that the proxy saw. Of IPv6 the network of a home."""
    if settings.SECURE_PROXY_SSL_HEADER:
        address = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
    else:
        address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        whole = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{whole}/64", strict=False)) if isinstance(whole, IPv6Address) else address
