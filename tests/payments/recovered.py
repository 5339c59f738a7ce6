"""Paid claims and the people of a recovery, for its tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.acting import Actor
from accounts.models import Organisation, User
from accounts.roles import Role
from funds.models import FundSource
from payments.models import RecoveryCase
from payments.recovery.deciding import decide_case
from payments.recovery.opening import open_case
from payments.results import mark_items
from tests.payments import made
from tests.payments.made import Office, line_ids, payable, sent
from workflows.claims import Claim

FACTS = "社保系统显示该员工参保两个月后停保，企业确认其已离职。"
ARTICLE = "本区默认口径 A9"


@dataclass
class Bureau:
    """Who opens, decides and sets off; none of them approved or paid anything."""

    handler: Actor
    head: Actor
    leader: Actor
    writer: Actor


def bureau() -> Bureau:
    return Bureau(
        handler=made.officer(Role.BUREAU_HANDLER, "庄晓雯"),
        head=made.officer(Role.SECTION_HEAD, "许志远"),
        leader=made.officer(Role.BUREAU_LEADER, "曾立群"),
        writer=made.officer(Role.FINANCE_APPROVER, "潘国栋"),
    )


def paid(office: Office, source: FundSource, owner: Organisation | User | None = None, *, heads: int = 2) -> Claim:
    """A claim whose lines the bank has paid, 1,000 yuan each."""
    claim = payable(source, owner, heads=heads)
    mark_items(batch_id=sent(office, source, claim).pk, all_pending=True, outcome="settled", by=office.maker)
    return claim


def opened(people: Bureau, claim: Claim, amounts: Mapping[UUID, int] | None = None, **more: Any) -> RecoveryCase:
    """A case over all that was paid, or over `amounts`."""
    amounts = amounts if amounts is not None else dict.fromkeys(line_ids(claim), 1_000_00)
    told = {"ground": "insurance_stopped", "facts": FACTS, "article": ARTICLE, "by": people.handler} | more
    return open_case(claim_id=claim.pk, amounts=amounts, **told)


def ordered(people: Bureau, claim: Claim, amounts: Mapping[UUID, int] | None = None, **more: Any) -> RecoveryCase:
    case = opened(people, claim, amounts)
    return decide_case(case_id=case.pk, order=True, opinion="事实清楚，同意追回。", by=people.head, **more)
