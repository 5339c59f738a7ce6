"""Everything a claim page shows, in one call and a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet, Subquery, UUIDField

from accounts.acting import Actor
from accounts.models import Area
from accounts.roles import CLAIMANTS
from core.errors import NotAllowed
from core.identifiers import mask_id
from core.verdict import Verdict
from documents.models import Paper
from documents.standing import VALID, Standing
from funds.models import FundSource
from policy.discretion import discreet_result
from policy.rules import DEDUCTION_REASONS
from workflows import access
from workflows.attention import Deed, Favourite, Sight
from workflows.buttons import Action, actions_of
from workflows.checks import confirmed
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.colleagues import has_colleague
from workflows.consultations import Seat, with_consultation
from workflows.deeds import ASKING, deeds_of, seats_of
from workflows.files import papers_of
from workflows.flows import FLOWS
from workflows.holds import open_objections_of
from workflows.previews import can_preview
from workflows.queries import decisions_of, with_amounts
from workflows.reviews import AssessmentRecord, Correction, Decision, Notice, NoticeEntry, Review
from workflows.road import RoadEntry, Station, road_so_far, stations
from workflows.states import ClaimState, Kind, LineStatus, ReviewOutcome, Step
from workflows.steps import rule_of
from workflows.tally import Totals, tally_of, totals_of
from workflows.waivers import Waiver
from workflows.waiving import waivers_on

LINES_A_PAGE = 50
ACTIVE = (LineStatus.LIVE, LineStatus.HELD)
CLOSED_WITH_PAPER = {ClaimState.PAYABLE, ClaimState.AWARDED, ClaimState.REFUSED}
RELATED = (
    "claimant_org__operated_by", "claimant_user", "created_post", "scheme", "account", "fund", "employer__area", "roster",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as pages show it: masked document, the rules that fired, what was said on it, its evidence."""

    line: ClaimLine
    name: str
    masked_id: str
    findings: list[dict[str, Any]]
    evidence: list[Evidence]
    decisions: list[Decision]
    proposal: Decision | None
    mine: bool  # lies in the area the actor decides for
    waivers: list[Waiver]  # exceptions asked for it

    @property
    def status_label(self) -> str:
        return str(LineStatus(self.line.status).label)


@dataclass(frozen=True, slots=True)
class Publicity:
    """The last notice the claim stood in: its number, last day and paper with its standing, no more of it is read."""

    notice: Notice
    standing: Standing


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """What the claimant's and the officers' pages of one claim are drawn from."""

    claim: Claim
    totals: Totals
    lines: Page
    evidence: list[Evidence]
    findings: list[dict[str, Any]]
    assessment: dict[str, Any]
    road: list[RoadEntry]
    stations: list[Station]
    reviews: list[Review]
    open_reviews: list[Review]
    my_review: Review | None
    actions: list[Action]
    reasons: dict[str, str]
    funds: list[FundSource]
    correction: Correction | None
    corrections: list[Correction]
    papers: list[Paper]
    publicity: Publicity | None
    preview: Verdict
    can_edit: Verdict
    can_withdraw: Verdict
    officer: bool
    seats: list[Seat]  # of opinions asked on open reviews and on the actor's own

    @property
    def has_colleague(self) -> bool:
        """Whether somebody else holds the acting post."""
        return self.claim.has_colleague  # type: ignore[attr-defined]

    @property
    def favoured(self) -> bool:
        return self.claim.favoured_by_me  # type: ignore[attr-defined]

    @property
    def news(self) -> list[RoadEntry]:
        """What happened since the actor last said that he has seen everything; all of it when he never did."""
        since = self.claim.seen_at  # type: ignore[attr-defined]
        return [entry for entry in self.road if since is None or entry.at > since]

    @property
    def flow(self) -> type:
        return FLOWS[Kind(self.claim.kind)]

    @property
    def payment_state(self) -> str:
        return self.claim.payment_state  # type: ignore[attr-defined]


