"""Who else there is: colleagues who hold the same post, and officers who may see a claim."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Area, Post
from accounts.roles import OFFICIALS, REVIEWERS
from core import clock
from core.errors import Refusal
from workflows import access
from workflows.claims import Claim
from workflows.reviews import Review
from workflows.steps import rule_of

LOADED = ("user", "area", "organisation")


def in_force() -> Q:
    """Posts of today, of people whose account is open."""
    today = clock.today()
    return Q(valid_from__lte=today, user__is_active=True) & (Q(valid_to=None) | Q(valid_to__gte=today))


def same_post(review: Review, *, but: Actor) -> QuerySet[Post]:
    """Posts that owe a review like this one, of others; whoever it is assigned to already is left out."""
    posts = Post.objects.filter(in_force(), role=rule_of(review.step).role, area=review.area_id)
    posts = posts.exclude(user__in=but.people)
    if review.assignee_id:
        posts = posts.exclude(user=review.assignee_id)
    return posts.select_related(*LOADED).order_by("user__full_name", "pk")


def has_colleague(by: Actor) -> QuerySet[Post]:
    """Posts like the actor's own, of others; for `Exists` and for asking whether there is one."""
    return Post.objects.filter(in_force(), role=by.post.role, area=by.post.area_id).exclude(user__in=by.people)


def witnesses(claim: Claim, *, but: Actor, reviewers_only: bool = True) -> list[Post]:
    """Posts of other officers who may see the claim, the bureau's first; two queries."""
    areas = {area.path for area in Area.objects.filter(reviews__claim=claim).distinct()}
    upward = {"/".join(parts[:n]) for path in areas for parts in [path.split("/")] for n in range(1, len(parts) + 1)}
    roles = sorted(REVIEWERS if reviewers_only else OFFICIALS)
    posts = Post.objects.filter(in_force(), role__in=roles, area__path__in=upward).exclude(user__in=but.people)
    found = posts.select_related(*LOADED).order_by("area__path", "role", "user__full_name")
    return [post for post in found if _sees(post, claim)]


def _sees(post: Post, claim: Claim) -> bool:
    """As `access.visible_to` tells it, for posts within the claim's areas; finance sees what is to be paid."""
    by = Actor(post.user, post)
    if by.role in access.SEES_APPROVED:
        return claim.state == access.ClaimState.PAYABLE
    return by.role in access.SEES_ALL or post.area_id is not None


def chosen(posts: list[int], *, among: list[Post]) -> list[Post]:
    """The posts with these ids; refuses `colleague_missing` and `colleague_unfit` (no longer there, not allowed)."""
    if not posts:
        raise Refusal("colleague_missing", _("请选择人员后再提交。"))
    known = {post.pk: post for post in among}
    if missing := [pk for pk in posts if pk not in known]:
        raise Refusal(
            "colleague_unfit", _("所选人员中有%(n)d人不能办理该事项，请刷新页面后重新选择。") % {"n": len(missing)}
        )
    return [known[pk] for pk in dict.fromkeys(posts)]


def require_free(post: Post, claim: Claim, step: str) -> None:
    """Refuse (`colleague_conflicted`) somebody who may not decide this step: interest, or another duty of the claim."""
    if not access.unconflicted(Actor(post.user, post), claim, step):
        raise Refusal(
            "colleague_conflicted",
            _("%(who)s 与该申报有利益关系，或已办理过其他环节，须另选人员（回避）。") % {"who": post.user.full_name},
        )
