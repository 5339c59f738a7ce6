"""The verification sheets: who in a village or township verified which lines of a claim, and what came of each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from core import clock
from documents.papers.checks import CheckedLine, CheckSignature
from documents.papers.township_check import TownshipCheckContent
from documents.papers.village_check import VillageCheckContent
from policy.rules import DEDUCTION_REASONS
from workflows.claims import Claim, ClaimLine
from workflows.facts import counted_lines
from workflows.printed import masked, scheme_of
from workflows.reviews import Decision, Review
from workflows.states import Kind, LineStatus, ReviewOutcome, Step, Verb
from workflows.steps import rule_of

CONFIRMING = (Step.VILLAGE_CONFIRM, Step.TOWNSHIP_SIGN)
DUTIES = ("经办", "负责人")
WORDS = {Verb.DEDUCT: "deducted", Verb.RETURN: "returned"}


def confirmed(reviews: Iterable[Review], kind: str) -> list[Review]:
    """The reviews whose area has spoken its last word in their round; a title sent back as a whole has not."""
    return [
        review
        for review in reviews
        if review.step in CONFIRMING
        and (
            review.outcome == ReviewOutcome.PASSED
            or (review.outcome == ReviewOutcome.RETURNED and kind != Kind.AMBASSADOR)
        )
    ]


def check(claim: Claim, review: Review, reviews: list[Review]) -> VillageCheckContent | TownshipCheckContent:
    """The sheet of a confirming review; `reviews` are all of its claim's, oldest first, with area, officer and post.

    The confirming review's decisions hold what counts on each line; the preparing one's what was proposed.
    """
    prepared = _before(review, reviews)
    said: dict[int, dict[Any, Decision]] = {review.pk: {}, prepared.pk if prepared else 0: {}}
    for decision in Decision.objects.filter(review__in=said, line__isnull=False):
        said[decision.review_id][decision.line_id] = decision  # type: ignore[index]
    village = review.step == Step.VILLAGE_CONFIRM
    make = VillageCheckContent if village else TownshipCheckContent
    lines = _lines(claim, review, reviews)
    return make(
        claim_number=claim.number or "",
        kind_label=str(Kind(claim.kind).label),
        claimant=claim.claimant_name,
        filed_on=claim.filed_on,
        organ=review.area.name,
        round=review.round,
        lines=[
            _line(line, said[review.pk].get(line.pk), said[prepared.pk].get(line.pk) if prepared else None, village)
            for line in lines
        ],
        signatures=[
            CheckSignature(
                duty=duty,
                who=signed.decided_by.full_name,
                post=str(signed.decided_post.get_role_display()) if signed.decided_post else "",
                opinion=signed.opinion or str(signed.get_outcome_display()),
                day=clock.local_date(signed.decided_at),
            )
            for duty, signed in zip(DUTIES, (prepared, review), strict=True)
            if signed and signed.decided_by and signed.decided_at
        ],
        about=_about(claim),
        firms=sorted({line.employer_name for line in lines}),
        **scheme_of(claim),
    )


def _before(review: Review, reviews: list[Review]) -> Review | None:
    """The review that this one confirmed: the last of the preparing step in the area before it."""
    step = rule_of(review.step).prepared_by
    found = [r for r in reviews if r.step == step and r.area_id == review.area_id and r.pk < review.pk]
    return next((r for r in reversed(found) if r.outcome == ReviewOutcome.PASSED), None)


def _lines(claim: Claim, review: Review, reviews: list[Review]) -> list[ClaimLine]:
    """The lines the area answers for, without those that were deducted before it looked."""
    before = [other.pk for other in reviews if other.pk < review.pk]
    gone = Q(status=LineStatus.DEDUCTED, deducted_by__in=before)
    inside = Q(verify_area=review.area) | Q(verify_area__path__startswith=review.area.path + "/")
    lines = ClaimLine.objects.filter(inside, claim=claim).exclude(gone).exclude(worker=None)
    return list(lines.select_related("worker", "home", "verify_area").order_by("seq"))


def _line(line: ClaimLine, word: Decision | None, proposal: Decision | None, village: bool) -> CheckedLine:
    overruled = proposal is not None and word is None and proposal.verb in WORDS
    return CheckedLine(
        seq=line.seq,
        name=line.worker.name if line.worker else "",
        masked_id=masked(line),
        place=line.home.name if line.home else "",
        employer=line.employer_name,
        hired_on=line.hire_date,
        outcome=WORDS.get(Verb(word.verb), "true") if word else "true",
        why=_why(word) if word else "",
        proposed=_why(proposal) if overruled and proposal else "",
        before="" if village else _found_below(line),
    )


def _found_below(line: ClaimLine) -> str:
    """Which village had found the person as claimed; the township itself where no village answers for him."""
    area = line.verify_area
    return f"{area.name}：属实" if area and area.kind == area.Kind.VILLAGE else "由乡镇直接核实"


def _why(decision: Decision) -> str:
    label = DEDUCTION_REASONS.get(decision.reason_code, "")
    return "：".join(part for part in (label, decision.opinion) if part)


def _about(claim: Claim) -> str:
    if claim.kind != Kind.AMBASSADOR:
        return ""
    employer = claim.employer.name if claim.employer else "—"
    return f"{claim.count_year}年度为{employer}引进劳动力，申报认定{len(counted_lines(claim))}人"