def claim_page(*, claim_id: int, by: Actor, line_page: int = 1, only: str = "") -> ClaimPage:
    """The page of a claim the actor may see; refuses `claim_not_visible`, the same for one that does not exist.

    `only`: ``review`` (findings), ``held``, ``deducted``, ``mine`` narrow the lines.
    """
    claim = _claim(claim_id, by)
    reviews = _reviews(claim)
    decisions = list(decisions_of(claim))
    returned = any(review.outcome == ReviewOutcome.RETURNED for review in reviews)
    corrections = list(Correction.objects.filter(claim=claim)) if returned else []
    result = claim.assessed or {}  # type: ignore[attr-defined]
    if by.role in CLAIMANTS:
        result = discreet_result(result)
    mine = _my_review(by, reviews)
    tally = tally_of(by, claim)
    lines = _page_of(lines_of(by, claim, only, mine), line_page, tally.get(only))
    evidence = _evidence(claim, lines)
    officer = by.role not in CLAIMANTS
    deeds = deeds_of(claim) if officer and claim.has_deeds else []  # type: ignore[attr-defined]
    lines.object_list = _views(list(lines.object_list), result, decisions, evidence, mine)  # type: ignore[assignment]
    return ClaimPage(
        claim=claim,
        totals=totals_of(claim, tally),
        lines=lines,
        evidence=[item for item in evidence if item.line_id is None],
        findings=list(result.get("findings", [])),
        assessment=result,
        road=road_so_far(reviews, decisions, corrections, deeds),
        stations=stations(claim, reviews),
        reviews=reviews,
        open_reviews=[review for review in reviews if review.is_open],
        my_review=mine,
        actions=actions_of(by, mine, reviews, corrections),
        reasons=DEDUCTION_REASONS,
        funds=list(FundSource.objects.all()) if mine and mine.step == Step.LEADER_APPROVAL else [],
        correction=next((c for c in corrections if c.answered_at is None), None),
        corrections=corrections,
        papers=_papers(by, claim, reviews, corrections),
        publicity=_publicity(claim),
        preview=can_preview(by, claim),
        can_edit=access.can_edit(by, claim),
        can_withdraw=access.can_withdraw(by, claim),
        officer=officer,
        seats=seats_of(claim) if any(deed.verb in ASKING for deed in deeds) else [],
    )


def _claim(claim_id: int, by: Actor) -> Claim:
    """The claim, its figures, last assessment and last notice, and whether the actor has an interest; one query."""
    last = AssessmentRecord.objects.filter(claim=OuterRef("pk")).order_by("-pk").values("result")[:1]
    entry = NoticeEntry.objects.filter(claim=OuterRef("pk")).order_by("-pk")
    claims = with_amounts(access.visible_to(by)).annotate(
        assessed=Subquery(last),
        interested=access.interest_of(by),
        has_colleague=Exists(has_colleague(by)),
        has_deeds=Exists(Deed.objects.filter(claim=OuterRef("pk"))),
        favoured_by_me=Exists(Favourite.objects.filter(claim=OuterRef("pk"), user=by.user_id)),
        seen_at=Subquery(Sight.objects.filter(claim=OuterRef("pk"), user=by.user_id).values("at")[:1]),
        objected=Exists(open_objections_of(OuterRef("pk"))),
        notice_number=Subquery(entry.values("notice__number")[:1]),
        notice_closes=Subquery(entry.values("notice__closes_on")[:1]),
        notice_paper=Subquery(entry.values("notice__paper")[:1], output_field=UUIDField()),
        notice_mark=Subquery(entry.values("notice__paper__mark__mark")[:1]),
    )
    claim = claims.select_related(*RELATED).filter(pk=claim_id).first()
    if claim is None:
        raise NotAllowed(access.NOT_YOURS.code, access.NOT_YOURS.reason)
    return claim


def _reviews(claim: Claim) -> list[Review]:
    found = list(
        with_consultation(Review.objects.filter(claim=claim))
        .select_related("area", "decided_by", "decided_post__area")
        .order_by("pk")
    )
    for review in found:
        review.claim = claim
    return found


