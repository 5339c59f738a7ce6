"""Stored files, and official papers issued once."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.job_rows import Job
from core.privacy import SealedTextField
from documents.standing import VALID, Standing


class StoredFile(models.Model):
    """Bytes kept sealed in storage under `path`; `sha256` is of the plain bytes. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    path = models.CharField(max_length=200, unique=True)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Paper(models.Model):
    """An official paper, numbered and frozen when it was decided. Append-only; its bytes are `PaperBytes`.

    `subject` is what it belongs to (``claim:12``, ``review:7``, ``notice:3``, ``batch:3``); `content` is what the
    template prints, sealed; `public` is what anybody who holds the number may see (kind, issuer, amount, masked names).
    `job` makes the PDFs of all papers of one transaction, and was written in it; a row that only grows keeps no
    constraint on one that may be tidied away.
    """

    class Kind(models.TextChoices):
        APPROVAL = "approval", _("审批表")
        PUBLICITY = "publicity", _("公示表")
        CERTIFICATE = "certificate", _("引工大使证书")
        PAYMENT = "payment", _("拨付审批表")
        REFUSAL = "refusal", _("不予支持告知书")
        DEDUCTION = "deduction", _("核减告知书")
        CORRECTION = "correction", _("补正通知书")
        ROSTER = "roster", _("花名册")
        SUMMARY = "summary", _("汇总表")
        VILLAGE_CHECK = "village_check", _("村（社区）核实表")
        TOWNSHIP_CHECK = "township_check", _("乡镇审核表")
        OBJECTION = "objection", _("异议处理告知书")
        RECOVERY = "recovery", _("追回通知书")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    number = models.CharField(_("文书编号"), max_length=40, unique=True)
    code = models.CharField(_("验证码"), max_length=12, unique=True)
    subject = models.CharField(max_length=64, db_index=True)
    title = models.CharField(max_length=120)
    content = SealedTextField()
    public = models.JSONField()
    amount_fen = models.BigIntegerField(null=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by_label = models.CharField(max_length=160)
    job = models.ForeignKey(Job, models.DO_NOTHING, null=True, db_constraint=False, related_name="papers")

    class Meta:
        ordering = ["issued_at"]

    @property
    def standing(self) -> Standing:
        """Where it stands; no query with ``select_related("mark__replacement")``."""
        mark: PaperMark | None = getattr(self, "mark", None)
        if mark is None:
            return Standing(VALID)
        return Standing(mark.mark, mark.replacement.number if mark.replacement else "", mark.reason, mark.at)

    @property
    def in_the_making(self) -> bool:
        """Its PDF is not there yet and a job is at it; no query with ``select_related("bytes", "job")``."""
        return not hasattr(self, "bytes") and self.job is not None and self.job.is_live


class PaperBytes(models.Model):
    """The one PDF of a paper. Append-only: made once, served again unchanged."""

    paper = models.OneToOneField(Paper, models.PROTECT, primary_key=True, related_name="bytes")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class PaperMark(models.Model):
    """That an issued paper no longer holds: taken back, or replaced by another. Append-only, at most one a paper."""

    class Mark(models.TextChoices):
        WITHDRAWN = "withdrawn", _("已撤回")
        REPLACED = "replaced", _("已被替代")

    paper = models.OneToOneField(Paper, models.PROTECT, primary_key=True, related_name="mark")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    replacement = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="replaces")
    reason = models.CharField(max_length=300)
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mark="withdrawn", replacement=None) | Q(mark="replaced", replacement__isnull=False),
                name="only_replaced_has_replacement",
            ),
            models.CheckConstraint(condition=~Q(replacement=F("paper")), name="paper_not_replaced_by_itself"),
        ]


class IntegrityRun(models.Model):
    """One walk over everything that is kept; `problems` are those it met."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    checked = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]


class IntegrityFinding(models.Model):
    """Something that is not as it was kept; open until a whole run no longer meets it. No personal data in it."""

    class Kind(models.TextChoices):
        MISSING = "file_missing", _("文件丢失")
        DAMAGED = "file_damaged", _("文件损坏或被改动")
        FOREIGN = "paper_foreign", _("文书文件不是该文书")
        UNMADE = "paper_unmade", _("文书超过1小时没有文件")
        HOLE = "number_hole", _("文书编号有缺号")
        TWICE = "number_twice", _("文书编号重复")
        BEYOND = "number_beyond", _("文书编号超出已发号段")
        ORPHAN = "orphan", _("存储中有无主文件")
        TRAIL = "trail", _("办理记录链断裂")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    reference = models.CharField(max_length=120)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    last_run = models.ForeignKey(IntegrityRun, models.PROTECT, related_name="findings")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-last_seen", "kind", "reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference"], condition=Q(resolved_at=None), name="finding_open_once"
            )
        ]


from documents.annexes.rows import AnnexImport, AnnexRow, AnnexTitle  # noqa: E402 (they name the rows above)

__all__ = [
    "AnnexImport", "AnnexRow", "AnnexTitle", "IntegrityFinding", "IntegrityRun", "Paper", "PaperBytes", "PaperMark",
    "StoredFile",
]  # fmt: skip
