"""Payable claims and officers for the tests of payments: rows as the road leaves them, without walking it."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.acting import Actor
from accounts.areas import load_zone
from accounts.models import Area, Organisation, Post, User
from accounts.roles import Role
from core import clock
from core.errors import Refusal
from core.jobs import run_waiting
from core.models import Event
from core.privacy import index_of
from core.timeline import SYSTEM
from funds.ledger import appropriate, make_payable, reserve
from funds.models import FundSource
from payments import batches
from payments.models import Batch
from policy.models import SchemeVersion
from registry.models import BankAccount, Worker
from workflows.claims import Claim, ClaimLine
from workflows.payees import shares_of
from workflows.reviews import AssessmentRecord, Notice, NoticeEntry
from workflows.states import ClaimState, Kind, LineStatus

_numbers = itertools.count(1)
FORMAT = "bank-xlsx"
SINCE = date(2023, 2, 9)
RATE = {Kind.AGENCY: 1_000_00, Kind.PLATFORM: 500_00, Kind.INDIVIDUAL: 500_00}


def user(name: str) -> User:
    return User.objects.create(username=f"u{next(_numbers)}", full_name=name, password="!")


def posted(who: User, role: str, *, area: Area | None = None, organisation: Organisation | None = None) -> Actor:
    """The user in a new post; in the zone when neither an area nor an organisation is given."""
    place = area or (None if organisation else load_zone())
    return Actor(who, Post.objects.create(user=who, role=role, area=place, organisation=organisation, valid_from=SINCE))


def officer(role: str, name: str) -> Actor:
    """A new person in a post of the zone."""
    return posted(user(name), role)


@dataclass
class Office:
    """Everybody a batch passes, each a different person."""

    bureau: Actor
    maker: Actor
    maker2: Actor
    checker: Actor
    approver: Actor
    auditor: Actor


def office() -> Office:
    return Office(
        bureau=officer(Role.BUREAU_HANDLER, "黄美雄"),
        maker=officer(Role.FINANCE_MAKER, "许丽云"),
        maker2=officer(Role.FINANCE_MAKER, "郑小敏"),
        checker=officer(Role.FINANCE_CHECKER, "蔡文彬"),
        approver=officer(Role.FINANCE_APPROVER, "王建平"),
        auditor=officer(Role.AUDITOR, "刘慧"),
    )


def fund(amount_fen: int = 10_000_000_00, allocation_no: str = "泉财指〔2025〕8号") -> FundSource:
    source = FundSource.objects.create(
        name="区就业补助资金",
        allocation_no=allocation_no,
        year=2025,
        functional_code="2080701",
        economic_code="30399",
    )
    with transaction.atomic():
        appropriate(fund_id=source.pk, amount_fen=amount_fen, by=SYSTEM)
    source.refresh_from_db()
    return source


def scheme() -> SchemeVersion:
    """A published version; payments only name it."""
    found = SchemeVersion.objects.filter(code="qtz-2023-3").first()
    return found or SchemeVersion.objects.create(
        code="qtz-2023-3",
        version=1,
        doc_no="泉台管办规〔2023〕3号",
        title="引工奖补",
        valid_from=SINCE,
        valid_to=date(2025, 12, 31),
        terms={},
        sha256="0" * 64,
        status="published",
        drafted_by=user("起草人"),
        drafted_at=clock.now(),
        published_by=user("发布人"),
        published_at=clock.now(),
    )


def agency(name: str = "泉州市联众人力资源服务有限公司") -> Organisation:
    return Organisation.objects.create(kind=Organisation.Kind.AGENCY, name=name, uscc=f"9135{next(_numbers):014d}")


def account(owner: Organisation | User, *, holder: str | None = None, number: str | None = None) -> BankAccount:
    is_org = isinstance(owner, Organisation)
    number = number or f"62284800{next(_numbers):011d}"
    return BankAccount.objects.create(
        organisation=owner if is_org else None,
        user=None if is_org else owner,
        holder=holder if holder is not None else (owner.name if is_org else owner.full_name),
        bank="中国建设银行泉州台商投资区支行",
        cnaps="105397000113",
        number=number,
        number_index=index_of("account", number),
        created_at=clock.now(),
    )


def payable(
    source: FundSource,
    owner: Organisation | User | None = None,
    *,
    heads: int = 2,
    holder: str | None = None,
    closes_on: date | None = None,
    state: str = ClaimState.PAYABLE,
    workers: list[str] | None = None,
    published: bool = True,
) -> Claim:
    """A claim as the leader's approval leaves it: live lines, a finished publicity, reserved money, an account."""
    owner = owner or agency(f"第{next(_numbers)}人力资源有限公司")
    kind = Kind.AGENCY if isinstance(owner, Organisation) else Kind.INDIVIDUAL
    filer = posted(user("经办人"), Role.AGENCY_CLERK, organisation=owner) if kind == Kind.AGENCY else None
    creator = filer.user if filer else owner
    post = filer.post if filer else posted(owner, Role.INDIVIDUAL).post
    claim = Claim.objects.create(
        kind=kind,
        state=state,
        number=f"YG-2025-104-{next(_numbers):06d}",
        claimant_org=owner if kind == Kind.AGENCY else None,
        claimant_user=None if kind == Kind.AGENCY else owner,
        created_by=creator,
        created_post=post,
        created_at=clock.now(),
        saved_at=clock.now(),
        account=account(owner, holder=holder),
        scheme=scheme(),
        filed_on=date(2025, 10, 9),
        fund=source,
        approved_at=clock.now(),
    )
    names = workers or [f"工人{n}" for n in range(heads)]
    lines = _lines(claim, names, RATE[kind])
    total = sum(line.amount_fen for line in lines)
    AssessmentRecord.objects.create(
        claim=claim, stage="approved", result={"total_fen": total}, total_fen=total, at=clock.now()
    )
    with transaction.atomic():
        shares = shares_of(claim, lines)
        reserve(fund_id=source.pk, shares=shares, by=SYSTEM)
        make_payable(fund_id=source.pk, shares=shares, by=SYSTEM)
    source.refresh_from_db()
    if published:
        _published(claim, len(lines), total, closes_on or clock.today() - timedelta(days=3))
    return claim


