"""An exception to a blocking rule: pleaded by the claimant, decided by the officer the rule names, kept for auditors."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from workflows.claims import Claim, ClaimLine


class Waiver(models.Model):
    """One blocking rule on one line: what it said, why an exception is asked, and what was decided, by whom, when.

    Final once decided. `code` names the rule as in `policy.rules`; `role` is the role that decides.
    """

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("批准例外")
        DENIED = "denied", _("不予例外")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="waivers")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=8)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=300)
    role = models.CharField(max_length=20)
    plea = models.CharField(_("例外理由"), max_length=300)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reason = models.CharField(_("决定理由"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "code"], name="one_waiver_a_line_and_rule"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | (~Q(outcome="") & ~Q(reason="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="waiver_decided_by_somebody_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["outcome", "claim"])]
