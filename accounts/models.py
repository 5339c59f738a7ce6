"""Users, areas, organisations and posts. Accounts are closed, never deleted."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.factors import Authenticator, Passkey
from accounts.roles import ADMINISTRATION, Role

__all__ = ["Area", "AreaAttribute", "Authenticator", "Organisation", "Passkey", "Post", "User", "UserManager"]


class UserManager(BaseUserManager["User"]):
    """Makes accounts with a usable password."""

    def create_user(self, username: str, full_name: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(username=username, full_name=full_name, **extra)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]
    """A person who signs in. What he may do comes from his posts, never from here."""

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    full_name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


class Area(models.Model):
    """A unit of the zone. `path` (``zone/104/201``) is ours, immutable, and says what contains what.

    `name` and `code` are today's values, written only by `accounts.areas.rename`; `AreaAttribute` keeps their history.
    """

    class Kind(models.TextChoices):
        ZONE = "zone", _("区")
        TOWNSHIP = "township", _("乡镇")
        INDUSTRIAL = "industrial_area", _("工业区")
        VILLAGE = "village", _("村（社区）")

    path = models.CharField(max_length=40, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=12, blank=True, db_index=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Area | None") -> bool:
        """Whether `other` is this area or lies in it."""
        return other is not None and (other.path == self.path or other.path.startswith(self.path + "/"))


class AreaAttribute(models.Model):
    """A name or division code an area had from a day on. The zone has no code of its own (GB/T 2260)."""

    class Kind(models.TextChoices):
        NAME = "name", _("名称")
        CODE = "code", _("区划代码")

    area = models.ForeignKey(Area, models.PROTECT, related_name="attributes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["area", "kind", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind"], condition=Q(valid_to=None), name="one_current_attribute_an_area"
            )
        ]


class Organisation(models.Model):
    """An agency, a transfer platform or an employer. `operated_by` is the village that runs a village platform."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("人力资源服务机构")
        PLATFORM = "platform", _("用工调剂平台")
        EMPLOYER = "employer", _("用人单位")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    operated_by = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField(_("地址"), max_length=200, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["kind", "uscc"], name="one_organisation_a_kind_and_uscc")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What lets a user act: a role, over a time, in exactly one area or organisation."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="posts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=True) ^ Q(organisation__isnull=True), name="post_in_one_area_or_organisation"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(valid_to=None, role__in=sorted(ADMINISTRATION)),
                name="one_administration_duty_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {Role(self.role).label}"  # each page names posts: get_role_display lists all roles anew

    @property
    def place(self) -> Area | Organisation:
        """The area or organisation the post belongs to."""
        return self.organisation or self.area  # type: ignore[return-value]

    def holds_on(self, day: date) -> bool:
        """Whether the post is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Cover(models.Model):
    """A deputy 代理人: while an officer is on leave, from one day to another, a colleague acts in all of his review posts.

    Who decides is the deputy, in the officer's post; whoever asks for four eyes sees both (`Actor.people`).
    """

    officer = models.ForeignKey(User, models.PROTECT, related_name="covers")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="covering")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # ended before its time

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="cover_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(deputy=F("officer")), name="cover_by_another"),
        ]
        indexes = [models.Index(fields=["deputy", "last_day"])]
