"""How pages write money, days and moments. Builtin: no template needs to load it."""

from datetime import date, datetime

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.context import RequestContext

from core import money
from core.clock import SHANGHAI

register = template.Library()
NOTHING = "—"


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as ``1,000.00``; a dash when there is no amount."""
    return NOTHING if fen is None or fen == "" else money.yuan(int(fen))


@register.filter
def yuan_short(fen: int | None) -> str:
    """Fen as ``1,000`` when whole yuan, else ``1,000.50``."""
    return yuan(fen).removesuffix(".00")


@register.filter
def upper_rmb(fen: int | None) -> str:
    """Fen in formal figures: 人民币壹仟元整."""
    return NOTHING if fen is None or fen == "" else money.rmb_upper(int(fen))


@register.filter
def day(value: date | datetime | None) -> str:
    """``2025-11-24``; a moment gives its day in Shanghai."""
    return _day(value).isoformat() if value else NOTHING


@register.filter
def day_zh(value: date | datetime | None) -> str:
    """``2025年11月24日``."""
    if not value:
        return NOTHING
    found = _day(value)
    return f"{found.year}年{found.month}月{found.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """``2025-11-24 10:32``, Shanghai time."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else NOTHING


@register.filter
def mask_phone(value: str | None) -> str:
    """``138****5678``: the first three and last four; all stars when too short to mask."""
    return _masked(value, 3, 4)


@register.filter
def mask_account(value: str | None) -> str:
    """A bank account with its last four digits only: ``**** 1234``."""
    return f"**** {str(value)[-4:]}" if value and len(str(value)) > 8 else _masked(value, 0, 0)


@register.filter
def mask_id(value: str | None) -> str:
    """An identity number with its first six and last two characters."""
    return _masked(value, 6, 2)


@register.simple_tag
def organ(name: str) -> str:
    """A name that the zone may word for itself: ``zone``, ``bureau``, ``finance``, ``contact``."""
    return {
        "zone": settings.ZONE_NAME,
        "bureau": settings.BUREAU_NAME,
        "finance": settings.FINANCE_NAME,
        "contact": settings.PUBLIC_CONTACT,
    }[name]


@register.simple_tag(takes_context=True)
def qs(context: RequestContext, **changes: object) -> str:
    """The page's query string with some parts changed: ``{% qs page=2 state="" %}``; empty parts are left out."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _day(value: date | datetime) -> date:
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value


def _masked(value: str | None, head: int, tail: int) -> str:
    text = str(value or "")
    if not text:
        return NOTHING
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[len(text) - tail :] if hidden >= 3 else "*" * len(text)
