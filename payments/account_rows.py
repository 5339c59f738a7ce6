"""A corrected account after a bank return: entered by one officer, confirmed by another, with its evidence."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.privacy import SealedTextField
from documents.models import StoredFile
from registry.models import BankAccount


class AccountChange(models.Model):
    """What shall stand in place of `account`; for its own owner, under his own name. Final once it is decided (trigger).

    Until it is confirmed no account exists, so nothing can be paid to it. `replacement` is the account that was made of
    it; `account` itself when it was found right after all (e.g. a freeze was lifted).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REJECTED = "rejected", _("未通过")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="changes")
    bank = models.CharField(_("开户银行"), max_length=120)
    cnaps = models.CharField(_("联行号"), max_length=12, blank=True)
    number = SealedTextField()
    number_index = models.CharField(max_length=64)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_by_label = models.CharField(max_length=160)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by_label = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=300, blank=True)
    replacement = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="waiting"), name="account_change_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="account_change_two_officers"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None, decided_at=None, replacement=None)
                | Q(state="rejected", decided_by__isnull=False, decided_at__isnull=False, replacement=None)
                & ~Q(opinion="")
                | Q(state="confirmed", decided_by__isnull=False, decided_at__isnull=False, replacement__isnull=False),
                name="account_change_decided_whole",
            ),
        ]
