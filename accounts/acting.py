"""Who acts, and in which post: the `by=` of every command."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Area, Organisation, Post, User
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in one of his posts. Build it with `acting`, never from request data."""

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
    def label(self) -> str:
        """How the record names him for ever, e.g. 王小明（洛阳村委会 村（社区）经办人）."""
        return f"{self.user.full_name}（{self.post}）"


def current_posts(user: User) -> list[Post]:
    """The user's posts in force today, oldest first; one query."""
    today = clock.today()
    posts = Post.objects.filter(user=user, user__is_active=True).select_related(
        "area", "organisation", "organisation__operated_by"
    )
    return [post for post in posts if post.holds_on(today)]


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
