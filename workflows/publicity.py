"""公示: claims the section head passed are published together for the policy's working days, then go to the leader.

The opening day is not counted; the period runs until 24:00 of its last day. The villages concerned hang the notice on
their boards meanwhile (`workflows.boards`); who objects is heard (`workflows.objections`). What payments ask of it are
`hold_of` and `held_lines`.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.roles import Role
from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed, Refusal, WrongState
from core.numbering import take
from core.timeline import SYSTEM, Signer, record
from workflows import access
from workflows.boards import owe_postings
from workflows.claims import Claim
from workflows.flows import flow_of
from workflows.holds import held_lines, hold_of, last_entries
from workflows.issuing import issue_publicity_later
from workflows.locking import RELATED, Case, claim_locked
from workflows.opening import limit_of, open_stop
from workflows.reviews import AssessmentRecord, Notice, NoticeEntry, Review
from workflows.states import ClaimState, Kind, LineStatus, ReviewOutcome, Step

__all__ = ["end_publicity", "held_lines", "hold_of", "publish", "waiting_for_publicity"]


def publish(*, claim_ids: Iterable[int], by: Actor) -> Notice:
    """Open a notice over claims that wait for publicity; all or nothing.

    Refuses `publish_not_yours`, `nothing_to_publish`, `not_for_publicity`, `already_published`, and who has acted
    in another duty on one of the claims.
    """
    if by.role != Role.BUREAU_HANDLER:
        raise NotAllowed("publish_not_yours", _("公示由劳动保障科经办人发布。"))
    ids = sorted(set(claim_ids))
    with transaction.atomic():
        claims = list(
            Claim.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(pk__in=ids).order_by("pk")
        )
        if not claims:
            raise Refusal("nothing_to_publish", _("请先选择要公示的申报。"))
        for claim in claims:
            _require_publishable(claim, by)
        days = max(limit_of(claim, "publicity") for claim in claims)
        deadline = WorkingDays.load().deadline(clock.today(), days)
        year = clock.today().year
        notice = Notice.objects.create(
            number=f"GS-{year}-{take(f'notice:{year}'):02d}",
            opens_on=clock.today(),
            closes_on=deadline.day,
            provisional=deadline.provisional,
            opened_by=by.user,
            opened_at=clock.now(),
        )
        for claim in claims:
            _enter(notice, claim, by)
        owe_postings(notice, claims)
        issue_publicity_later(notice.pk, by.label)
    return notice


def _require_publishable(claim: Claim, by: Actor) -> None:
    if claim.state != ClaimState.PUBLICITY:
        raise WrongState("not_for_publicity", _("%(claim)s 不在公示环节。") % {"claim": claim})
    if not Review.objects.filter(claim=claim, step=Step.PUBLISH, outcome="").exists():
        raise WrongState("already_published", _("%(claim)s 已经公示，不能重复公示。") % {"claim": claim})
    access.unconflicted(by, claim, Step.PUBLISH).require()


def _enter(notice: Notice, claim: Claim, by: Actor) -> None:
    worth = claim.lines.filter(status=LineStatus.LIVE).aggregate(heads=Count("pk"), fen=Sum("amount_fen"))
    heads, fen = worth["heads"], worth["fen"] or 0
    if claim.kind == Kind.AMBASSADOR:
        counted = AssessmentRecord.objects.filter(claim=claim).order_by("-id").first()
        heads, fen = (counted.result["headcount"], counted.total_fen) if counted else (0, 0)
    NoticeEntry.objects.create(notice=notice, claim=claim, headcount=heads, amount_fen=fen)
    Review.objects.filter(claim=claim, step=Step.PUBLISH, outcome="").update(
        outcome=ReviewOutcome.PASSED,
        decided_by=by.user,
        decided_post=by.post,
        decided_at=clock.now(),
        decided_for=by.post.user if by.covers else None,
    )
    record(claim.chain, "publish", by=by, data={"notice": notice.pk, "number": notice.number})


def end_publicity(*, claim_id: int, by: Signer = SYSTEM) -> Claim:
    """Send a claim whose period is over to the leader. Lines that an open objection names go with it, marked.

    Refuses `publicity_running` with the last day, and `publicity_held` while a village's board or an objection to the
    whole claim stands against it.
    """
    if isinstance(by, Actor) and by.role != Role.BUREAU_HANDLER:
        raise NotAllowed("publish_not_yours", _("公示由劳动保障科经办人办理。"))
    with transaction.atomic():
        claim = claim_locked(claim_id)
        if claim.state != ClaimState.PUBLICITY:
            raise WrongState("not_for_publicity", _("%(claim)s 不在公示环节。") % {"claim": claim})
        entry = last_entries([claim.pk]).get(claim.pk)
        waiting = Review.objects.filter(claim=claim, step=Step.PUBLISH, outcome="").exists()
        if entry is None or waiting:
            raise WrongState("not_published", _("%(claim)s 尚未公示。") % {"claim": claim})
        if clock.today() <= entry.notice.closes_on:
            raise WrongState(
                "publicity_running",
                _("公示期至%(day)s24时届满，期满后方可转审批。") % {"day": f"{entry.notice.closes_on:%Y年%-m月%-d日}"},
            )
        if why := hold_of([claim.pk]).get(claim.pk):
            raise WrongState("publicity_held", why)
        flow_of(claim).end_publicity()
        claim.save(update_fields=["state"])
        open_stop(Case(claim), ClaimState.LEADER, [])
        record(claim.chain, "end_publicity", by=by, data={"notice": entry.notice_id})
    return claim


def waiting_for_publicity(by: Actor) -> QuerySet[Claim]:
    """Claims that the section head passed and nobody has published yet, with heads and amount."""
    live = Q(lines__status=LineStatus.LIVE)
    return (
        access.visible_to(by)
        .filter(state=ClaimState.PUBLICITY, reviews__step=Step.PUBLISH, reviews__outcome="")
        .select_related("claimant_org", "claimant_user")
        .annotate(heads=Count("lines", filter=live), total_fen=Sum("lines__amount_fen", filter=live))
        .order_by("filed_on", "pk")
    )
