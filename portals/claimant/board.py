"""The list of one's claims with what comes next, and the kinds of claim one may start."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from policy.assess import rate_of
from policy.terms import Terms
from portals.claimant import forms
from portals.claimant.due import Due
from registry.models import Claimant
from workflows import queries
from workflows.access import KINDS_OF_ROLE
from workflows.claims import Claim, Evidence
from workflows.facts import scheme_for
from workflows.reviews import Correction
from workflows.states import ClaimState, Kind, PaymentState

PAGE = 25
FIRST_YEAR = 2023
NEXT: dict[str, str | Promise] = {
    ClaimState.DRAFT: gettext_lazy("继续填写"),
    ClaimState.FILED: gettext_lazy("等待民生保障局受理"),
    ClaimState.CORRECTION: gettext_lazy("去补正"),
    ClaimState.VILLAGE: gettext_lazy("等待村（社区）核实"),
    ClaimState.TOWNSHIP: gettext_lazy("等待乡镇审核"),
    ClaimState.BUREAU: gettext_lazy("等待劳动保障科审核"),
    ClaimState.SECTION: gettext_lazy("等待科室负责人审核"),
    ClaimState.PUBLICITY: gettext_lazy("公示中，等待期满"),
    ClaimState.LEADER: gettext_lazy("等待分管领导审批"),
    ClaimState.PAYABLE: gettext_lazy("等待财政拨付"),
    ClaimState.AWARDED: gettext_lazy("下载证书"),
    ClaimState.REFUSED: gettext_lazy("查看告知书"),
    ClaimState.WITHDRAWN: "",
}
OF_PAYMENT: dict[str, str | Promise] = {
    PaymentState.PAID: gettext_lazy("已拨付"),
    PaymentState.PARTLY_PAID: gettext_lazy("部分拨付，等待其余拨付"),
}
MINE_TO_DO = {ClaimState.DRAFT, ClaimState.CORRECTION}
WHO: dict[str, tuple[str | Promise, str | Promise]] = {
    Kind.AGENCY: (
        gettext_lazy("经营性人力资源服务机构"),
        gettext_lazy("为区内企业引进员工，签订劳动合同并参保、稳定就业的，按人数申报。"),
    ),
    Kind.INDIVIDUAL: (
        gettext_lazy("区内个人（含企业老员工）"),
        gettext_lazy("介绍员工到区内企业就业，签订劳动合同并参保、稳定就业的，按人数申报。"),
    ),
    Kind.PLATFORM: (
        gettext_lazy("用工调剂平台（行业协会、村平台等）"),
        gettext_lazy("组织企业之间调剂用工，凭调剂协议和工资发放证明，按人数申报。"),
    ),
    Kind.AMBASSADOR: (
        gettext_lazy("区内企业在职员工"),
        gettext_lazy("本人全年引进并经核准的人员累计达到规定人数的，申请授予称号，人数由系统统计。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Mine:
    """A claim in the list: what comes next, whether that is the claimant's to do, and by when."""

    claim: Claim
    next: str
    to_do: bool
    due: Due | None


@dataclass(frozen=True, slots=True)
class Board:
    """A page of one's claims."""

    page: Page
    rows: list[Mine]


@dataclass(frozen=True, slots=True)
class Card:
    """A kind of claim: for whom, for what, how much and on what ground, and what it takes."""

    kind: Kind
    who: str
    what: str
    rate_fen: int
    article: str
    required: list[str]
    tiers: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the post may start: the cards, the people an employer's officer may file for, the years of a title."""

    cards: list[Card]
    people: list[Claimant]
    names_person: bool
    years: list[int]
    doc_no: str


def kinds_of(by: Actor) -> list[tuple[str, str]]:
    """The kinds the post files, in the order of `Kind`."""
    return [(kind.value, str(kind.label)) for kind in Kind if kind in KINDS_OF_ROLE.get(by.role, ())]


def mine(by: Actor, *, q: str, kind: str, state: str, page: int) -> Board:
    """A page of the claims the actor's side has; a fixed number of queries."""
    kind = kind if kind in Kind.values else ""
    state = state if state in ClaimState.values else ""
    found = Paginator(queries.claims_for(by, q=q, kind=kind, state=state), PAGE).get_page(page)
    asked = [claim.pk for claim in found if claim.state == ClaimState.CORRECTION]
    due = {c.claim_id: c for c in Correction.objects.filter(claim__in=asked, answered_at=None)} if asked else {}
    days = WorkingDays.load() if due else None
    return Board(found, [_row(claim, due.get(claim.pk), days) for claim in found])


def _row(claim: Claim, correction: Correction | None, days: WorkingDays | None) -> Mine:
    state = ClaimState(claim.state)
    words = OF_PAYMENT.get(claim.payment_state) if state == ClaimState.PAYABLE else None  # type: ignore[attr-defined]
    due = Due.of(correction.due_on, correction.due_provisional, days) if correction and days else None
    return Mine(claim, str(words or NEXT[state]), state in MINE_TO_DO, due)


def choice(by: Actor) -> Choice:
    """The cards of the post, by the scheme in force."""
    scheme, _fitting = scheme_for([clock.today()])
    terms = scheme.parsed() if scheme else None
    names_person = by.role == Role.EMPLOYMENT_OFFICER
    people = (
        Claimant.objects.filter(employer=by.post.organisation_id).select_related("user").order_by("user__full_name")
    )
    return Choice(
        cards=[_card(Kind(kind), terms) for kind, _label in kinds_of(by)] if terms else [],
        people=list(people) if names_person else [],
        names_person=names_person,
        years=list(range(clock.today().year, FIRST_YEAR - 1, -1)),
        doc_no=terms.doc_no if terms else "",
    )


def _card(kind: Kind, terms: Terms) -> Card:
    rate_fen, article = rate_of(kind, terms)
    who, what = WHO[kind]
    needed = getattr(terms.evidence, kind.value).required
    tiers = terms.ambassador.tiers
    named = [(_("铜牌"), tiers.bronze), (_("银牌"), tiers.silver), (_("金牌"), tiers.gold)]
    return Card(
        kind=kind,
        who=str(who),
        what=str(what),
        rate_fen=rate_fen,
        article=terms.article("ambassador.tiers") if kind == Kind.AMBASSADOR else article,
        required=[str(Evidence.Kind(code).label) for code in needed],
        tiers=named if kind == Kind.AMBASSADOR else [],
    )


def year_in(text: str) -> int | None:
    """A year of referrals that lies in reach; None leaves it to the command."""
    year = forms.number_in(text)
    return year if year and FIRST_YEAR <= year <= clock.today().year else None
