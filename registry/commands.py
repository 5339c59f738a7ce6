"""Registering who claims are about: enterprises, agencies, platforms, individual claimants and bank accounts."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Area, Organisation, User
from core import clock
from core.errors import Refusal
from core.identifiers import IdType, bank_account_fault, id_fault, mobile_fault, normalise_id, uscc_fault
from core.privacy import index_of
from registry.models import BankAccount, Claimant, Employer, Licence, Platform
from registry.people import person_index


def _organisation(kind: str, name: str, uscc: str, **extra: object) -> Organisation:
    if fault := uscc_fault(uscc):
        raise Refusal("uscc_invalid", fault, fields={"uscc": fault})
    try:
        with transaction.atomic():
            return Organisation.objects.create(kind=kind, name=name.strip(), uscc=uscc, **extra)
    except IntegrityError as error:
        raise Refusal("organisation_known", _("该统一社会信用代码已登记：%(name)s。") % {"name": name}) from error


def register_employer(
    *,
    name: str,
    uscc: str,
    area: Area | None,
    in_zone: bool = True,
    is_dispatch: bool = False,
    is_public_body: bool = False,
    legal_representative: str = "",
    insured_headcount: int | None = None,
    address: str = "",
) -> Organisation:
    """Register an enterprise; `area` is the village or industrial area where it stands, None outside the zone."""
    with transaction.atomic():
        organisation = _organisation(
            Organisation.Kind.EMPLOYER,
            name,
            uscc,
            area=area,
            address=address,
            legal_representative=legal_representative,
        )
        Employer.objects.create(
            organisation=organisation,
            in_zone=in_zone,
            is_dispatch=is_dispatch,
            is_public_body=is_public_body,
            insured_headcount=insured_headcount,
        )
    return organisation


def register_agency(
    *,
    name: str,
    uscc: str,
    area: Area | None,
    licence_no: str,
    licence_from: date,
    licence_to: date,
    legal_representative: str = "",
    address: str = "",
) -> Organisation:
    """Register an agency with its licence (人力资源市场暂行条例 Art. 18)."""
    with transaction.atomic():
        organisation = _organisation(
            Organisation.Kind.AGENCY,
            name,
            uscc,
            area=area,
            address=address,
            legal_representative=legal_representative,
        )
        Licence.objects.create(
            organisation=organisation, number=licence_no, valid_from=licence_from, valid_to=licence_to
        )
    return organisation


def register_platform(
    *,
    name: str,
    uscc: str,
    type: str,
    level: str,
    area: Area | None,
    operated_by: Area | None = None,
    legal_representative: str = "",
) -> Organisation:
    """Register a transfer platform; `operated_by` is the village that runs it, which then verifies nothing of it."""
    with transaction.atomic():
        organisation = _organisation(
            Organisation.Kind.PLATFORM,
            name,
            uscc,
            area=area,
            operated_by=operated_by,
            legal_representative=legal_representative,
        )
        Platform.objects.create(organisation=organisation, type=type, level=level)
    return organisation


def register_claimant(
    *,
    user: User,
    id_type: IdType,
    id_number: str,
    phone: str,
    home: Area | None,
    employer: Organisation | None = None,
    employed_since: date | None = None,
    public_payroll: bool = False,
    is_employer_hr: bool = False,
) -> Claimant:
    """Register a person who claims for himself; one person has one registration."""
    number = normalise_id(id_number)
    for fault in (id_fault(id_type, number, clock.today()), mobile_fault(phone)):
        if fault:
            raise Refusal("claimant_invalid", fault)
    try:
        with transaction.atomic():
            return Claimant.objects.create(
                user=user,
                id_type=id_type,
                id_number=number,
                id_index=person_index(id_type, number),
                phone=phone,
                home=home,
                in_zone=home is not None or employer is not None,
                employer=employer,
                employed_since=employed_since,
                public_payroll=public_payroll,
                is_employer_hr=is_employer_hr,
            )
    except IntegrityError as error:
        raise Refusal("claimant_known", _("该证件号码已登记过申报人，不能重复登记。")) from error


def add_account(
    *,
    holder: str,
    bank: str,
    number: str,
    cnaps: str = "",
    organisation: Organisation | None = None,
    user: User | None = None,
) -> BankAccount:
    """Add an account of an organisation (对公) or a person (对私); the holder must be the owner's own name."""
    owner = organisation.name if organisation else (user.full_name if user else "")
    if fault := bank_account_fault(number, personal=user is not None):
        raise Refusal("account_invalid", fault, fields={"number": fault})
    if holder.strip() != owner:
        raise Refusal("holder_differs", _("户名必须与申报主体名称一致：%(owner)s。") % {"owner": owner})
    return BankAccount.objects.create(
        organisation=organisation,
        user=user,
        holder=owner,
        bank=bank,
        cnaps=cnaps,
        number=number,
        number_index=index_of("account", number),
        created_at=clock.now(),
    )
