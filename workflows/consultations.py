"""Asking other officers about a review: one open round at a time, a seat for each who is asked; the decision stays
with whose review it is."""

from django.conf import settings
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from core import clock
from workflows.reviews import Review

USER = settings.AUTH_USER_MODEL


class Consultation(models.Model):
    """One round of asking. `delegate` hands the work out and waits for it; `every` and `one` wait before a yes."""

    class Mode(models.TextChoices):
        DELEGATE = "delegate", _("委派")
        EVERY = "every", _("会签（全部同意后办理）")
        ONE = "one", _("或签（一人同意即可办理）")
        BESIDE = "beside", _("加签（同时征求，不影响办理）")

    class Ending(models.TextChoices):
        ANSWERED = "answered", _("已答复")
        WITHDRAWN = "withdrawn", _("已收回")
        LAPSED = "lapsed", _("事项已办结")

    review = models.ForeignKey(Review, models.PROTECT, related_name="consultations")
    mode = models.CharField(max_length=10, choices=Mode.choices)
    question = models.CharField(max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=Q(ending=""), name="one_open_consultation_a_review"),
            models.CheckConstraint(
                condition=Q(ending="", ended_at=None) | (~Q(ending="") & Q(ended_at__isnull=False)),
                name="consultation_ending_has_its_moment",
            ),
        ]


class Seat(models.Model):
    """One officer who is asked, in one post; his answer is final."""

    class Stance(models.TextChoices):
        AGREE = "agree", _("同意")
        DISAGREE = "disagree", _("不同意")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="seats")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")  # himself or his deputy
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="one_seat_a_person"),
            models.CheckConstraint(
                condition=Q(stance="", answered_at=None, answered_by=None)
                | (~Q(stance="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="answer_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["post"], condition=Q(stance=""), name="open_seats")]


def with_consultation(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Adds `consulting` (the mode of the open round, or empty), `opposed` (whether somebody asked disagreed) and
    `delegate_id` (who did the work that was handed out last)."""
    rounds = Consultation.objects.filter(review=OuterRef("pk"), ending="").values("mode")[:1]
    against = Seat.objects.filter(consultation__review=OuterRef("pk"), stance=Seat.Stance.DISAGREE)
    worked = Seat.objects.filter(consultation__review=OuterRef("pk"), consultation__mode=Consultation.Mode.DELEGATE)
    return reviews.annotate(
        delegate_id=Subquery(worked.exclude(stance="").order_by("-pk").values("answered_by")[:1]),
        consulting=Coalesce(Subquery(rounds), Value(""), output_field=CharField()),
        opposed=Exists(against.exclude(consultation__ending=Consultation.Ending.WITHDRAWN)),
    )


def wind_up(reviews: QuerySet[Review]) -> None:
    """What ends with reviews that close now: rounds nobody needs any more, and clocks that stood still."""
    asked = Consultation.objects.filter(review__in=reviews, ending="")
    asked.update(ending=Consultation.Ending.LAPSED, ended_at=clock.now())
    reviews.filter(suspended_at__isnull=False).update(suspended_at=None)
