"""What the frame of every page needs."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest

from accounts.acting import Actor
from accounts.models import Post
from accounts.roles import REVIEWERS, Role
from core import clock
from portals.shared import navigation


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame: names, navigation, who acts and in which other posts he could, the fixed date, idle seconds."""

    zone: str
    bureau: str
    contact: str
    entries: list[navigation.Entry]
    by: Actor | None
    other_posts: list[Post]
    business_date: date | None
    reviewers: frozenset[Role]
    idle_seconds: int
    warning_seconds: int


def page(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: `shell`."""
    by: Actor | None = getattr(request, "by", None)
    posts: list[Post] = getattr(request, "posts", [])
    return {
        "shell": Shell(
            zone=settings.ZONE_NAME,
            bureau=settings.BUREAU_NAME,
            contact=settings.PUBLIC_CONTACT,
            entries=navigation.entries(by.role if by else None, request.path, request.GET.get("from", "")),
            by=by,
            other_posts=[post for post in posts if by and post.pk != by.post_id],
            business_date=clock.fixed_date(),
            reviewers=REVIEWERS,
            idle_seconds=settings.SESSION_COOKIE_AGE,
            warning_seconds=settings.SESSION_WARNING_SECONDS,
        )
    }
