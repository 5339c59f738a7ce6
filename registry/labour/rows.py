"""People of the labour register, their statuses over time, key groups, merges, and the grid workers of annex 3.

Nothing here is deleted: a status is closed by the next one; what an undone import brought in is marked (`voided_at`,
`removed_at`); a merged person points to the one that was kept.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from core.privacy import SealedTextField
from registry.labour.codes import (
    Education,
    Group,
    HukouType,
    JobForm,
    LabourState,
    Reach,
    Sector,
    Sex,
    Source,
)  # fmt: skip


class LabourPerson(models.Model):
    """A person of a household village. Not `Worker`, who is named by a claim; the two meet by `id_index`.

    `birth_month` is the first of its month. Told apart by name, sex, birth month, village and phone where there is no
    ID number. `doubtful`: another person with the same name, sex and birth month lives in the village. `absent_since`:
    the day from which the village's own list no longer named him. Who counts: `queries.standing`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="labour_people", verbose_name=_("户籍村"))
    group_name = models.CharField(_("村民小组"), max_length=40, blank=True)
    name = models.CharField(_("姓名"), max_length=50)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    birth_month = models.DateField(_("出生年月"), null=True)
    birth = models.DateField(_("出生日期"), null=True)
    id_number = SealedTextField(blank=True)
    id_index = models.CharField(max_length=64, null=True)
    phone = SealedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    education = models.CharField(_("文化程度"), max_length=2, choices=Education.choices, blank=True)
    education_text = models.CharField(max_length=40, blank=True)  # as the village wrote it
    hukou_type = models.CharField(_("户口性质"), max_length=8, choices=HukouType.choices, blank=True)
    land_sea_loss = models.BooleanField(_("失地失海"), default=False)
    training_wish = models.CharField(_("培训意愿"), max_length=120, blank=True)
    doubtful = models.BooleanField(_("疑似重复"), default=False)
    absent_since = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    removed_at = models.DateTimeField(null=True)  # the import that brought him in was undone
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["village", "group_name", "name", "id"]
        indexes = [
            models.Index(fields=["village", "name"], name="labour_by_village_and_name"),
            models.Index(fields=["phone_index"], condition=~Q(phone_index=""), name="labour_by_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_index"],
                condition=Q(id_index__isnull=False, merged_into=None, removed_at=None),
                name="labour_one_person_a_number",
            ),
            models.UniqueConstraint(
                fields=["village", "name", "sex", "birth_month", "phone_index"],
                condition=Q(merged_into=None, removed_at=None),
                name="labour_one_person_a_five",
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="labour_sex_known"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="labour_not_merged_into_himself"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        """His chain of events."""
        return f"labour:{self.pk}"


class LabourStatus(models.Model):
    """What a person does from `since` on; open while `until` is None, at most one open a person.

    Only `until` (closed by the next, opened again by an undo) and `voided_at` ever change; the database holds that.
    `source_ref` is the annex import's or the return's id. Which statuses stand in which annex: `codes.ANNEX_STATES`.
    """

    person = models.ForeignKey(LabourPerson, models.PROTECT, related_name="statuses")
    status = models.CharField(_("状态"), max_length=12, choices=LabourState.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    employer = models.CharField(_("就业单位"), max_length=120, blank=True)
    trade = models.CharField(_("工种"), max_length=60, blank=True)
    wanted_trade = models.CharField(_("意向工种"), max_length=60, blank=True)
    destination = models.CharField(_("外出地点"), max_length=120, blank=True)
    reach = models.CharField(_("外出流向"), max_length=8, choices=Reach.choices, blank=True)
    job_form = models.CharField(_("就业形式"), max_length=14, choices=JobForm.choices, blank=True)
    sector = models.CharField(_("产业"), max_length=1, choices=Sector.choices, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    source_ref = models.CharField(max_length=40, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["status"], condition=Q(until=None, voided_at=None), name="labour_status_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None, voided_at=None), name="labour_one_open_status"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="labour_status_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(status__in=LabourState.values), name="labour_status_known"),
        ]


class KeyGroup(models.Model):
    """That a person belongs to a key group; what he says and what an organ certified are two rows.

    A certified one names day, organ and number of the certificate. It ends, it is not deleted.
    """

    person = models.ForeignKey(LabourPerson, models.PROTECT, related_name="key_groups")
    group = models.CharField(max_length=16, choices=Group.choices)
    certified = models.BooleanField(_("已认定"), default=False)
    date = models.DateField(null=True)
    organ = models.CharField(_("认定机关"), max_length=60, blank=True)
    number = models.CharField(_("认定编号"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ["group", "-certified", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group", "certified"], condition=Q(ended_on=None), name="labour_group_once"
            ),
            models.CheckConstraint(
                condition=Q(certified=False) | Q(date__isnull=False) & ~Q(organ=""), name="labour_certificate_says_who"
            ),
        ]


class PersonMerge(models.Model):
    """That two rows are one person: `gone` lives on in `kept`, until it is undone."""

    kept = models.ForeignKey(LabourPerson, models.PROTECT, related_name="merges_kept")
    gone = models.ForeignKey(LabourPerson, models.PROTECT, related_name="merges_gone")
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=160)
    at = models.DateTimeField()
    undone_by_label = models.CharField(max_length=160, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="labour_gone_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="labour_merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="labour_merge_says_why"),
        ]


class GridWorker(models.Model):
    """A grid worker of annex 3 (就业服务网格工作人员) over a time; landlines are allowed there."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="grid_workers")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.PositiveIntegerField(_("序号"), default=0)
    name = models.CharField(_("姓名"), max_length=50)
    duty = models.CharField(_("职务"), max_length=60, blank=True)
    phone = SealedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["area", "seq", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "name", "phone_index"], condition=Q(until=None), name="grid_worker_once_an_area"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="grid_worker_ends_after_he_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name
