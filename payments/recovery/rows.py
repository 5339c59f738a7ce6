"""Recovery cases with their lines, instalments and movements, and the list of re-checks.

Basis: 财政违法行为处罚处分条例 Art. 14 (what was drawn by false claims is recovered), 行政处罚法 Art. 36 aside: recovery
of the money itself is no penalty. Amounts in fen. The ledger holds every movement as well.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from core import clock
from documents.models import Paper
from funds.models import FundSource
from workflows.models import Claim, ClaimLine


class CaseState(models.TextChoices):
    """Owed from the decision until the last fen is back, set off or written off."""

    PROPOSED = "proposed", _("待决定")
    OWED = "owed", _("追缴中")
    CLOSED = "closed", _("已结清")
    REJECTED = "rejected", _("不予追回")
    LIFTED = "lifted", _("已撤销追回")


DECIDED = (CaseState.OWED, CaseState.CLOSED)
ORDERED = (*DECIDED, CaseState.LIFTED)  # a notice went out, whatever became of it


class Ground(models.TextChoices):
    """Why money was paid wrongly."""

    INSURANCE_STOPPED = "insurance_stopped", _("参保不足规定期限即停保")
    NOT_STABLE = "not_stable", _("未达到稳定就业期限")
    FALSE_CLAIM = "false_claim", _("虚报、冒领")
    DUPLICATE = "duplicate", _("重复享受奖补")
    INELIGIBLE = "ineligible", _("不符合奖补条件")
    OVERPAID = "overpaid", _("金额或对象拨付错误")


ARTICLES = {  # what a notice rests on unless the officer says otherwise
    Ground.INSURANCE_STOPPED: "本区默认口径 A9、核查规则 C07",
    Ground.NOT_STABLE: "本区默认口径 A9",
    Ground.FALSE_CLAIM: "《财政违法行为处罚处分条例》第十四条",
    Ground.DUPLICATE: "本区默认口径 A13",
    Ground.INELIGIBLE: "《财政违法行为处罚处分条例》第十四条",
    Ground.OVERPAID: "《财政违法行为处罚处分条例》第六条",
}


class RecoveryCase(models.Model):
    """One case over one or several paid lines of one claim.

    `amount_fen` is what its lines are asked back, `back_fen` what was received, set off or written off so far.
    `next_due_on` is the day by which money is due next: the notice's deadline, or the next unpaid instalment.
    """

    number = models.CharField(_("追回编号"), max_length=20, unique=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="recovery_cases")
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.PROPOSED)
    ground = models.CharField(_("追回事由"), max_length=20, choices=Ground.choices)
    facts = models.CharField(_("事实"), max_length=1000)
    article = models.CharField(_("依据"), max_length=200)
    amount_fen = models.BigIntegerField(_("追回金额"))
    back_fen = models.BigIntegerField(default=0)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    due_provisional = models.BooleanField(default=False)
    next_due_on = models.DateField(null=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, back_fen__gte=0, back_fen__lte=F("amount_fen")),
                name="recovery_never_more_than_owed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("opened_by")), name="recovery_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.PROPOSED, decided_by=None, back_fen=0)
                | Q(state=CaseState.REJECTED, decided_by__isnull=False, back_fen=0)
                | Q(
                    state__in=ORDERED,
                    decided_by__isnull=False,
                    due_on__isnull=False,
                    next_due_on__isnull=False,
                    paper__isnull=False,
                ),
                name="recovery_decided_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.CLOSED, back_fen=F("amount_fen"), closed_at__isnull=False)
                | (~Q(state=CaseState.CLOSED) & Q(back_fen__lt=F("amount_fen"), closed_at=None)),
                name="recovery_closed_when_nothing_is_owed",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.LIFTED, lifted_by__isnull=False, lifted_at__isnull=False)
                & ~Q(lifted_why="")
                & ~Q(lifted_by=F("opened_by"))
                & ~Q(lifted_by=F("decided_by"))
                | ~Q(state=CaseState.LIFTED) & Q(lifted_by=None, lifted_at=None, lifted_why=""),
                name="recovery_lifted_by_another_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["next_due_on"], condition=Q(state=CaseState.OWED), name="recovery_due"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        return f"recovery:{self.pk}"

    @property
    def owed_fen(self) -> int:
        """What is still to come back; nothing before the decision or after a rejection."""
        return self.amount_fen - self.back_fen if self.state in DECIDED else 0

    @property
    def is_overdue(self) -> bool:
        """Whether money should be there already."""
        return self.state == CaseState.OWED and self.next_due_on is not None and self.next_due_on < clock.today()


class RecoveryLine(models.Model):
    """A paid line of the case: what of it is asked back, and how much of that is settled. `fund` paid it.

    `written_off_fen` is the part of `back_fen` that was given up; the rest came back or was set off.
    """

    case = models.ForeignKey(RecoveryCase, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="recoveries")
    item = models.ForeignKey("payments.PaymentItem", models.PROTECT, related_name="recoveries")
    fund = models.ForeignKey(FundSource, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    back_fen = models.BigIntegerField(default=0)
    written_off_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["case", "line__seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "line"], name="line_once_a_recovery"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, back_fen__gte=0, back_fen__lte=F("amount_fen")),
                name="recovery_line_never_more_than_owed",
            ),
            models.CheckConstraint(
                condition=Q(written_off_fen__gte=0, written_off_fen__lte=F("back_fen")),
                name="recovery_line_written_off_within_settled",
            ),
        ]


class Instalment(models.Model):
    """A part of what is owed, due on a day. A later plan (`round`) takes the place of the one before."""

    case = models.ForeignKey(RecoveryCase, models.PROTECT, related_name="instalments")
    round = models.PositiveSmallIntegerField()
    seq = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["case", "round", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "seq"], name="instalment_once_a_plan"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="instalment_positive"),
        ]


class Repayment(models.Model):
    """What settled a part of a case: money received, a later payment set off, or a part written off. Append-only."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("追回入库")
        OFFSET = "offset", _("抵扣")
        WRITTEN_OFF = "written_off", _("核销")

    case = models.ForeignKey(RecoveryCase, models.PROTECT, related_name="repayments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_fen = models.BigIntegerField()
    on = models.DateField()  # the day the treasury had the money, or of the decision
    reference = models.CharField(_("入库凭证号"), max_length=40, blank=True)
    against = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="repayment_positive"),
            models.CheckConstraint(
                condition=(Q(kind="received") & ~Q(reference=""))
                | Q(kind="offset", against__isnull=False)
                | (Q(kind="written_off") & ~Q(reason="")),
                name="repayment_says_why",
            ),
            models.UniqueConstraint(fields=["reference"], condition=Q(kind="received"), name="receipt_booked_once"),
        ]


class OffsetLine(models.Model):
    """A later line whose payment was kept back for a debt: it is paid by that, and no batch takes it. Append-only."""

    repayment = models.ForeignKey(Repayment, models.PROTECT, related_name="kept_back")
    line = models.OneToOneField(ClaimLine, models.PROTECT, related_name="offset")
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="offset_line_positive")]


class Recheck(models.Model):
    """A referred worker paid three months ago: is he still insured? (C07). Listed once a payment; answered once."""

    class Outcome(models.TextChoices):
        INSURED = "insured", _("仍在参保")
        STOPPED = "stopped", _("已停保")

    item = models.OneToOneField("payments.PaymentItem", models.PROTECT, related_name="recheck")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    paid_on = models.DateField()
    listed_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    stopped_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["paid_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", checked_by=None, checked_at=None, stopped_on=None)
                | Q(outcome="insured", checked_by__isnull=False, checked_at__isnull=False, stopped_on=None)
                | Q(outcome="stopped", checked_by__isnull=False, checked_at__isnull=False, stopped_on__isnull=False),
                name="recheck_answered_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["paid_on"], condition=Q(outcome=""), name="rechecks_owed")]
