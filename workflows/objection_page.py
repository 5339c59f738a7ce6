"""Questions about objections: the list with its clock, one objection with all that decides it, and what waits for a post."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed
from core.names import mask_name
from core.timeline import record
from core.verdict import Verdict
from documents.models import Paper
from policy.rules import DEDUCTION_REASONS
from workflows import access
from workflows.boards import owed_count
from workflows.claims import Claim, ClaimLine
from workflows.hearing import HIDDEN, can_end, can_investigate, objections_for
from workflows.hearings import Objection
from workflows.holds import held_lines
from workflows.locking import claim_locked
from workflows.objections import UNDER_WAY
from workflows.reviews import NoticeEntry
from workflows.states import ClaimState, LineStatus

SEALED = ("name", "phone", "address", "content")


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line of the objected claim: whether the objection names it."""

    line: ClaimLine
    name: str
    named: bool


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """What the page of an objection is drawn from."""

    objection: Objection
    objector: str  # masked where the post does not investigate or decide
    open_contact: bool
    lines: list[NamedLine]
    whole: bool
    investigate: Verdict
    end: Verdict
    approve: Verdict | None  # to the leader: whether suspended lines may be approved now; None when there are none
    reasons: dict[str, str]
    paper: Paper | None
    earlier: list[Objection]


def listed(by: Actor, *, only: str = "") -> QuerySet[Objection]:
    """The objections the post may see: open ones first, the earliest due on top; `only` is open, late or ended."""
    found = objections_for(by).select_related("claim__claimant_org", "claim__claimant_user", "entry__notice")
    found = found.defer(*SEALED, "entry__notice__paper").annotate(named_count=Count("named"))
    if only == "open":
        found = found.filter(outcome="")
    elif only == "late":
        found = found.filter(outcome="", due_on__lt=clock.today())
    elif only == "ended":
        found = found.exclude(outcome="")
    return (
        found.order_by("decided_at", "due_on", "number")
        if only == "ended"
        else found.order_by("outcome", "due_on", "number")
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a post besides its reviews: objections (and how many are overdue), boards, lines to approve."""

    investigate: int = 0
    decide: int = 0
    late: int = 0
    boards: int = 0
    suspended: int = 0

    def __bool__(self) -> bool:
        return bool(self.investigate or self.decide or self.boards or self.suspended)


def waiting_for(by: Actor) -> Waiting:
    """Counts for the head of the inbox; one query for the roles concerned, none for others."""
    if by.role == Role.BUREAU_LEADER:
        return Waiting(suspended=free_suspended().filter(claim__in=access.visible_to(by)).count())
    if by.role not in {Role.BUREAU_HANDLER, Role.SECTION_HEAD}:
        return Waiting(boards=owed_count(by))
    mine = Q(investigated_at=None) if by.role == Role.BUREAU_HANDLER else Q(investigated_at__isnull=False)
    counts = (
        objections_for(by)
        .filter(mine, outcome="")
        .aggregate(every=Count("pk"), late=Count("pk", filter=Q(due_on__lt=clock.today())))
    )
    if by.role == Role.BUREAU_HANDLER:
        return Waiting(investigate=counts["every"], late=counts["late"])
    return Waiting(decide=counts["every"], late=counts["late"])


def free_suspended() -> QuerySet[ClaimLine]:
    """Suspended lines of approved claims without any open objection: the leader may approve them."""
    suspended = ClaimLine.objects.filter(status=LineStatus.SUSPENDED, claim__state=ClaimState.PAYABLE)
    return suspended.exclude(claim__objections__outcome="")


def objection_page(*, objection_id: UUID, by: Actor) -> ObjectionPage:
    """One objection; refuses `objection_not_visible`, the same for one that does not exist."""
    related = ("claim__claimant_org", "claim__claimant_user", "claim__scheme", "entry__notice", "scan", "follows")
    people = ("recorded_by", "investigated_by", "decided_by")
    objection = objections_for(by).select_related(*related, *people).filter(pk=objection_id).first()
    if objection is None:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    contact = access.shows_objector(by)
    lines = named_lines(objection.claim, objection)
    return ObjectionPage(
        objection=objection,
        objector=objection.name if contact else mask_name(objection.name),
        open_contact=contact,
        lines=lines,
        whole=not any(line.named for line in lines),
        investigate=can_investigate(by, objection),
        end=can_end(by, objection),
        approve=_approvable(by, objection),
        reasons=DEDUCTION_REASONS,
        paper=Paper.objects.filter(subject=f"objection:{objection.pk}").defer("content").first() if contact else None,
        earlier=list(objections_for(by).filter(claim=objection.claim_id).exclude(pk=objection.pk).defer(*SEALED)),
    )


def read_objector(*, objection_id: UUID, by: Actor, what: str = "contact") -> Objection:
    """The objection with its maker's contact (or its `scan`), and that it was read, on the claim's chain.

    Contact data are read for a purpose and leave a trace (个人信息保护法 Art. 51). Refuses `objection_not_visible`.
    """
    with transaction.atomic():
        found = objections_for(by).select_related("scan").filter(pk=objection_id).first()
        if found is None or not access.shows_objector(by):
            raise NotAllowed(HIDDEN.code, HIDDEN.reason)
        claim = claim_locked(found.claim_id)
        record(claim.chain, "read_objector", by=by, data={"objection": found.number, "what": what})
    return found


def named_lines(claim: Claim, objection: Objection | None = None) -> list[NamedLine]:
    """The claim's lines that an objection may name, with those this one names."""
    named = set(objection.named.values_list("line", flat=True)) if objection else set()
    wanted = Q(status__in=UNDER_WAY) | Q(pk__in=named)
    lines = ClaimLine.objects.filter(wanted, claim=claim).select_related("worker").defer("details", "phone")
    return [
        NamedLine(line, line.worker.name if line.worker else "", line.pk in named) for line in lines.order_by("seq")
    ]


def _approvable(by: Actor, objection: Objection) -> Verdict | None:
    if by.role != Role.BUREAU_LEADER:
        return None
    suspended = ClaimLine.objects.filter(claim=objection.claim_id, status=LineStatus.SUSPENDED)
    if not suspended.exclude(pk__in=held_lines([objection.claim_id])).exists():
        return None
    return access.can_approve_suspended(by, objection.claim)


def entry_for(*, entry_id: int, by: Actor) -> NoticeEntry:
    """The published claim an objection is to be recorded against; refuses as `record_objection`."""
    found = NoticeEntry.objects.select_related("notice", "claim__claimant_org", "claim__claimant_user").defer(
        "notice__paper"
    )
    entry = found.filter(pk=entry_id, claim__in=access.visible_to(by)).first()
    if entry is None:
        raise NotAllowed(HIDDEN.code, HIDDEN.reason)
    access.can_hear(by, entry.claim).require()
    return entry


def by_code(code: str) -> Objection | None:
    """The objection its maker asks after with the code he was given; nothing sealed is read."""
    asked = code.strip().upper()
    if not asked or len(asked) > 16 or "\0" in asked:
        return None
    return Objection.objects.select_related("entry__notice").defer(*SEALED).filter(code=asked).first()
