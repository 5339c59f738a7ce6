"""Second looks (brief 7): drawn when a claim comes to a township or the bureau, done by a visit or a call, told.

Of a high-risk claim all people are looked at, of any other the scheme's share, by a seed nobody chose. What a township
doubts the bureau looks at itself; what stays doubtful goes no further than its deduction by the ordinary verbs.
"""

import secrets
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Area
from accounts.roles import BUREAU, TOWNSHIP, Role
from core import clock
from core.calendar import WorkingDays
from core.errors import Refusal, WrongState
from core.timeline import record
from core.verdict import YES, Verdict, no
from workflows import access
from workflows.claims import Claim
from workflows.locking import ACTIVE, Case, claim_locked
from workflows.reviews import Review
from workflows.samples import Reverification, Sample, draw
from workflows.states import UNDER_REVIEW, ClaimState, Risk, Step, Verb
from workflows.steps import rule_of
from workflows.words import LineWord

DRAWN_AT = (Step.TOWNSHIP_REVIEW, Step.BUREAU_REVIEW)
OPEN_STATES = UNDER_REVIEW | {ClaimState.CORRECTION, ClaimState.PAYABLE}
SEEING = TOWNSHIP | BUREAU | {Role.AUDITOR}
HIDDEN = no("reverifications_hidden", "复核事项供乡镇、民生保障局和审计岗位查看。")


def owe_second_looks(case: Case, reviews: Iterable[Review]) -> None:
    """Draw for each area whose review has just opened, once a claim and area; the work is due with the review."""
    asked = {review.area_id: review for review in reviews if review.step in DRAWN_AT}
    if not asked or case.claim.employer_id:
        return
    again = [pk for pk, review in asked.items() if review.round > 1]
    drawn = set(Sample.objects.filter(claim=case.claim, area__in=again).values_list("area", flat=True)) if again else ()
    fresh = [review for pk, review in asked.items() if pk not in drawn]
    samples = [(review, sample) for review in fresh if (sample := _sample(case, review))]
    Sample.objects.bulk_create([sample for _review, sample in samples])
    drawn_now = (
        Reverification(
            claim=case.claim,
            line_id=UUID(name),
            area=sample.area,
            why=Reverification.Why.HIGH_RISK if sample.high_risk else Reverification.Why.SAMPLE,
            sample=sample,
            opened_at=sample.drawn_at,
            due_on=review.due_on,
            due_provisional=review.due_provisional,
        )
        for review, sample in samples
        for name in draw(sample.population, sample.pct, sample.seed)
    )
    # Whom a township doubted the bureau looks at already: drawn or not, he is looked at once.
    Reverification.objects.bulk_create(drawn_now, ignore_conflicts=True)


def _sample(case: Case, review: Review) -> Sample | None:
    """The lottery for one area; None where there is nobody to draw or the scheme draws nobody."""
    shares = case.claim.scheme.parsed().sampling  # type: ignore[union-attr]
    grave = case.claim.risk == Risk.HIGH
    level = shares.bureau_min_pct if review.step == Step.BUREAU_REVIEW else shares.township_min_pct
    pct = max(level, shares.high_risk_pct) if grave else level
    lines = sorted(case.lines_of(review.area), key=lambda line: line.seq)
    if not lines or not pct:
        return None
    return Sample(
        claim=case.claim,
        area=review.area,
        seed=secrets.token_hex(16),
        pct=pct,
        high_risk=grave,
        population=[str(line.pk) for line in lines],
        drawn_at=clock.now(),
    )


def _step_of(work: Reverification) -> Step:
    return Step.BUREAU_REVIEW if work.area.kind == Area.Kind.ZONE else Step.TOWNSHIP_REVIEW


def owes(by: Actor, work: Reverification) -> Verdict:
    """Whether the second look is the acting post's: the handler of its area; no query."""
    role = rule_of(_step_of(work)).role
    if by.role == role and by.post.area_id == work.area_id:
        return YES
    return no(
        "reverification_not_yours", _("该复核由%(area)s%(role)s办理。") % {"area": work.area.name, "role": role.label}
    )


def can_record(by: Actor, work: Reverification) -> Verdict:
    """Whether the actor may say what it found: whoever owes it, with no interest of his own and no other duty (C15)."""
    return owes(by, work) and access.unconflicted(by, work.claim, _step_of(work))


