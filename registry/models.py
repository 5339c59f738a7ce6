"""Workers, employers, agencies, platforms, individual claimants, the accounts money goes to, the labour register."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation
from core.identifiers import IdType
from core.privacy import SealedTextField
from registry.labour.rows import GridWorker, KeyGroup, LabourPerson, LabourStatus, PersonMerge

__all__ = [
    "BankAccount", "Claimant", "Employer", "GridWorker", "KeyGroup", "LabourPerson", "LabourStatus", "Licence",
    "PersonMerge", "Platform", "Worker",
]  # fmt: skip

ID_TYPES = [(item.value, item.value) for item in IdType]


class Worker(models.Model):
    """A person known by a document. `id_index` finds him again; the number itself is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    id_type = models.CharField(max_length=20, choices=ID_TYPES)
    id_number = SealedTextField()
    id_index = models.CharField(max_length=64, unique=True)
    birth = models.DateField(null=True)
    sex = models.CharField(max_length=6, blank=True)  # male, female

    class Meta:
        indexes = [models.Index(fields=["name", "birth"])]

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """What the zone knows of an enterprise (A12). `legal_rep_index` is the keyed index of the person's number."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="employer")
    in_zone = models.BooleanField(_("在区内注册或参保"), default=True)
    is_dispatch = models.BooleanField(_("劳务派遣或人力资源企业"), default=False)
    is_public_body = models.BooleanField(_("机关事业单位"), default=False)
    legal_rep_index = models.CharField(max_length=64, blank=True)
    insured_headcount = models.PositiveIntegerField(null=True)


class Licence(models.Model):
    """An agency's human-resources service licence (人力资源市场暂行条例 Art. 18)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="licences")
    number = models.CharField(_("许可证编号"), max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()


class Platform(models.Model):
    """What kind of body runs a transfer platform, and at which level (notice 一（四）)."""

    class Type(models.TextChoices):
        ASSOCIATION = "association", _("行业协会")
        VILLAGE = "village", _("村基层就业服务平台")
        INTERMEDIARY = "intermediary", _("人力资源中介机构")
        OTHER = "other", _("其他社会组织")

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="platform")
    type = models.CharField(max_length=16, choices=Type.choices)
    level = models.CharField(
        max_length=10, choices=[("zone", _("区级")), ("township", _("镇级")), ("village", _("村级"))]
    )


class Claimant(models.Model):
    """A person who claims for himself: individual referrals and the ambassador title."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="claimant")
    id_type = models.CharField(max_length=20, choices=ID_TYPES)
    id_number = SealedTextField()
    id_index = models.CharField(max_length=64, unique=True)
    phone = SealedTextField(blank=True)
    home = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")  # hukou or residence in the zone
    in_zone = models.BooleanField(default=True)  # zone hukou, residence permit, or insured in the zone (A11)
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # where he is in service
    employed_since = models.DateField(null=True)
    public_payroll = models.BooleanField(_("财政供养人员"), default=False)
    is_employer_hr = models.BooleanField(_("所在单位人事人员"), default=False)


class BankAccount(models.Model):
    """An account money may go to; of one organisation or one person. A change is a new row, never an edit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="accounts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="bank_accounts")
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=120)
    cnaps = models.CharField(_("联行号"), max_length=12, blank=True)
    number = SealedTextField()
    number_index = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) ^ Q(user__isnull=True), name="account_of_one_owner"
            )
        ]
