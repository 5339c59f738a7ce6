"""Who acts when a command of the shell does what a page does."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.acting import Actor, current_posts
from accounts.models import User
from accounts.roles import Role
from core.errors import Refusal
from core.timeline import SYSTEM, Signer


def signer(username: str, roles: Collection[Role]) -> Signer:
    """The officer in the post that may, by his login; the system when nobody was named. Refuses `user_unknown`."""
    if not username:
        return SYSTEM
    user = User.objects.filter(username=username, is_active=True).first()
    posts = current_posts(user) if user else []
    if user is None or not posts:
        raise Refusal("user_unknown", _("没有在岗人员使用登录名%(name)s，请核对。") % {"name": username})
    return Actor(user, next((post for post in posts if post.role in roles), posts[0]))
