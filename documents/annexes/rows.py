"""Imports of an annex and what each of them did to the register."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from core.job_rows import Job
from documents.models import StoredFile
from registry.models import LabourPerson


class ImportState(models.TextChoices):
    """`read` is the dry run; a file that could not be read is `refused`."""

    READING = "reading", _("读取中")
    REFUSED = "refused", _("未能读取")
    READ = "read", _("已预检")
    APPLYING = "applying", _("写入中")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")


AT_WORK = (ImportState.APPLYING, ImportState.UNDOING)
TAKEN = (ImportState.APPLYING, ImportState.APPLIED, ImportState.UNDOING)


class AnnexImport(models.Model):
    """One uploaded annex of one village. `sha256` is the file's; `report` the whole answer of the dry run, sealed.

    `annex` and `village` are None until they were read from the file. `counts` are figures only: people, new, changed,
    same, vanished, duplicates, errors.
    """

    State = ImportState

    annex = models.PositiveSmallIntegerField(_("附件"), null=True)
    village = models.ForeignKey(Area, models.PROTECT, null=True, related_name="annex_imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, db_index=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    report = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_post = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["village"], condition=Q(state__in=AT_WORK), name="annex_one_at_work"),
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="annex_import_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=(ImportState.READING, ImportState.REFUSED))
                | Q(annex__isnull=False, village__isnull=False),
                name="annex_import_of_something",
            ),
        ]

    @property
    def chain(self) -> str:
        """Its chain of events."""
        return f"annex:{self.pk}"


class AnnexRow(models.Model):
    """What an import did to one person, and what an undo puts back (`before`: the fields that it changed)."""

    class Outcome(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("变更")
        VANISHED = "vanished", _("名单中没有")

    annex_import = models.ForeignKey(AnnexImport, models.PROTECT, related_name="rows")
    person = models.ForeignKey(LabourPerson, models.PROTECT, related_name="annex_rows")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    row = models.PositiveIntegerField(default=0)  # in the file; 0 for who is not in it
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["annex_import", "person"], name="annex_row_once_a_person"),
        ]


class AnnexTitle(models.Model):
    """The title of a column as the bureau corrected it; the notice's text of annex 1 lost its header."""

    annex = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    title = models.CharField(_("列名"), max_length=20)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["annex", "key"], name="annex_title_once")]
