"""The officer's other trays: what he is asked, what he began, what was copied to him, what he keeps at hand."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.acting import Actor
from workflows import access
from workflows.attention import Copy, Deed, Favourite, SavedView
from workflows.claims import Claim
from workflows.consultations import Seat

MOST_VIEWS = 12
CLAIM = ("claim__claimant_org", "claim__claimant_user")


def asked_of(by: Actor, *, open_only: bool = False) -> QuerySet[Seat]:
    """Opinions asked of the acting post: open ones first, then what was answered, the latest first."""
    mine = Q(stance="", consultation__ending="", post=by.post_id)
    if not open_only:
        mine |= ~Q(stance="") & Q(answered_by=by.user_id)
    found = Seat.objects.filter(mine).select_related(
        "consultation__by",
        "consultation__post__area",
        "consultation__post__organisation",
        "consultation__review__area",
        "consultation__review__claim__claimant_org",
        "consultation__review__claim__claimant_user",
    )
    return found.order_by("stance", "-pk")


def begun_by(by: Actor) -> QuerySet[Deed]:
    """What the person began on claims he may see: the latest deed of each claim, with where the claim stands."""
    latest = Deed.objects.filter(by=by.user_id, claim=OuterRef("claim")).order_by("-pk").values("pk")[:1]
    deeds = Deed.objects.filter(by=by.user_id, claim__in=access.visible_to(by).values("pk"))
    return deeds.filter(pk=Subquery(latest)).select_related("to", "review__area", *CLAIM).order_by("-pk")


def copies_for(by: Actor, *, unread: bool = False) -> QuerySet[Copy]:
    """What was copied to the acting post and may still be seen there, unread first."""
    copies = Copy.objects.filter(post=by.post_id, claim__in=access.visible_to(by).values("pk"))
    if unread:
        return copies.filter(read_at=None)
    related = ("by", "by_post__area", "by_post__organisation", *CLAIM)
    return copies.select_related(*related).order_by(F("read_at").desc(nulls_first=True), "-pk")


def favourites_of(by: Actor) -> QuerySet[Claim]:
    """Claims the person keeps at hand, of those he may see in the acting post, the latest kept first."""
    kept = Favourite.objects.filter(user=by.user_id, claim=OuterRef("pk")).values("pk")[:1]
    claims = access.visible_to(by).annotate(kept=Subquery(kept)).filter(kept__isnull=False)
    return claims.select_related("claimant_org", "claimant_user").order_by("-kept")


def waiting(by: Actor) -> tuple[int, int]:
    """How many opinions are asked of the acting post and how many copies it has not read; two queries."""
    return asked_of(by, open_only=True).count(), Copy.objects.filter(post=by.post_id, read_at=None).count()


def views_of(by: Actor) -> list[SavedView]:
    """The person's saved views of the inbox."""
    return list(SavedView.objects.filter(user=by.user_id)[:MOST_VIEWS])
