"""A claim as its own side works on it: what may be written now, what is locked and why, what comes next."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core.calendar import WorkingDays
from core.identifiers import mask_account, mask_id
from policy.rules import DEDUCTION_REASONS
from policy.terms import Terms
from portals.claimant.due import Due
from portals.claimant.tiers import TierBar, tier_bar
from registry.models import BankAccount
from workflows import diagram
from workflows.claim_page import ClaimPage, LineView, claim_page
from workflows.claims import Claim, CountedReferral, Evidence
from workflows.facts import scheme_for
from workflows.reviews import Correction
from workflows.states import ClaimState, Kind


@dataclass(frozen=True, slots=True)
class Row:
    """A worker in the list; `open` when he may be changed now."""

    view: LineView
    open: bool
    reason: str  # why deducted, annulled or returned; empty otherwise


@dataclass(frozen=True, slots=True)
class Slot:
    """A kind of evidence with the claim's files of it."""

    code: str
    label: str
    required: bool
    open: bool
    files: list[Evidence]


@dataclass(frozen=True, slots=True)
class Account:
    """An account to choose, its number masked to the last four digits."""

    account: BankAccount
    masked: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A referral the title counts."""

    name: str
    masked_id: str
    hire_date: date | None
    number: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the claimant's templates are drawn from."""

    page: ClaimPage
    rows: list[Row]
    slots: list[Slot]
    accounts: list[Account]
    correction: Correction | None  # the round that waits for the claimant now
    fields_open: bool
    files_open: bool  # whether any kind of evidence may be added
    draft: bool
    counted: list[Counted]
    bar: TierBar | None
    due: Due | None
    picture: SafeString
    steps: list[tuple[str, str, bool]]  # the form's sections: anchor, title, whether filled in

    @property
    def missing(self) -> list[str]:
        """Kinds of evidence the scheme asks for that have no file yet."""
        return [slot.label for slot in self.slots if slot.required and not slot.files]


def sheet(*, claim_id: int, by: Actor, line_page: int = 1) -> Sheet:
    """The sheet of one's own claim; refusals are `claim_page`'s. A fixed number of queries."""
    page = claim_page(claim_id=claim_id, by=by, line_page=line_page)
    claim, state = page.claim, ClaimState(page.claim.state)
    editing = bool(page.can_edit)
    correction = page.correction if state == ClaimState.CORRECTION else None
    draft = state == ClaimState.DRAFT
    parts = correction.parts if correction else {}
    terms = _terms(page)
    title = claim.kind == Kind.AMBASSADOR
    counted = _counted(claim) if title else []
    slots = _slots(page, terms, draft, set(parts.get("evidence", [])))
    named = set(parts.get("lines", []))
    return Sheet(
        page=page,
        rows=[Row(view, draft or str(view.line.pk) in named, _reason(view)) for view in page.lines],
        slots=slots,
        accounts=_accounts(claim) if editing else [],
        correction=correction,
        fields_open=draft or bool(parts.get("claim")),
        files_open=any(slot.open for slot in slots),
        draft=draft,
        counted=counted,
        bar=tier_bar(len(counted), terms) if title and terms else None,
        due=_due(page, correction),
        picture=mark_safe(diagram.svg(page.flow, claim.state)),  # noqa: S308 - drawn from the code's own labels, escaped
        steps=_steps(page, slots, bool(counted), draft),
    )


def _terms(page: ClaimPage) -> Terms | None:
    """The terms the claim stands under, or for a draft those its first hire (or its year) falls under."""
    claim = page.claim
    if claim.scheme:
        return claim.scheme.parsed()
    first = next((view.line.hire_date for view in page.lines), None)
    scheme, _fitting = scheme_for([date(claim.count_year, 12, 31) if claim.count_year else first])
    return scheme.parsed() if scheme else None


def _slots(page: ClaimPage, terms: Terms | None, draft: bool, named: set[str]) -> list[Slot]:
    asked = getattr(terms.evidence, page.claim.kind) if terms else None
    required = list(asked.required) if asked else []
    known = [*required, *(asked.optional if asked else Evidence.Kind.values)]
    known += [kind for kind in (*named, *(item.kind for item in page.evidence)) if kind not in known]
    return [
        Slot(
            code=code,
            label=str(Evidence.Kind(code).label),
            required=code in required,
            open=draft or code in named,
            files=[item for item in page.evidence if item.kind == code],
        )
        for code in dict.fromkeys(known)
    ]


def _accounts(claim: Claim) -> list[Account]:
    owner = {"organisation": claim.claimant_org_id} if claim.claimant_org_id else {"user": claim.claimant_user_id}
    found = BankAccount.objects.filter(**owner).order_by("-created_at")
    return [Account(account, mask_account(account.number), account.pk == claim.account_id) for account in found]


def _counted(claim: Claim) -> list[Counted]:
    found = CountedReferral.objects.filter(claim=claim).select_related("line__worker", "line__claim")
    lines = [referral.line for referral in found.order_by("line__hire_date", "pk")]
    return [
        Counted(line.worker.name, mask_id(line.worker.id_number), line.hire_date, line.claim.number or "")
        for line in lines
        if line.worker
    ]


def _reason(view: LineView) -> str:
    line = view.line
    label = DEDUCTION_REASONS.get(line.reason_code, line.reason_code)
    return "：".join(filter(None, (label, line.reason_note)))


def _due(page: ClaimPage, correction: Correction | None) -> Due | None:
    """When the one who has to act next has to have acted."""
    if correction:
        return Due.of(correction.due_on, correction.due_provisional, WorkingDays.load())
    waiting = min(page.open_reviews, key=lambda review: review.due_on, default=None)
    return Due.of(waiting.due_on, waiting.due_provisional, WorkingDays.load()) if waiting else None


def _steps(page: ClaimPage, slots: list[Slot], counted: bool, draft: bool) -> list[tuple[str, str, bool]]:
    title = page.claim.kind == Kind.AMBASSADOR
    filled = all(slot.files for slot in slots if slot.required)
    return [
        ("s1", _("申报主体与收款账户"), page.claim.account_id is not None),
        ("s2", _("引进人数") if title else _("人员名单"), counted if title else page.totals.claimed > 0),
        ("s3", _("证明材料"), filled),
        ("s4", _("预检"), False),
        ("s5", _("承诺并提交") if draft else _("提交补正"), False),
    ]
