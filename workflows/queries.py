"""Questions about claims: inboxes, lists, and what is derived (amount, payment state). None grows with the table."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.acting import Actor
from core import clock
from workflows import access
from workflows.attention import Deed, DeedVerb
from workflows.claims import Claim, ClaimLine
from workflows.consultations import with_consultation
from workflows.reviews import Decision, Review
from workflows.states import Kind, LineStatus, PaymentState
from workflows.steps import steps_of

ACTIVE = (LineStatus.LIVE, LineStatus.HELD)
DOUBTFUL = Q(outcome="review") | Q(status=LineStatus.HELD)
COUNTED = 1000
LOOKED_AT = 200
SORTS: dict[str, tuple[str, ...]] = {
    "due": ("due_on", "pk"),
    "amount": ("-amount_fen", "due_on", "pk"),
    "risk": ("-risk", "due_on", "pk"),
}


def _sum_of(lines: QuerySet[ClaimLine], what: str) -> Coalesce:
    """A correlated sum or count over lines, so that joins never multiply it."""
    fold = Sum("amount_fen") if what == "amount_fen" else Count("pk")
    return Coalesce(Subquery(lines.order_by().values("claim").annotate(v=fold).values("v")), 0)


def with_amounts(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Adds lines_count, live_count, total_fen (live lines), paid_fen, kept_fen and payment_state to claims.

    A line is paid when the bank has paid it, or when it was set off against a debt (抵扣): `paid_fen` is what the bank
    paid out, `kept_fen` what was kept back.
    """
    lines = ClaimLine.objects.filter(claim=OuterRef("pk"))
    live = lines.filter(status=LineStatus.LIVE)
    paid = live.filter(payment_items__live=True, payment_items__outcome="settled")
    kept = live.filter(offset__isnull=False)
    return claims.annotate(
        lines_count=_sum_of(lines, "count"),
        live_count=_sum_of(live, "count"),
        total_fen=_sum_of(live, "amount_fen"),
        paid_count=_sum_of(paid, "count") + _sum_of(kept, "count"),
        paid_fen=_sum_of(paid, "amount_fen"),
        kept_fen=_sum_of(kept, "amount_fen"),
    ).annotate(
        payment_state=Case(
            When(Q(paid_count=0), then=Value(str(PaymentState.UNPAID))),
            When(Q(paid_count__gte=F("live_count")), then=Value(str(PaymentState.PAID))),
            default=Value(str(PaymentState.PARTLY_PAID)),
        )
    )


def claims_for(by: Actor, *, q: str = "", kind: str = "", state: str = "") -> QuerySet[Claim]:
    """The claims the actor sees, narrowed by number, claimant or employer, kind and state; newest first."""
    claims = access.visible_to(by)
    if q := q.strip():
        employer = Exists(ClaimLine.objects.filter(claim=OuterRef("pk"), employer_name__icontains=q))
        claims = claims.filter(
            Q(number__icontains=q)
            | Q(claimant_org__name__icontains=q)
            | Q(claimant_user__full_name__icontains=q)
            | employer
        )
    if kind:
        claims = claims.filter(kind=kind)
    if state in PaymentState.values:
        claims = with_amounts(claims).filter(state="payable", payment_state=state)
    elif state:
        claims = claims.filter(state=state)
    return with_amounts(claims).select_related("claimant_org", "claimant_user", "employer").order_by("-id")


def _owed(by: Actor) -> Q:
    """Reviews that are the acting post's to decide; the same question as `access.owes`."""
    return Q(step__in=steps_of(by.role), area=by.post.area_id) & (Q(assignee=None) | Q(assignee__in=sorted(by.people)))


