"""The officers' one verb on a review: `decide`. The verb and the step say which move of the flow it is.

Everything happens under the claim's lock and names the review it decides, so whoever comes second is told who was
first. Papers are made after commit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from core.timeline import record
from workflows import access, words
from workflows.approving import approve
from workflows.blocked import require_clear, require_looked_at
from workflows.claims import Claim
from workflows.consultations import wind_up
from workflows.corrections import Parts, may_return, open_round
from workflows.filing import close_all
from workflows.flows import flow_of
from workflows.issuing import issue_later
from workflows.locking import Case
from workflows.opening import first_stop, open_reviews, open_stop
from workflows.reviews import Review
from workflows.sending_back import go_back, open_townships, target_of
from workflows.states import ClaimState, ReviewOutcome, Step, Verb
from workflows.steps import CONFIRMED_BY
from workflows.waiting import FORWARD, consulting_of
from workflows.words import LineWord, Words

LOOKING = {Step.VILLAGE_RECORD, Step.TOWNSHIP_REVIEW, Step.BUREAU_REVIEW}
RETURNING = {Step.VILLAGE_RECORD, Step.VILLAGE_CONFIRM, Step.TOWNSHIP_REVIEW, Step.TOWNSHIP_SIGN}


@dataclass(slots=True)
class Saying:
    """What is being decided, by whom, with which words."""

    case: Case
    review: Review
    by: Actor
    verb: Verb
    opinion: str
    words: dict[UUID, LineWord]
    fund_id: int | None = None
    parts: Parts = field(default_factory=Parts)
    set_aside: tuple[str, ...] = ()
    back_to: int | None = None

    @property
    def claim(self) -> Claim:
        return self.case.claim


@dataclass(frozen=True, slots=True)
class Answer:
    """One item of a bulk decision."""

    review_id: int
    ok: bool
    code: str
    message: str
    claim: str


def decide(
    *,
    review_id: int,
    by: Actor,
    verb: Verb,
    opinion: str = "",
    lines: Words | None = None,
    fund_id: int | None = None,
    parts: Parts | None = None,
    set_aside: Iterable[str] = (),
    back_to: int | None = None,
) -> Claim:
    """Decide an open review; returns the claim as it stands then.

    `lines` singles out lines (deduct, return); `parts` names what a return opens; `fund_id` is the leader's, and so is
    `set_aside`: the open objections he has seen; `back_to` names the earlier review that `send_back` opens again.
    Refuses with `already_decided`, `review_not_yours`, `own_claim`, `acted_before`, `verb_not_of_step`, …
    """
    with transaction.atomic():
        case, review = Case.of_review(review_id)
        access.can_decide(by, review, verb, case.reviews).require()
        saying = Saying(
            case,
            review,
            by,
            Verb(verb),
            opinion.strip()[:500],
            dict(lines or {}),
            fund_id,
            parts or Parts(),
            tuple(set_aside),
            back_to,
        )
        _check(saying)
        before = case.claim.state
        MOVES[Step(review.step), saying.verb](saying)
        case.claim.save()
        record(case.claim.chain, saying.verb, by=by, data=_event(saying, before))
        issue_later(case.claim, review, saying.verb, by.label)
    return case.claim


def decide_many(*, review_ids: Iterable[int], by: Actor, verb: Verb, opinion: str = "") -> list[Answer]:
    """The same decision on several reviews, each by `decide`, each with its own answer."""
    return answer_each(review_ids, lambda pk: decide(review_id=pk, by=by, verb=verb, opinion=opinion), done=_("已办理"))


def answer_each(review_ids: Iterable[int], command: Callable[[int], Claim], *, done: str) -> list[Answer]:
    """One command, one transaction and one answer an item; an item that is refused never stops the rest."""
    answers = []
    for review_id in review_ids:
        try:
            answers.append(Answer(review_id, True, "done", done, str(command(review_id))))
        except Refusal as refusal:
            number = Claim.objects.filter(reviews=review_id).values_list("number", flat=True).first()
            answers.append(Answer(review_id, False, refusal.code, refusal.message, number or ""))
    return answers


def _event(saying: Saying, before: str) -> dict:
    return {
        "review": saying.review.pk,
        "step": saying.review.step,
        "area": saying.review.area.path,
        "from": before,
        "to": saying.claim.state,
        "deducted": [str(pk) for pk, word in saying.words.items() if word.verb == Verb.DEDUCT],
        "returned": [str(pk) for pk, word in saying.words.items() if word.verb == Verb.RETURN],
    }


def _check(saying: Saying) -> None:
    if saying.verb in {Verb.REFUSE, Verb.SEND_BACK, Verb.RETURN} and not saying.opinion:
        raise Refusal("opinion_missing", _("请写明理由后再提交。"))
    if saying.verb in FORWARD and getattr(saying.review, "opposed", False) and not saying.opinion:
        raise Refusal("opinion_missing", _("征求的意见中有人不同意，请写明办理的理由。"))
    if saying.verb == Verb.PASS and saying.review.step in LOOKING and not saying.opinion:
        require_looked_at(saying.case.lines_of(saying.review.area), saying.words)
    if saying.words:
        words.check(saying.words, saying.case.lines_of(saying.review.area), may_return=saying.review.step in RETURNING)


def _close(saying: Saying, outcome: ReviewOutcome) -> None:
    """End the review and write its decision, with the words said on lines."""
    review = saying.review
    if consulting_of(review):
        wind_up(Review.objects.filter(pk=review.pk))
    review.outcome, review.opinion = outcome, saying.opinion
    review.decided_by, review.decided_post, review.decided_at = saying.by.user, saying.by.post, clock.now()
    review.decided_for = saying.by.post.user if saying.by.covers else None
    review.save(update_fields=["outcome", "opinion", "decided_by", "decided_post", "decided_at", "decided_for"])
    words.write(saying.case, review, saying.by, saying.verb, saying.opinion, saying.words)


def _accept(saying: Saying) -> None:
    areas = saying.case.areas()
    stop = first_stop(saying.case, areas)
    _close(saying, ReviewOutcome.PASSED)
    flow_of(saying.claim).accept(stop)
    open_stop(saying.case, stop, areas)


def _return_claim(saying: Saying) -> None:
    """Acceptance and the bureau return the whole claim, naming the parts that open."""
    if not saying.parts:
        raise Refusal("parts_missing", _("请勾选需要补正的部分（人员、材料或申报信息）。"))
    open_round(saying.claim, saying.claim.state, saying.opinion, saying.parts)
    _close(saying, ReviewOutcome.RETURNED)
    flow_of(saying.claim).return_for_correction()


def _return_title(saying: Saying) -> None:
    """A village head or township lead returns a claim that has no lines: an ambassador's (`access` sees to that)."""
    saying.parts = Parts(claim=True)
    _return_claim(saying)