def _lines(claim: Claim, names: list[str], rate: int) -> list[ClaimLine]:
    made = []
    for seq, name in enumerate(names, 1):
        index = index_of("id", f"made:{next(_numbers)}")
        person = Worker.objects.create(name=name, id_type="resident_id", id_number="x", id_index=index)
        made.append(
            ClaimLine(
                claim=claim,
                seq=seq,
                status=LineStatus.LIVE,
                worker=person,
                person_index=index,
                slot="referral:qtz-2023-3",
                employer_name="福建闽台精密机械股份有限公司",
                outcome="pay",
                amount_fen=rate,
            )
        )
    return ClaimLine.objects.bulk_create(made)


def _published(claim: Claim, heads: int, total: int, closes_on: date) -> None:
    notice = Notice.objects.create(
        number=f"GS-2025-{next(_numbers):02d}",
        opens_on=closes_on - timedelta(days=7),
        closes_on=closes_on,
        opened_by=claim.created_by,
        opened_at=clock.now(),
    )
    NoticeEntry.objects.create(notice=notice, claim=claim, headcount=heads, amount_fen=total)


def line_ids(*claims: Claim) -> list:
    """The ids of the claims' lines, in order."""
    return list(ClaimLine.objects.filter(claim__in=claims).order_by("claim", "seq").values_list("pk", flat=True))


def opened(office: Office, source: FundSource, **more: str) -> Batch:
    return batches.open_batch(**{"fund_id": source.pk, "channel": "public", "by": office.bureau} | more)


def drafted(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = opened(office, source)
    return batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(*claims), by=office.maker)


def sealed(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = drafted(office, source, *claims)
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    return batches.release_batch(batch_id=batch.pk, by=office.approver)


def sent(office: Office, source: FundSource, *claims: Claim) -> Batch:
    return send(office, sealed(office, source, *claims))


def send(office: Office, batch: Batch) -> Batch:
    """The file made, and handed over by the maker."""
    run_waiting()
    return batches.send_batch(batch_id=batch.pk, by=office.maker, format_code=FORMAT)


def code_of(command: Callable[[], object]) -> str:
    """The code with which a command refuses; nothing it did stays."""
    with pytest.raises(Refusal) as refused, transaction.atomic():
        command()
    assert refused.value.message.endswith("。")
    return refused.value.code


def verbs(chain: str) -> list[str]:
    return list(Event.objects.filter(chain=chain).values_list("verb", flat=True))