def _shown(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """What an inbox row shows: the claim, its claimant, figures over the review's own lines, what waits, who urged."""
    active = _own_lines()
    urged = Deed.objects.filter(review=OuterRef("pk"), verb=DeedVerb.URGE).order_by().values("review")
    reviews = with_consultation(reviews)
    return reviews.select_related("claim__claimant_org", "claim__claimant_user", "claim__employer", "area").annotate(
        lines_count=_sum_of(active, "count"),
        amount_fen=_sum_of(active, "amount_fen"),
        risk=_sum_of(active.filter(DOUBTFUL), "count"),
        urged=Coalesce(Subquery(urged.annotate(v=Count("pk")).values("v")), 0),
    )


def _own_lines() -> QuerySet[ClaimLine]:
    """On reviews: the active lines their area answers for."""
    return ClaimLine.objects.filter(claim=OuterRef("claim"), status__in=ACTIVE).filter(
        Q(verify_area=OuterRef("area"))
        | Q(verify_area__parent=OuterRef("area"))
        | Q(verify_area__parent__parent=OuterRef("area"))
    )


def _doubtful() -> Exists:
    """On reviews: whether there are people among their lines to look at twice. The place for a claim's level of risk."""
    return Exists(_own_lines().filter(DOUBTFUL))


def owed(by: Actor, *, kind: str = "", due: str = "", risk: bool = False) -> QuerySet[Review]:
    """Open reviews the actor owes, bare; narrowed by kind, `due` (``overdue``, ``today``, ``suspended``) and risk."""
    reviews = Review.objects.filter(_owed(by), outcome="").exclude(step="publish")
    if kind in Kind.values:
        reviews = reviews.filter(claim__kind=kind)
    match due:
        case "overdue":
            reviews = reviews.filter(due_on__lt=clock.today(), suspended_at=None)
        case "today":
            reviews = reviews.filter(due_on=clock.today(), suspended_at=None)
        case "suspended":
            reviews = reviews.filter(suspended_at__isnull=False)
    return reviews.filter(_doubtful()) if risk else reviews


def inbox(by: Actor, *, kind: str = "", due: str = "", risk: bool = False, sort: str = "") -> QuerySet[Review]:
    """`owed` as rows of the inbox, in the order asked for: earliest due, largest amount, most people to look at."""
    return _shown(owed(by, kind=kind, due=due, risk=risk)).order_by(*SORTS.get(sort, SORTS["due"]))


def next_after(review_id: int, by: Actor, *, sort: str = "", **narrowed: Any) -> Review | None:
    """What lies next in the inbox after a review that was decided: the one after it by due date, else the first."""
    rest = inbox(by, sort=sort, **narrowed).exclude(pk=review_id)
    decided = Review.objects.filter(pk=review_id).only("due_on").first()
    if decided and not sort:
        later = rest.filter(Q(due_on__gt=decided.due_on) | Q(due_on=decided.due_on, pk__gt=review_id))
        return later.first() or rest.first()
    return rest.first()


def inbox_counts(by: Actor) -> dict[str, int]:
    """How many open reviews the actor owes: all, overdue, due today, suspended, with a risk mark; two queries.

    Counted up to `COUNTED`, those with a risk mark among the first `LOOKED_AT`, the earliest due first: a long inbox
    costs no more than a short one.
    """
    first = owed(by).order_by("due_on", "pk")
    today, runs = clock.today(), Q(suspended_at=None)
    counts = first[:COUNTED].aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=runs & Q(due_on__lt=today)),
        today=Count("pk", filter=runs & Q(due_on=today)),
        suspended=Count("pk", filter=~runs),
    )
    risky = first.annotate(risky=_doubtful())[:LOOKED_AT]
    return counts | risky.aggregate(risk=Count("pk", filter=Q(risky=True)))


def done(by: Actor) -> QuerySet[Review]:
    """What the actor has decided, latest first."""
    reviews = Review.objects.filter(decided_by=by.user_id, area=by.post.area_id)
    return _shown(reviews).order_by("-decided_at", "-pk")


def decisions_of(claim: Claim) -> QuerySet[Decision]:
    """Every decision on a claim in order, with who took it."""
    return Decision.objects.filter(claim=claim).select_related(
        "by", "post__area", "post__organisation", "review", "line"
    )
