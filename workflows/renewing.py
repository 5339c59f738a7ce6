"""Issued papers that no longer say what holds: replaced by a new one, or withdrawn when nothing is left to say.

What makes a paper stale: a line annulled after the approval, a title counted again, a deadline that settled on
another day, a notice whose claims have all left its road. Each is asked of the state, never remembered, so that
`workflows.issuing.issue_missing` finds what a crash left out. A refusal, a deduction and a sealed batch are final.
"""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from documents.models import Paper
from documents.papers import content_of, issue
from documents.papers.content import Content
from documents.papers.life import replace, withdraw
from workflows import letters, name_lists, papers, published
from workflows.claims import Claim, ClaimLine
from workflows.reviews import AssessmentRecord, Correction, Notice, NoticeEntry
from workflows.states import ClaimState, Kind, LineStatus

DECIDED = (ClaimState.PAYABLE, ClaimState.AWARDED)
ON_ITS_NOTICE = (ClaimState.PUBLICITY, ClaimState.LEADER, *DECIDED)
GRANTED: dict[str, tuple[str, ...]] = {  # what a paper of a decided claim grants: when one differs, it is stale
    Paper.Kind.APPROVAL: ("live_count", "total_fen", "tier"),
    Paper.Kind.CERTIFICATE: ("tier", "headcount"),
    Paper.Kind.ROSTER: ("live_count",),
}
BUILDERS: dict[str, Callable[[Claim], Content]] = {
    Paper.Kind.APPROVAL: papers.approval,
    Paper.Kind.CERTIFICATE: papers.certificate,
    Paper.Kind.ROSTER: name_lists.roster,
}


def in_force(subject: str, kinds: Iterable[str]) -> list[Paper]:
    """The papers of a subject and of these kinds that are neither withdrawn nor replaced, oldest first."""
    return list(Paper.objects.filter(subject=subject, kind__in=list(kinds), mark=None))


def renew(claim: Claim, label: str) -> int:
    """Replace or withdraw what a decided claim's papers grant no longer; returns how many. Under the claim's lock."""
    stale = in_force(claim.chain, GRANTED)
    if not _grants_anything(claim):
        for paper in stale:
            withdraw(paper, reason=_("原核定内容已全部作废"), by_label=label)
        return len(stale)
    return sum(_renewed(claim, paper, label) for paper in stale)


def _grants_anything(claim: Claim) -> bool:
    if claim.kind == Kind.AMBASSADOR:
        return bool(claim.tier)
    return ClaimLine.objects.filter(claim=claim, status=LineStatus.LIVE).exists()


def _renewed(claim: Claim, paper: Paper, label: str) -> bool:
    old, new = content_of(paper), BUILDERS[paper.kind](claim)
    if all(getattr(old, name) == getattr(new, name) for name in GRANTED[paper.kind]):
        return False
    _replace(paper, new, _("核定结果有变更"), label)
    return True


def _replace(paper: Paper, content: Content, reason: str, label: str, number: str | None = None) -> Paper:
    fresh = issue(kind=paper.kind, content=content, subject=paper.subject, by_label=label, number=number)
    replace(paper, by=fresh, reason=reason, by_label=label)
    return fresh


def renew_correction(claim: Claim, correction: Correction, label: str) -> int:
    """Replace the notice of this round when the day it names is another now. Under the claim's lock."""
    content = letters.correction(claim, correction)
    for paper in in_force(claim.chain, [Paper.Kind.CORRECTION]):
        old = content_of(paper)
        if old.organ == content.organ and (old.due_on, old.provisional) != (content.due_on, content.provisional):  # type: ignore[attr-defined]
            _replace(paper, content, _("补正期限已按工作日历重新确定"), label)
            return 1
    return 0


def renew_notice(notice: Notice, label: str) -> int:
    """Replace the 公示表 when its last day is another now, under the notice's number with a count behind it."""
    if notice.paper is None or content_of(notice.paper).closes_on == notice.closes_on:  # type: ignore[attr-defined]
        return 0
    count = Paper.objects.filter(subject=notice.paper.subject, kind=Paper.Kind.PUBLICITY).count()
    notice.paper = _replace(
        notice.paper,
        published.publicity(notice),
        _("公示期已按工作日历重新确定"),
        label,
        f"{notice.number}-{count + 1}",
    )
    notice.save(update_fields=["paper"])
    return 1


def retire_notices(label: str) -> int:
    """Withdraw the papers of notices whose claims were all withdrawn, refused, sent back or published anew."""
    later = NoticeEntry.objects.filter(claim=OuterRef("claim"), pk__gt=OuterRef("pk"))
    resting = NoticeEntry.objects.filter(notice=OuterRef("pk"), claim__state__in=ON_ITS_NOTICE).exclude(Exists(later))
    idle = Notice.objects.filter(paper__isnull=False, paper__mark=None).exclude(Exists(resting)).order_by("pk")
    return sum(_retire(pk, label) for pk in list(idle.values_list("pk", flat=True)))


def _retire(notice_id: int, label: str) -> int:
    with transaction.atomic():
        notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
        stale = list(Paper.objects.filter(subject=f"notice:{notice.pk}", mark=None))
        for paper in stale:
            withdraw(paper, reason=_("公示的申报均已退出公示"), by_label=label)
    return len(stale)


def outdated() -> QuerySet[Claim]:
    """Decided claims whose approval form in force grants another sum than their lines, or that were counted later."""
    subject = Concat(Value("claim:"), Cast("pk", CharField()), output_field=CharField())
    paper = Paper.objects.filter(subject=OuterRef("subject"), kind=Paper.Kind.APPROVAL, mark=None)
    live = ClaimLine.objects.filter(claim=OuterRef("pk"), status=LineStatus.LIVE).order_by().values("claim")
    counted = AssessmentRecord.objects.filter(claim=OuterRef("pk"), stage="counted").order_by("-pk")
    claims = Claim.objects.filter(state__in=DECIDED).annotate(
        subject=subject,
        granted=Subquery(paper.values("amount_fen")[:1]),
        granted_at=Subquery(paper.values("issued_at")[:1]),
        worth=Coalesce(Subquery(live.annotate(sum=Sum("amount_fen")).values("sum")), 0),
        counted_at=Subquery(counted.values("at")[:1]),
    )
    return claims.filter(granted__isnull=False).filter(~Q(granted=F("worth")) | Q(counted_at__gt=F("granted_at")))
