"""How pages write money, days and moments. Builtin: no template needs to load it."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.template.context import RequestContext

from core import money
from core.clock import SHANGHAI
from core.identifiers import mask_account, mask_id, mask_name, mask_phone
from documents.models import Paper
from workflows.claims import Claim
from workflows.states import ClaimState, PaymentState

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
def state_label(claim: Claim) -> str:
    """Where a claim stands in one word; an approved one says whether it is paid, as its lines' items tell."""
    paid = getattr(claim, "payment_state", PaymentState.UNPAID)
    if claim.state == ClaimState.PAYABLE and paid != PaymentState.UNPAID:
        return str(PaymentState(paid).label)
    return str(ClaimState(claim.state).label)


register.filter("mask_phone", mask_phone)
register.filter("mask_account", mask_account)
register.filter("mask_id", mask_id)
register.filter("mask_name", mask_name)


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


@register.filter
def in_the_making(papers: Paper | Iterable[Paper] | None) -> list[Paper]:
    """Of papers (or of one) whose PDF a job is still making, one a job: what `components/papers_making.html` shows."""
    found = [papers] if isinstance(papers, Paper) else papers or ()
    return list({paper.job_id: paper for paper in found if paper.in_the_making}.values())