def _refuse(saying: Saying) -> None:
    _close(saying, ReviewOutcome.REFUSED)
    flow_of(saying.claim).refuse()
    close_all(saying.claim)


def _propose(saying: Saying) -> None:
    """The first officer of a pair; his words on lines count once the second has confirmed."""
    if any(word.verb == Verb.RETURN for word in saying.words.values()):
        _require_round(saying)
    _close(saying, ReviewOutcome.PASSED)
    open_reviews(saying.case, CONFIRMED_BY[Step(saying.review.step)], [saying.review.area])


def _require_round(saying: Saying) -> None:
    if not may_return(saying.claim, saying.claim.state):
        raise Refusal("correction_used", _("本环节已退回补正过一次，不能再次退回，请核减有问题的人员。"))


def _confirm(saying: Saying) -> None:
    """The second officer of a pair; the last of the parallel reviews moves the claim."""
    effective = words.proposals(saying.case, saying.review) | saying.words
    active = {line.pk for line in saying.case.lines_of(saying.review.area)}
    effective = {pk: word for pk, word in effective.items() if pk in active and word.verb != Verb.PASS}
    if any(word.verb == Verb.RETURN for word in effective.values()):
        _require_round(saying)
    _deducted, returned = words.apply(saying.review, effective)
    saying.words = effective
    _close(saying, ReviewOutcome.RETURNED if returned else ReviewOutcome.PASSED)
    if not saying.case.still_open():
        _level_done(saying)


