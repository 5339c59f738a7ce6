"""Scheme versions: what a notice said, from when to when. Immutable once published, by two different people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policy.terms import Terms, terms_from


class SchemeVersion(models.Model):
    """One version of a notice's terms. `terms` is the scheme file as loaded; `sha256` is of the file's bytes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("待发布")
        PUBLISHED = "published", _("已发布")

    code = models.CharField(max_length=40)  # qtz-2023-3
    version = models.PositiveSmallIntegerField()
    doc_no = models.CharField(_("文号"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    valid_from = models.DateField(_("施行日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    terms = models.JSONField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")), name="scheme_published_by_another"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_by=None) | Q(status="published", published_by__isnull=False),
                name="scheme_published_has_publisher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_no} 第{self.version}版"

    @property
    def label(self) -> str:
        """The version as papers print it: qtz-2023-3/1."""
        return f"{self.code}/{self.version}"

    def parsed(self) -> Terms:
        """The terms as frozen dataclasses."""
        return terms_from(self.terms)
