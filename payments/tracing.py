"""The trace of money: from what the bank was told to pay back to claim, person, evidence, signatures, notice and rule."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.acting import Actor
from core.errors import NotAllowed
from core.identifiers import mask_account
from documents.models import Paper
from payments.access import NOT_VISIBLE, SEES_BATCHES, visible_batches
from payments.answers import ResultRow
from payments.models import PaymentItem, Transfer
from workflows import access as road
from workflows.claims import Claim, ClaimLine, Evidence
from workflows.files import papers_of
from workflows.reviews import AssessmentRecord, NoticeEntry, Review

PAGE = 50


@dataclass(frozen=True, slots=True)
class TransferPage:
    """One bank item: what was asked, what the bank answered, what it pays again or is paid again by, whom it pays."""

    transfer: Transfer
    masked: str
    answers: list[ResultRow]
    reissues: list[Transfer]
    page: Page  # of its items, 50


@dataclass(frozen=True, slots=True)
class LinePage:
    """One person of a claim with all that his money rests on."""

    line: ClaimLine
    claim: Claim
    payments: list[PaymentItem]
    evidence: list[Evidence]
    reviews: list[Review]
    papers: list[Paper]
    entry: NoticeEntry | None
    findings: list[dict[str, Any]]
    rate_fen: int
    article: str


def transfer_page(*, transfer_id: int, by: Actor, page: str = "") -> TransferPage:
    """Refuses `batch_not_visible`, the same when there is none."""
    transfer = (
        Transfer.objects.filter(pk=transfer_id, batch__in=visible_batches(by))
        .select_related("batch__fund", "account", "reissue_of__batch", "claim")
        .first()
    )
    if transfer is None:
        NOT_VISIBLE.require()
        raise AssertionError("unreachable: the verdict above is a no")
    items = PaymentItem.objects.filter(transfer=transfer).select_related(
        "line__worker", "claim__claimant_org", "claim__claimant_user"
    )
    rows = ResultRow.objects.filter(transfer=transfer).select_related("result_file__file", "settlement")
    return TransferPage(
        transfer=transfer,
        masked=mask_account(transfer.account.number),
        answers=list(rows.order_by("pk")[:PAGE]),
        reissues=list(transfer.reissues.select_related("batch").order_by("pk")),
        page=Paginator(items.order_by("claim_id", "line__seq", "pk"), PAGE).get_page(page),
    )


def line_page(*, line_id: UUID, by: Actor) -> LinePage:
    """The line's page for those who see batches and the claim; refuses `line_not_visible`, the same when there is none."""
    line = (
        ClaimLine.objects.filter(pk=line_id, claim__in=_claims(by))
        .select_related("claim__claimant_org", "claim__claimant_user", "claim__scheme", "worker", "verify_area")
        .first()
    )
    if line is None:
        raise NotAllowed("line_not_visible", "没有找到这一人员，或您当前的岗位无权查看。")
    claim = line.claim
    reviews = list(
        Review.objects.filter(claim=claim).select_related("area", "decided_by", "decided_post").order_by("pk")
    )
    result = AssessmentRecord.objects.filter(claim=claim).order_by("-pk").values_list("result", flat=True).first() or {}
    own: dict[str, Any] = next((one for one in result.get("lines", []) if one["ref"] == str(line.pk)), {})
    evidence = Evidence.objects.filter(claim=claim, replaced_at=None).select_related("file")
    payments = PaymentItem.objects.filter(line=line).select_related("batch", "transfer").order_by("pk")
    return LinePage(
        line=line,
        claim=claim,
        payments=list(payments),
        evidence=list(evidence.filter(line=None) | evidence.filter(line=line)),
        reviews=[review for review in reviews if review.decided_by_id],
        papers=papers_of(by, claim, reviews),
        entry=NoticeEntry.objects.filter(claim=claim).select_related("notice").order_by("-pk").first(),
        findings=[*own.get("findings", []), *result.get("findings", [])],
        rate_fen=result.get("rate_fen", 0),
        article=result.get("rate_article", ""),
    )


def _claims(by: Actor) -> QuerySet[Claim]:
    return road.visible_to(by) if by.role in SEES_BATCHES else Claim.objects.none()