def _papers(by: Actor, claim: Claim, reviews: list[Review], corrections: list[Correction]) -> list[Paper]:
    """A claim has papers once it was returned, confirmed by an area, or closed; asked only then."""
    if not corrections and claim.state not in CLOSED_WITH_PAPER and not confirmed(reviews, claim.kind):
        return []
    return papers_of(by, claim, reviews)


def _publicity(claim: Claim) -> Publicity | None:
    number, closes_on, paper_id = claim.notice_number, claim.notice_closes, claim.notice_paper  # type: ignore[attr-defined]
    if not number:
        return None
    standing = Standing(claim.notice_mark or VALID)  # type: ignore[attr-defined]
    return Publicity(Notice(number=number, closes_on=closes_on, paper_id=paper_id), standing)


def _page_of(lines: QuerySet[ClaimLine], number: int, count: int | None) -> Page:
    """A page of the lines; `count` saves a query when it is known."""
    pages = Paginator(lines, LINES_A_PAGE)
    if count is not None:
        pages.count = count  # type: ignore[misc]
    return pages.get_page(number)


def lines_of(by: Actor, claim: Claim, only: str = "", mine: Review | None = None) -> QuerySet[ClaimLine]:
    """The claim's lines as the actor's page turns over them, narrowed as in `claim_page`."""
    same = ClaimLine.objects.filter(person_index=OuterRef("person_index"), slot=OuterRef("slot"), status__in=ACTIVE)
    lines = (
        access.visible_lines(by, claim)
        .select_related("worker", "home", "verify_area", "employer", "lender")
        .annotate(contested=Exists(same.exclude(claim=claim.pk).exclude(person_index="")))
    )
    match only:
        case "review":
            lines = lines.filter(outcome="review")
        case "held" | "deducted":
            lines = lines.filter(status=only)
        case "mine" if mine:
            lines = lines.filter(verify_area__path__startswith=mine.area.path)
    return lines.order_by("seq")


def _my_review(by: Actor, reviews: list[Review]) -> Review | None:
    """The open review this post owes, if any; a conflict of interest only disables its buttons."""
    return next((review for review in reviews if review.is_open and access.owes(by, review)), None)


def _evidence(claim: Claim, lines: Page) -> list[Evidence]:
    shown = Evidence.objects.filter(claim=claim, replaced_at=None).select_related("file")
    ids = [line.pk for line in lines.object_list]
    return list(shown.filter(line=None) | shown.filter(line__in=ids))


def _views(
    lines: list[ClaimLine],
    result: dict[str, Any],
    decisions: list[Decision],
    evidence: list[Evidence],
    mine: Review | None,
) -> list[LineView]:
    findings = {item["ref"]: item.get("findings", []) for item in result.get("lines", [])}
    said: dict[Any, list[Decision]] = defaultdict(list)
    for decision in decisions:
        said[decision.line_id].append(decision)
    files: dict[Any, list[Evidence]] = defaultdict(list)
    for item in evidence:
        files[item.line_id].append(item)
    before = rule_of(mine.step).prepared_by if mine else None
    waivers = waivers_on([line.pk for line in lines], (f["code"] for several in findings.values() for f in several))
    views = []
    for line in lines:
        proposed = [d for d in said[line.pk] if before and d.review and d.review.step == before]
        views.append(
            LineView(
                line=line,
                name=line.worker.name if line.worker else "",
                masked_id=mask_id(line.worker.id_number) if line.worker else "",
                findings=findings.get(str(line.pk), []),
                evidence=files[line.pk],
                decisions=said[line.pk],
                proposal=proposed[-1] if proposed else None,
                mine=mine is not None and _within(mine.area, line),
                waivers=waivers.get(line.pk, []),
            )
        )
    return views


def _within(area: Area, line: ClaimLine) -> bool:
    return line.verify_area is not None and area.contains(line.verify_area)
