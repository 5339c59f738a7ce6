"""Questions about accounts: who there is, in which posts, and where a post can be placed."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Area, Organisation, Post, User

ORGANISATIONS_SHOWN = 20


def users(*, q: str = "") -> QuerySet[User]:
    """All accounts, by login name; narrowed by name, login name or place; with `posts` loaded."""
    found = User.objects.order_by("username")
    if q := q.strip()[:60]:
        placed = Post.objects.filter(
            Q(area__name__icontains=q) | Q(organisation__name__icontains=q), user=OuterRef("pk")
        )
        found = found.filter(Q(username__icontains=q) | Q(full_name__icontains=q) | Exists(placed))
    return found.prefetch_related(Prefetch("posts", Post.objects.select_related("area", "organisation")))


def user_by_id(user_id: int) -> User | None:
    """An account with its posts, or None."""
    return users().filter(pk=user_id).first()


def areas() -> QuerySet[Area]:
    """Every area a post can belong to: the zone, townships, the industrial area, villages; in order of path."""
    return Area.objects.select_related("parent")


def organisations(q: str) -> QuerySet[Organisation]:
    """The first organisations whose name or credit code holds `q`; none for an empty one."""
    if not (q := q.strip()[:60]):
        return Organisation.objects.none()
    return Organisation.objects.filter(Q(name__icontains=q) | Q(uscc__icontains=q)).order_by("name")[
        :ORGANISATIONS_SHOWN
    ]


def names_of(references: Collection[dict[str, Any]]) -> dict[tuple[str, str | int], str]:
    """What events' references ``area`` (a number or a path) and ``organisation`` (a number) are called; two queries."""
    wanted = [data.get("area") for data in references if data.get("area")]
    paths, numbers = [w for w in wanted if isinstance(w, str)], [w for w in wanted if isinstance(w, int)]
    companies = [data["organisation"] for data in references if isinstance(data.get("organisation"), int)]
    names: dict[tuple[str, str | int], str] = {}
    for area in Area.objects.filter(Q(path__in=paths) | Q(pk__in=numbers)):
        names["area", area.path] = names["area", area.pk] = area.name
    for company in Organisation.objects.filter(pk__in=companies):
        names["organisation", company.pk] = company.name
    return names
