"""Second looks at workers (brief 7, A27): a sample drawn by a recorded seed, and the visits and calls that follow.

`draw` is the whole lottery: whoever has the seed, the share and the population draws the same people again.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Post
from workflows.claims import Claim, ClaimLine


def draw(population: Sequence[str], pct: int, seed: str) -> list[str]:
    """So many per cent of the population, rounded up, in its order: those with the smallest SHA-256 of seed and name."""
    wanted = -(-len(population) * pct // 100)
    ranked = sorted(population, key=lambda name: sha256(f"{seed}:{name}".encode()).digest())
    chosen = set(ranked[:wanted])
    return [name for name in population if name in chosen]


class Sample(models.Model):
    """One drawing, when a claim came to a township or the bureau. `population` are the ids of the lines it drew from."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="samples")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    seed = models.CharField(max_length=32)
    pct = models.PositiveSmallIntegerField()
    high_risk = models.BooleanField()
    population = models.JSONField()
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["claim", "area"], name="one_sample_a_claim_and_area")]


class Reverification(models.Model):
    """A second look owed by a township or the bureau at one line: a visit or a call, by a day, with what it found.

    `doubtful` keeps the line from going on until the bureau has looked itself or an officer has deducted it.
    """

    class Why(models.TextChoices):
        HIGH_RISK = "high_risk", _("高风险")
        SAMPLE = "sample", _("随机抽查")
        DOUBTFUL = "doubtful", _("乡镇复核存疑")

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("属实")
        DOUBTFUL = "doubtful", _("存疑")

    class Method(models.TextChoices):
        VISIT = "visit", _("上门")
        PHONE = "phone", _("电话")
        EMPLOYER = "employer", _("到企业")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reverifications")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="reverifications")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    why = models.CharField(max_length=12, choices=Why.choices)
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="work")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    due_provisional = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "area"], name="one_reverification_a_line_and_area"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="reverification_outcome_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "due_on"], condition=Q(outcome=""), name="open_reverifications"),
        ]
