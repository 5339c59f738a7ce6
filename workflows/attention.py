"""What officers do around a review without deciding it, and what each keeps in sight: deeds, copies, favourites, views."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from workflows.claims import Claim
from workflows.reviews import Review

USER = settings.AUTH_USER_MODEL


class DeedVerb(models.TextChoices):
    """What was done around a review or claim; none of it moves the claim."""

    REASSIGN = "reassign", _("转办")
    DELEGATE = "delegate", _("委派")
    ASK = "ask", _("征求意见")
    ANSWER = "answer", _("答复")
    TAKE_BACK = "take_back", _("收回征求")
    SUSPEND = "suspend", _("挂起")
    RESUME = "resume", _("恢复")
    URGE = "urge", _("催办")
    COPY = "copy", _("抄送")


class Deed(models.Model):
    """One such thing: who did it in which post, to whom, with what words. Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="deeds")
    review = models.ForeignKey(Review, models.PROTECT, null=True, related_name="deeds")
    verb = models.CharField(max_length=12, choices=DeedVerb.choices)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    to = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    day = models.DateField()  # the working day it counts for
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "day"], condition=Q(verb="urge"), name="urged_once_a_working_day"
            ),
            models.CheckConstraint(
                condition=Q(verb="copy") | Q(review__isnull=False), name="deed_around_a_review_names_it"
            ),
        ]
        indexes = [models.Index(fields=["by", "-id"]), models.Index(fields=["review", "verb"])]


class Copy(models.Model):
    """A claim brought to an officer's notice 抄送, until he marks it as read 已阅."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="copies")
    to = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")  # his, in which he may see the claim
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "post"], condition=Q(read_at=None), name="one_unread_copy_a_post_and_claim"
            )
        ]
        indexes = [models.Index(fields=["post", "-id"])]


class Favourite(models.Model):
    """A claim an officer keeps at hand 收藏."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="favoured")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "claim"], name="claim_once_a_favourite")]


class SavedView(models.Model):
    """A way of looking at the inbox, kept under a name: the filters and the order as they stand in the address."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_saved_view_a_name")]


class Sight(models.Model):
    """When an officer last said that he has seen all of a claim: what came later is new to him."""

    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="sights")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "claim"], name="one_sight_a_person_and_claim")]