def _level_done(saying: Saying) -> None:
    """All of a level have answered: correction when lines were returned, else on to the next level."""
    claim = saying.claim
    now = {pk for pk, word in saying.words.items() if word.verb == Verb.RETURN}
    returned = [line for line in saying.case.lines if line.returned_by_id or line.pk in now]
    if returned:
        notes = {pk: saying.words[pk].note for pk in now}
        note = "；".join(f"第{line.seq}行：{notes.get(line.pk, line.reason_note)}" for line in returned)[:500]
        open_round(claim, claim.state, note, Parts(lines=[line.pk for line in returned]))
        flow_of(claim).return_for_correction()
    elif claim.state == ClaimState.VILLAGE:
        flow_of(claim).villages_confirmed()
        if not open_townships(saying.case):
            _townships_done(saying)
    else:
        _townships_done(saying)


def _townships_done(saying: Saying) -> None:
    flow_of(saying.claim).townships_signed()
    open_stop(saying.case, ClaimState.BUREAU, [])


def _send_back(saying: Saying) -> None:
    step, area = target_of(saying.review, saying.case.reviews, saying.back_to)
    _close(saying, ReviewOutcome.SENT_BACK)
    go_back(saying.case, step, area)


def _pass_bureau(saying: Saying) -> None:
    deducted = sum(word.verb == Verb.DEDUCT for word in saying.words.values())
    require_clear(saying.case, saying.words)
    if not saying.claim.employer_id and deducted >= len(saying.case.lines):
        raise Refusal("no_live_lines", _("没有可支持的人员，请作不予支持处理并说明理由。"))
    _close(saying, ReviewOutcome.PASSED)
    flow_of(saying.claim).pass_bureau()
    open_stop(saying.case, ClaimState.SECTION, [])


def _pass_section(saying: Saying) -> None:
    saying.words = words.proposals(saying.case, saying.review) | saying.words
    require_clear(saying.case, saying.words)
    words.apply(saying.review, saying.words)
    _close(saying, ReviewOutcome.PASSED)
    flow_of(saying.claim).pass_section()
    open_stop(saying.case, ClaimState.PUBLICITY, [])


def _approve(saying: Saying) -> None:
    approve(saying.case, fund_id=saying.fund_id, by=saying.by, set_aside=saying.set_aside)
    _close(saying, ReviewOutcome.PASSED)


MOVES: dict[tuple[Step, Verb], Callable[[Saying], None]] = {
    (Step.ACCEPTANCE, Verb.ACCEPT): _accept,
    (Step.ACCEPTANCE, Verb.RETURN): _return_claim,
    (Step.ACCEPTANCE, Verb.REFUSE): _refuse,
    (Step.VILLAGE_RECORD, Verb.PASS): _propose,
    (Step.VILLAGE_CONFIRM, Verb.PASS): _confirm,
    (Step.VILLAGE_CONFIRM, Verb.RETURN): _return_title,
    (Step.VILLAGE_CONFIRM, Verb.SEND_BACK): _send_back,
    (Step.TOWNSHIP_REVIEW, Verb.PASS): _propose,
    (Step.TOWNSHIP_SIGN, Verb.PASS): _confirm,
    (Step.TOWNSHIP_SIGN, Verb.RETURN): _return_title,
    (Step.TOWNSHIP_SIGN, Verb.SEND_BACK): _send_back,
    (Step.BUREAU_REVIEW, Verb.PASS): _pass_bureau,
    (Step.BUREAU_REVIEW, Verb.RETURN): _return_claim,
    (Step.BUREAU_REVIEW, Verb.SEND_BACK): _send_back,
    (Step.BUREAU_REVIEW, Verb.REFUSE): _refuse,
    (Step.SECTION_REVIEW, Verb.PASS): _pass_section,
    (Step.SECTION_REVIEW, Verb.SEND_BACK): _send_back,
    (Step.SECTION_REVIEW, Verb.REFUSE): _refuse,
    (Step.LEADER_APPROVAL, Verb.APPROVE): _approve,
    (Step.LEADER_APPROVAL, Verb.SEND_BACK): _send_back,
    (Step.LEADER_APPROVAL, Verb.REFUSE): _refuse,
}
