"""Issues the papers a claim is due, after commit, each once: "due and not yet issued" is asked, never remembered.

What is due follows from the claim's state, so a paper that a crash left out is issued by `issue_missing`.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from core.errors import Refusal
from documents.models import Paper, PaperMark
from documents.papers import issue
from documents.papers.content import Content
from workflows import letters, name_lists, papers, published, renewing
from workflows.checks import CONFIRMING, check, confirmed
from workflows.claims import Claim, ClaimLine
from workflows.hearings import Objection
from workflows.locking import claim_locked
from workflows.printed import lines_of
from workflows.reviews import Correction, Notice, Review
from workflows.states import ClaimState, LineStatus, ReviewOutcome, Step, Verb
from workflows.states import Kind as ClaimKind

log = logging.getLogger(__name__)
Kind = Paper.Kind
GONE = (LineStatus.DEDUCTED, LineStatus.ANNULLED)
DECIDED = (ClaimState.PAYABLE, ClaimState.AWARDED)
WITH_PAPER = {Verb.APPROVE, Verb.REFUSE, Verb.RETURN, Verb.PASS}
CHECK_OF = {Step.VILLAGE_CONFIRM: Kind.VILLAGE_CHECK, Step.TOWNSHIP_SIGN: Kind.TOWNSHIP_CHECK}


def issue_later(claim: Claim, review: Review, verb: str, label: str) -> None:
    """After the decision is committed, issue what the claim is due now."""
    if review.step == Step.LEADER_APPROVAL and verb in {Verb.SEND_BACK, Verb.REFUSE}:
        retire_notices_later(label)
    due = claim.state in {*DECIDED, ClaimState.REFUSED, ClaimState.CORRECTION} or review.step in CONFIRMING
    if verb in WITH_PAPER and due:
        transaction.on_commit(partial(_quietly, issue_due, claim.pk, label))


def issue_deduction_later(claim_id: int, label: str) -> None:
    """After an annulment or a recount is committed, tell the claimant, and renew the papers that say otherwise."""
    transaction.on_commit(partial(_quietly, issue_due, claim_id, label))


def retire_notices_later(label: str) -> None:
    """After a published claim left its road, withdraw the notice that has no other claim."""
    transaction.on_commit(partial(_quietly, lambda _pk, by: renewing.retire_notices(by), 0, label))


def issue_objection_later(objection_id: UUID, label: str) -> None:
    """After an objection was decided, issue the answer to whoever made it."""
    transaction.on_commit(partial(_quietly, issue_answer, objection_id, label))


def issue_publicity_later(notice_id: int, label: str) -> None:
    """After a notice is committed, issue its 公示表 and its 汇总表."""
    transaction.on_commit(partial(_quietly, issue_notice, notice_id, label))


def _quietly(work: Callable[[Any, str], int], pk: Any, label: str) -> int:
    """A paper that cannot be made now never undoes the decision, nor keeps others from theirs; `issue_missing` and the
    claim page come back to it."""
    try:
        return work(pk, label)
    except Refusal as refusal:
        log.warning("paper not issued: %s %s: %s", work.__name__, pk, refusal.code)
    except Exception:
        log.exception("paper not issued: %s %s", work.__name__, pk)
    return 0


def issue_due(claim_id: int, label: str) -> int:
    """Issue every paper the claim is due and has not; returns how many. Under the claim's lock."""
    with transaction.atomic():
        claim = claim_locked(claim_id)
        issued = Paper.objects.filter(subject=claim.chain).exclude(mark__mark=PaperMark.Mark.REPLACED)
        have = list(issued.values_list("kind", flat=True))
        made = renewing.renew(claim, label) if claim.state in DECIDED and Kind.APPROVAL in have else 0
        if claim.state in DECIDED and Kind.APPROVAL not in have:
            made += _issue(claim, Kind.APPROVAL, papers.approval(claim), label)
        if claim.state in DECIDED and Kind.ROSTER not in have:
            made += _issue(claim, Kind.ROSTER, name_lists.roster(claim), label)
        if claim.state == ClaimState.AWARDED and claim.tier and Kind.CERTIFICATE not in have:
            made += _issue(claim, Kind.CERTIFICATE, papers.certificate(claim), label)
        if claim.state == ClaimState.REFUSED and Kind.REFUSAL not in have:
            made += _issue(claim, Kind.REFUSAL, letters.refusal(claim), label)
        if claim.state in DECIDED:
            made += _deductions(claim, have.count(Kind.DEDUCTION), label)
        rounds = list(Correction.objects.filter(claim=claim).order_by("pk"))
        for correction in rounds[have.count(Kind.CORRECTION) :]:
            made += _issue(claim, Kind.CORRECTION, letters.correction(claim, correction), label)
        made += _checks(claim, label)
    return made


def _checks(claim: Claim, label: str) -> int:
    """A verification sheet for each area and round that was confirmed; its subject is the confirming review."""
    related = ("area", "decided_by", "decided_post")
    reviews = list(Review.objects.filter(claim=claim).select_related(*related).order_by("pk"))
    due = {subject_of(review): review for review in confirmed(reviews, claim.kind)}
    have = set(Paper.objects.filter(subject__in=due).values_list("subject", flat=True)) if due else set()
    lacking = [review for subject, review in due.items() if subject not in have]
    for review in lacking:
        content = check(claim, review, reviews)
        issue(kind=CHECK_OF[Step(review.step)], content=content, subject=subject_of(review), by_label=label)
    return len(lacking)


