"""Claim, its lines and its evidence."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation, Post
from core.privacy import SealedTextField
from documents.models import StoredFile
from funds.models import FundSource
from policy.models import SchemeVersion
from registry.models import BankAccount, Worker
from workflows.states import ClaimState, Kind, LineStatus, Risk


class Claim(models.Model):
    """One claim for a reward. `state` is moved only by the flow of its kind; its amount is the sum of its live lines."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=ClaimState.choices, default=ClaimState.DRAFT)
    number = models.CharField(_("申请编号"), max_length=24, unique=True, null=True)
    claimant_org = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="claims")
    claimant_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="claims")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="+")
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    note = models.TextField(_("说明"), blank=True)
    declared = models.BooleanField(_("承诺"), default=False)
    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, null=True, related_name="+")
    filed_on = models.DateField(null=True)
    fund = models.ForeignKey(FundSource, models.PROTECT, null=True, related_name="claims")
    approved_at = models.DateTimeField(null=True)
    roster = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # ambassador only: it counts, never owns
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="ambassador_claims")
    count_year = models.PositiveSmallIntegerField(null=True)
    tier = models.CharField(max_length=8, blank=True)  # gold, silver, bronze
    risk = models.PositiveSmallIntegerField(_("风险"), choices=Risk.choices, null=True)  # None: not judged yet

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimant_org__isnull=True) ^ Q(claimant_user__isnull=True), name="claim_of_one_claimant"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(number__isnull=False, filed_on__isnull=False),
                name="claim_filed_has_number_and_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="payable") | Q(fund__isnull=False), name="claim_payable_names_fund"
            ),
            models.UniqueConstraint(
                fields=["claimant_user", "count_year"],
                condition=Q(kind="ambassador") & ~Q(state__in=["refused", "withdrawn"]),
                name="one_ambassador_claim_a_year",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "kind"]),
            models.Index(fields=["risk", "-id"]),
            models.Index(fields=["claimant_org", "-id"]),
            models.Index(fields=["claimant_user", "-id"]),
        ]

    def __str__(self) -> str:
        return self.number or f"草稿 {self.pk}"

    @property
    def chain(self) -> str:
        """The claim's chain in the timeline."""
        return f"claim:{self.pk}"

    @property
    def claimant_name(self) -> str:
        """Full name of who claims; with `select_related` no query."""
        owner = self.claimant_org or self.claimant_user
        return owner.name if isinstance(owner, Organisation) else owner.full_name  # type: ignore[union-attr]

    @property
    def amount_fen(self) -> int:
        """The sum of the live lines, in fen: the one definition of what a claim is worth."""
        return self.lines.filter(status=LineStatus.LIVE).aggregate(total=Sum("amount_fen"))["total"] or 0


class ClaimLine(models.Model):
    """One referred or lent worker, the unit of decision and of payment. A bonus line has no worker.

    `slot` says what the worker is paid once for: ``referral:<scheme code>`` or ``pool:<platform id>:<year>``.
    `verify_area` is who verifies it: a village, a township, or the zone (the bureau), by brief A25–A27.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    seq = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=LineStatus.choices, default=LineStatus.DRAFT)
    worker = models.ForeignKey(Worker, models.PROTECT, null=True, related_name="lines")
    person_index = models.CharField(max_length=64, blank=True)
    slot = models.CharField(max_length=60, blank=True)
    phone = SealedTextField(blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    home = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")  # hukou village when in the zone
    verify_area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    employer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    employer_name = models.CharField(max_length=120, blank=True)
    employer_uscc = models.CharField(max_length=18, blank=True)
    lender = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    lender_name = models.CharField(max_length=120, blank=True)
    lender_uscc = models.CharField(max_length=18, blank=True)
    hire_date = models.DateField(null=True)  # for a lent worker: start of the lending
    lending_to = models.DateField(null=True)
    contract_from = models.DateField(null=True)
    contract_to = models.DateField(null=True)
    insured_from = models.DateField(null=True)
    insured_months = models.PositiveSmallIntegerField(null=True)
    payroll_months = models.PositiveSmallIntegerField(null=True)
    still_employed = models.BooleanField(null=True)
    details = models.JSONField(default=dict)  # other roster columns by key: job, education, channel, insurance_types…
    outcome = models.CharField(max_length=8, blank=True)  # of the last assessment: pay, review, refuse
    amount_fen = models.BigIntegerField(default=0)
    returned_by = models.ForeignKey("workflows.Review", models.SET_NULL, null=True, related_name="returned_lines")
    deducted_by = models.ForeignKey("workflows.Review", models.SET_NULL, null=True, related_name="deducted_lines")
    reason_code = models.CharField(max_length=40, blank=True)  # why deducted, annulled or returned
    reason_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["claim", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "seq"], name="line_seq_once_a_claim"),
            models.UniqueConstraint(
                fields=["person_index", "slot"],
                condition=Q(status__in=["live", "suspended"]) & ~Q(person_index=""),
                name="worker_paid_once_a_slot",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="line_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["person_index"]),
            models.Index(fields=["status", "verify_area"]),
            models.Index(fields=["employer_uscc"]),
            models.Index(fields=["phone_index"]),
        ]

    def __str__(self) -> str:
        return f"第{self.seq}行"


class CountedReferral(models.Model):
    """An approved individual-referral line that an ambassador claim counts; a worker counts once a year (A3, A4)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="counted")
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="counted_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "line"], name="line_counted_once_a_claim")]


class Evidence(models.Model):
    """A file that supports a claim or one line. Replaced, never deleted: the old row gets `replaced_at`."""

    class Kind(models.TextChoices):
        ID_CHECK = "id_check", _("身份证明")
        BUSINESS_LICENCE = "business_licence", _("营业执照")
        HR_LICENCE = "hr_licence", _("人力资源服务许可证")
        CONTRACT = "contract", _("劳动合同")
        INSURANCE_PROOF = "insurance_proof", _("社保缴费证明")
        PAYROLL_PROOF = "payroll_proof", _("工资发放证明")
        LENDING_AGREEMENT = "lending_agreement", _("用工调剂协议")
        ROSTER = "roster", _("花名册（盖章件）")
        REFERRAL_LETTER = "referral_letter", _("推荐函或企业确认函")
        BANK_PROOF = "bank_proof", _("银行账户证明")
        COMMITMENT = "commitment", _("承诺书")
        NO_DUPLICATE_STATEMENT = "no_duplicate_statement", _("未重复享受声明")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="evidence")
    line = models.ForeignKey(ClaimLine, models.PROTECT, null=True, related_name="evidence")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "id"]
        indexes = [models.Index(fields=["claim", "replaced_at"])]
