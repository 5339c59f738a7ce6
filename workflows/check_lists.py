"""Check lists of other authorities (C06, C07, C10, C22): who is dead, in prison, insured where. Keyed indexes only.

A list is taken in whole; a newer one of its kind takes its place from that day on, and the older stays as history, so
that an auditor can ask again what a rule was told on its day. Both tables only grow.
"""

from collections.abc import Collection
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _


class CheckList(models.Model):
    """One imported list: what it is, whose, as of which day, and the file's hash. The file itself is not kept."""

    class Kind(models.TextChoices):
        DECEASED = "deceased", _("死亡人员")
        IN_PRISON = "in_prison", _("服刑人员")
        PENSIONER = "pensioner", _("领取养老金人员")
        PUBLIC_PAYROLL = "public_payroll", _("财政供养人员")
        STUDENT = "student", _("在校学生")
        DRAFTED = "drafted", _("服役人员")
        INSURANCE = "insurance", _("参保记录")
        BLACKLIST = "blacklist", _("失信名单")

    kind = models.CharField(_("名单"), max_length=16, choices=Kind.choices)
    source = models.CharField(_("提供单位"), max_length=120)
    drawn_on = models.DateField(_("数据截止日"))
    in_force_from = models.DateField(_("启用日"))
    count = models.PositiveIntegerField(_("条数"))
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "-id"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.drawn_on}"


class CheckEntry(models.Model):
    """One row: the keyed index of a person, or a unit's code (blacklist), or both (insurance); open ends are None."""

    list = models.ForeignKey(CheckList, models.PROTECT, related_name="entries")
    person_index = models.CharField(max_length=64, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(person_index="", uscc=""), name="check_entry_names_somebody"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="check_entry_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["person_index", "list"]), models.Index(fields=["uscc", "list"])]


def in_force(on: date) -> QuerySet[CheckList]:
    """The list of each kind that rules go by on a day: the one that came last, at most one a kind."""
    last = CheckList.objects.filter(kind=OuterRef("kind"), in_force_from__lte=on).order_by("-pk").values("pk")[:1]
    return CheckList.objects.filter(pk=Subquery(last))


def entries_about(people: Collection[str], units: Collection[str], lists: Collection[int]) -> QuerySet[CheckEntry]:
    """The entries of these lists about these people (keyed indexes), or about these units themselves."""
    about = Q(person_index__in=list(people)) | Q(uscc__in=list(units), person_index="")
    return CheckEntry.objects.filter(about, list__in=list(lists)).select_related("list")