def record_second_look(*, work_id: int, by: Actor, outcome: str, method: str, note: str = "") -> Reverification:
    """Say what a second look found, once. A township's doubt becomes the bureau's work.

    Refuses `reverification_unknown`, `reverification_done`, `reverification_not_yours`, `own_claim`, `acted_before`,
    `outcome_missing`, `note_missing`, `reverification_over`.
    """
    with transaction.atomic():
        claim_id = Reverification.objects.filter(pk=work_id).values_list("claim", flat=True).first()
        if claim_id is None:
            raise Refusal("reverification_unknown", _("找不到该复核事项，请刷新页面。"))
        claim = claim_locked(claim_id)
        work = Reverification.objects.select_related("area", "line", "decided_by").get(pk=work_id)
        work.claim = claim
        if work.outcome:
            raise WrongState(
                "reverification_done",
                _("该复核已由%(who)s办理（%(how)s）。") % {"who": work.decided_by, "how": work.get_outcome_display()},
            )
        can_record(by, work).require()
        if claim.state not in OPEN_STATES:
            raise WrongState("reverification_over", _("该申报已办结，不再复核。"))
        _require_said(outcome, method, note)
        work.outcome, work.method, work.note = outcome, method, note.strip()[:300]
        work.decided_by, work.decided_post, work.decided_at = by.user, by.post, clock.now()
        work.save(update_fields=["outcome", "method", "note", "decided_by", "decided_post", "decided_at"])
        if outcome == Reverification.Outcome.DOUBTFUL and work.area.kind != Area.Kind.ZONE:
            _ask_bureau(work)
        data = {"reverification": work.pk, "line": str(work.line_id), "outcome": outcome, "method": method}
        record(claim.chain, "reverify", by=by, data=data)
    return work


def _require_said(outcome: str, method: str, note: str) -> None:
    if outcome not in Reverification.Outcome.values or method not in Reverification.Method.values:
        raise Refusal("outcome_missing", _("请选择复核方式和结果。"))
    if outcome == Reverification.Outcome.DOUBTFUL and not note.strip():
        raise Refusal("note_missing", _("复核存疑的，请写明疑点。"))


def _ask_bureau(work: Reverification) -> None:
    deadline = WorkingDays.load().deadline(
        clock.today(),
        work.claim.scheme.parsed().sla_working_days.bureau,  # type: ignore[union-attr]
    )
    Reverification.objects.get_or_create(
        line=work.line,
        area=zone(),
        defaults={
            "claim": work.claim,
            "why": Reverification.Why.DOUBTFUL,
            "opened_at": clock.now(),
            "due_on": deadline.day,
            "due_provisional": deadline.provisional,
        },
    )


def require_undoubted(case: Case, words: Mapping[UUID, LineWord]) -> None:
    """Refuse (`reverification_doubtful`) to pass a line in doubt that the bureau has not found true; one query."""
    said = {pk for pk, word in words.items() if word.verb == Verb.DEDUCT}
    true = Reverification.objects.filter(
        line=OuterRef("line"), area__kind=Area.Kind.ZONE, outcome=Reverification.Outcome.CONFIRMED
    )
    doubts = Reverification.objects.filter(claim=case.claim, outcome=Reverification.Outcome.DOUBTFUL).filter(
        ~Exists(true)
    )
    doubted = set(doubts.values_list("line", flat=True)) - said
    lines = [line for line in case.lines if line.pk in doubted]
    if lines:
        raise Refusal(
            "reverification_doubtful",
            _("有%(n)d人复核存疑（第%(seq)s行等），请核减，或由民生保障局复核属实后再继续。")
            % {"n": len(lines), "seq": lines[0].seq},
        )


def second_looks(by: Actor, *, only: str = "") -> QuerySet[Reverification]:
    """The second looks the actor may read: a township its own, bureau and audit all; earliest due first.

    `only`: ``open``, ``late``, ``done``, ``doubtful``.
    """
    if by.role not in SEEING:
        return Reverification.objects.none()
    found = Reverification.objects.filter(area=by.post.area_id) if by.role in TOWNSHIP else Reverification.objects.all()
    related = ("claim__claimant_org", "claim__claimant_user", "claim__employer", "line__worker", "area", "decided_by")
    return found.filter(_narrowed(only)).select_related(*related).order_by("outcome", "due_on", "pk")


def _narrowed(only: str) -> Q:
    still = Q(outcome="", line__status__in=ACTIVE, claim__state__in=OPEN_STATES)
    return {
        "open": still,
        "late": still & Q(due_on__lt=clock.today()),
        "done": ~Q(outcome=""),
        "doubtful": Q(outcome=Reverification.Outcome.DOUBTFUL),
    }.get(only, ~Q(outcome="") | still)


def counts(by: Actor) -> dict[str, int]:
    """How many there are of each `only`; one query."""
    found = second_looks(by).order_by()
    return found.aggregate(
        **{name: Count("pk", filter=_narrowed(name)) for name in ("open", "late", "done", "doubtful")}
    )


def redrawn(claim: Claim | None = None) -> list[dict[str, object]]:
    """Every sample (of one claim) drawn again from its seed, with whether the very same people come out."""
    samples = Sample.objects.select_related("claim", "area").prefetch_related("work").order_by("pk")
    told = []
    for sample in samples.filter(claim=claim) if claim else samples:
        again = draw(sample.population, sample.pct, sample.seed)
        told.append(
            {
                "claim": str(sample.claim),
                "area": sample.area.name,
                "seed": sample.seed,
                "pct": sample.pct,
                "high_risk": sample.high_risk,
                "population": len(sample.population),
                "drawn": again,
                "same": sorted(again) == sorted(str(work.line_id) for work in sample.work.all()),
            }
        )
    return told
