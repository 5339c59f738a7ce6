"""Judging a claim again while it is under review: an exception was granted, or a check list came in."""

from django.db import transaction

from core import clock
from core.timeline import SYSTEM, Signer, record
from workflows.claims import Claim, ClaimLine
from workflows.facts import LINE_RELATED, judge
from workflows.judged import apply_assessment, placed
from workflows.locking import ACTIVE, claim_locked
from workflows.states import UNDER_REVIEW


def judge_again(claim: Claim, *, by: Signer, why: str) -> list[ClaimLine]:
    """Judge a claim under its lock by its scheme as of its filing, with the lists of today; the lines that changed."""
    query = ClaimLine.objects.filter(claim=claim, status__in=ACTIVE).select_related(*LINE_RELATED)
    lines = list(query.order_by("seq"))
    assert claim.scheme is not None  # a filed claim names its scheme
    assessment = judge(claim, lines, claim.filed_on or clock.today(), claim.scheme)
    results = {result.ref: result for result in assessment.lines}
    changed = [
        line
        for line in lines
        if (line.outcome, line.amount_fen) != (str(results[str(line.pk)].outcome), results[str(line.pk)].amount_fen)
    ]
    risk = claim.risk
    apply_assessment(claim, lines, assessment, placed(lines), stage="rechecked")
    if claim.risk != risk:
        claim.save(update_fields=["risk"])
    record(claim.chain, "rejudge", by=by, data={"why": why, "changed": [str(line.pk) for line in changed]})
    return changed


def rejudge(*, claim_id: int, why: str, by: Signer = SYSTEM) -> Claim:
    """The same as a command of its own; a claim that is no longer under review is left as it is."""
    with transaction.atomic():
        claim = claim_locked(claim_id)
        if claim.state in UNDER_REVIEW and not claim.employer_id:
            judge_again(claim, by=by, why=why)
    return claim
