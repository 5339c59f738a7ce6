"""Who acts, and in which post: the `by=` of every command."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Area, Cover, Organisation, Post, User
from accounts.roles import REVIEWERS, Role
from core import clock
from core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in one of his posts, or as a deputy in a colleague's. Build it with `acting`, never from request data."""

    user: User
    post: Post

    @property
    def user_id(self) -> int:
        return self.user.pk

    @property
    def post_id(self) -> int:
        return self.post.pk

    @property
    def role(self) -> Role:
        return Role(self.post.role)

    @property
    def area(self) -> Area | None:
        return self.post.area

    @property
    def organisation(self) -> Organisation | None:
        return self.post.organisation

    @property
    def covers(self) -> bool:
        """Whether he acts as a deputy, in the post of somebody on leave."""
        return self.post.user_id != self.user_id

    @property
    def people(self) -> frozenset[int]:
        """Whom he acts for: himself, and the officer on leave whose post it is."""
        return frozenset({self.user_id, self.post.user_id})

    @property
    def label(self) -> str:
        """How the record names him for ever, e.g. 王小明（洛阳村委会 村（社区）经办人）; a deputy with whom he stands for."""
        stands_for = f"，代{self.post.user.full_name}" if self.covers else ""
        return f"{self.user.full_name}（{self.post}{stands_for}）"


def current_posts(user: User) -> list[Post]:
    """The user's posts in force today, his own first, then those of officers whose deputy he is today; one query."""
    today = clock.today()
    on_leave = Cover.objects.filter(deputy=user, ended_at=None, first_day__lte=today, last_day__gte=today).values(
        "officer"
    )
    mine = Q(user=user) | Q(user__in=on_leave, role__in=sorted(REVIEWERS))
    posts = Post.objects.filter(mine, user__is_active=True).select_related(
        "user", "area", "organisation", "organisation__operated_by"
    )
    held = [post for post in posts if user.is_active and post.holds_on(today)]
    return sorted(held, key=lambda post: (post.user_id != user.pk, post.pk))


def acting(user: User, post_id: int | None = None, posts: list[Post] | None = None) -> Actor | None:
    """The actor for a user in the chosen post, or in his first one; None when he holds none today.

    `posts` are his current posts when the caller has just read them.
    """
    posts = current_posts(user) if posts is None else posts
    chosen = next((post for post in posts if post.pk == post_id), posts[0] if posts else None)
    return Actor(user, chosen) if chosen else None


def acting_in(user_id: int, post_id: int | None) -> Actor:
    """The actor for work that somebody asked for earlier; refuses (`post_ended`) when he no longer holds that post."""
    user = User.objects.filter(pk=user_id).first()
    posts = current_posts(user) if user else []
    chosen = next((post for post in posts if post.pk == post_id), None)
    if user is None or chosen is None:
        raise NotAllowed("post_ended", _("提交该任务的岗位已经终止，任务没有办理。请由在岗人员重新提交。"))
    return Actor(user, chosen)