def subject_of(review: Review) -> str:
    """What a verification sheet belongs to: the review that confirmed it, so that it is as visible as that."""
    return f"review:{review.pk}"


def _deductions(claim: Claim, have: int, label: str) -> int:
    """One notice for what was deducted on the road, one more for each line annulled afterwards."""
    deducted = list(lines_of(claim).filter(status=LineStatus.DEDUCTED))
    annulled = list(lines_of(claim).filter(status=LineStatus.ANNULLED))
    due = ([deducted] if deducted else []) + [[line] for line in annulled]
    return sum(_issue(claim, Kind.DEDUCTION, letters.deduction(claim, lines), label) for lines in due[have:])


def _issue(claim: Claim, kind: str, content: Content, label: str) -> int:
    issue(kind=kind, content=content, subject=claim.chain, by_label=label)
    return 1


def issue_notice(notice_id: int, label: str) -> int:
    """Issue the 公示表 of a notice under the notice's own number, and its 汇总表, each once."""
    made = 0
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).select_related("opened_by").get(pk=notice_id)
        subject = f"notice:{notice.pk}"
        if notice.paper_id is None:
            notice.paper = issue(
                kind=Kind.PUBLICITY,
                content=published.publicity(notice),
                subject=subject,
                by_label=label,
                number=notice.number,
            )
            notice.save(update_fields=["paper"])
            made += 1
        if not Paper.objects.filter(subject=subject, kind=Kind.SUMMARY).exists():
            issue(kind=Kind.SUMMARY, content=published.summary_of(notice), subject=subject, by_label=label)
            made += 1
    return made


def issue_answer(objection_id: UUID, label: str) -> int:
    """Issue the 异议处理告知书 of a decided objection, once; under its claim's lock."""
    with transaction.atomic():
        found = Objection.objects.select_related("entry__notice").get(pk=objection_id)
        found.claim = claim_locked(found.claim_id)
        subject = f"objection:{found.pk}"
        if Paper.objects.filter(subject=subject).exists():
            return 0
        issue(kind=Kind.OBJECTION, content=letters.answer(found), subject=subject, by_label=label)
    return 1


def _unanswered() -> list[UUID]:
    answers = Paper.objects.filter(kind=Kind.OBJECTION).values_list("subject", flat=True)
    decided = Objection.objects.filter(outcome__in=["upheld", "dismissed"]).values_list("pk", flat=True)
    answered = set(answers)
    return [pk for pk in decided if f"objection:{pk}" not in answered]


def issue_missing() -> int:
    """Issue what a crash left out: papers of decided, refused and returned claims, of confirmed areas, of notices."""
    lacking = (
        _claims_lacking().values_list("pk"),
        _checks_lacking().values_list("claim"),
        renewing.outdated().values_list("pk"),
    )
    claims = {pk for found in lacking for (pk,) in found}
    made = sum(_quietly(issue_due, pk, "系统") for pk in sorted(claims))
    summaries = Paper.objects.filter(subject=OuterRef("subject"), kind=Kind.SUMMARY)
    notices = Notice.objects.annotate(subject=_subject("notice:")).filter(Q(paper=None) | ~Exists(summaries))
    made += sum(_quietly(issue_notice, pk, "系统") for pk in list(notices.values_list("pk", flat=True)))
    made += sum(_quietly(issue_answer, pk, "系统") for pk in _unanswered())
    return made + renewing.retire_notices("系统")


def _subject(prefix: str) -> Concat:
    return Concat(Value(prefix), Cast("pk", CharField()), output_field=CharField())


def _claims_lacking() -> QuerySet[Claim]:
    papers_of = Paper.objects.filter(subject=OuterRef("subject"))
    gone = ClaimLine.objects.filter(claim=OuterRef("pk"), status__in=GONE)
    claims = Claim.objects.filter(state__in=[*DECIDED, ClaimState.REFUSED, ClaimState.CORRECTION])
    return claims.annotate(subject=_subject("claim:")).filter(
        Q(state__in=DECIDED) & ~Exists(papers_of.filter(kind=Kind.APPROVAL))
        | Q(state__in=DECIDED) & ~Exists(papers_of.filter(kind=Kind.ROSTER))
        | Q(state=ClaimState.AWARDED) & ~Q(tier="") & ~Exists(papers_of.filter(kind=Kind.CERTIFICATE))
        | Q(state=ClaimState.REFUSED) & ~Exists(papers_of.filter(kind=Kind.REFUSAL))
        | Q(state__in=DECIDED) & Exists(gone) & ~Exists(papers_of.filter(kind=Kind.DEDUCTION))
        | Q(state=ClaimState.CORRECTION) & ~Exists(papers_of.filter(kind=Kind.CORRECTION))
    )


def _checks_lacking() -> QuerySet[Review]:
    by_line = Q(outcome=ReviewOutcome.RETURNED) & ~Q(claim__kind=ClaimKind.AMBASSADOR)
    reviews = Review.objects.filter(Q(outcome=ReviewOutcome.PASSED) | by_line, step__in=CONFIRMING)
    papers_of = Paper.objects.filter(subject=OuterRef("subject"))
    return reviews.annotate(subject=_subject("review:")).filter(~Exists(papers_of)).order_by()
