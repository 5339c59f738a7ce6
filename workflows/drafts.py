"""What the claimant's side writes before filing: the claim's own fields. Lines are in `roster_lines`, files in `evidence`."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Organisation
from accounts.roles import Role
from core import clock
from core.errors import Refusal, WrongState
from core.timeline import record
from registry.models import BankAccount, Claimant
from workflows import access
from workflows.claims import Claim, ClaimLine, CountedReferral
from workflows.corrections import require_part
from workflows.locking import claim_locked
from workflows.states import ClaimState, Kind, LineStatus


def start_claim(
    *,
    kind: str,
    by: Actor,
    claimant_user_id: int | None = None,
    employer_id: int | None = None,
    count_year: int | None = None,
) -> Claim:
    """Start a draft. An employer's officer names the person he files for; an ambassador names the year.

    Refuses `kind_not_of_post`, `claimant_unknown`, `ambassador_needs_employer`, `ambassador_year_taken`.
    """
    access.can_start(by, kind).require()
    claim = Claim(
        kind=kind,
        created_by=by.user,
        created_post=by.post,
        created_at=clock.now(),
        saved_at=clock.now(),
        contact=by.user.full_name,
    )
    if by.role in {Role.AGENCY_CLERK, Role.PLATFORM_CLERK}:
        claim.claimant_org = by.organisation
    else:
        _name_person(claim, by, claimant_user_id)
    if kind == Kind.AMBASSADOR:
        _name_employer(claim, employer_id, count_year)
    claim.account = _latest_account(claim)
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
            record(claim.chain, "start", by=by, data={"kind": str(kind)})
    except IntegrityError as error:
        raise WrongState(
            "ambassador_year_taken", _("您已申报过该年度的引工大使，请在“我的申报”中打开原申报继续办理。")
        ) from error
    return claim


def _name_person(claim: Claim, by: Actor, claimant_user_id: int | None) -> None:
    person = Claimant.objects.select_related("user", "employer").filter(user=claimant_user_id or by.user_id).first()
    if person is None:
        raise Refusal("claimant_unknown", _("申报人资料不完整，请先登记证件、工作单位和收款账户。"))
    if by.role == Role.EMPLOYMENT_OFFICER and person.employer_id != by.post.organisation_id:
        raise Refusal("claimant_not_employee", _("用工信息员只能为本企业在职员工代为申报。"))
    if by.role == Role.INDIVIDUAL and person.user_id != by.user_id:
        raise Refusal("claimant_not_self", _("个人只能为本人申报。"))
    claim.claimant_user = person.user


def _name_employer(claim: Claim, employer_id: int | None, count_year: int | None) -> None:
    employer = Organisation.objects.filter(pk=employer_id, kind=Organisation.Kind.EMPLOYER).first()
    if employer is None:
        person = Claimant.objects.select_related("employer").filter(user=claim.claimant_user_id).first()
        employer = person.employer if person else None
    if employer is None:
        raise Refusal("ambassador_needs_employer", _("引工大使须为企业在职员工，请先登记您的工作单位。"))
    claim.employer, claim.count_year = employer, count_year or clock.today().year


def _latest_account(claim: Claim) -> BankAccount | None:
    return BankAccount.objects.filter(**_owner(claim)).order_by("-created_at").first()


def editable(claim_id: int, by: Actor) -> Claim:
    """The claim locked, when the actor may change it now."""
    claim = claim_locked(claim_id)
    access.can_edit(by, claim).require()
    return claim


def save_claim(
    *,
    claim_id: int,
    by: Actor,
    account_id: UUID | None = None,
    contact: str | None = None,
    note: str | None = None,
    declared: bool | None = None,
) -> Claim:
    """Save what was given of the claim's own fields; the draft saves itself with this. Refuses a foreign account."""
    with transaction.atomic():
        claim = editable(claim_id, by)
        require_part(claim, claim_itself=True)
        if account_id is not None:
            claim.account = BankAccount.objects.filter(pk=account_id, **_owner(claim)).first()
            if claim.account is None:
                raise Refusal("account_not_yours", _("收款账户必须是申报主体本人（本单位）的账户。"))
        if contact is not None:
            claim.contact = contact.strip()[:60]
        if note is not None:
            claim.note = note.strip()[:2000]
        if declared is not None:
            claim.declared = declared
        claim.saved_at = clock.now()
        claim.save()
    return claim


def _owner(claim: Claim) -> dict[str, int | None]:
    return {"organisation": claim.claimant_org_id} if claim.claimant_org_id else {"user": claim.claimant_user_id}


def count_referrals(*, claim_id: int, by: Actor) -> Claim:
    """Take every approved individual referral of the ambassador at his employer in the year; he never owns them."""
    with transaction.atomic():
        claim = editable(claim_id, by)
        if claim.kind != Kind.AMBASSADOR:
            raise Refusal("not_an_ambassador_claim", _("只有引工大使申报可以统计引进人数。"))
        lines = ClaimLine.objects.filter(
            claim__kind=Kind.INDIVIDUAL,
            claim__claimant_user=claim.claimant_user_id,
            claim__state=ClaimState.PAYABLE,
            employer=claim.employer_id,
            hire_date__year=claim.count_year,
            status=LineStatus.LIVE,
        )
        CountedReferral.objects.filter(claim=claim).delete()
        CountedReferral.objects.bulk_create(CountedReferral(claim=claim, line=line) for line in lines)
        claim.saved_at = clock.now()
        claim.save(update_fields=["saved_at"])
    return claim
