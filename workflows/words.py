"""Words an officer says on single lines: the first officer of a pair proposes, the second makes them count."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.acting import Actor
from core import clock
from core.errors import Refusal
from policy.rules import DEDUCTION_REASONS
from workflows.claims import ClaimLine
from workflows.locking import Case
from workflows.reviews import Decision, Review
from workflows.states import LineStatus, Verb
from workflows.steps import rule_of


@dataclass(frozen=True, slots=True)
class LineWord:
    """`deduct` with a coded reason, `return_for_correction` with a note, or `pass` to overrule a proposal."""

    verb: Verb
    reason_code: str = ""
    note: str = ""


Words = Mapping[UUID, LineWord]


def check(words: Words, lines: list[ClaimLine], *, may_return: bool) -> None:
    """Refuse words on foreign lines, without a reason, or that this step cannot say."""
    known = {line.pk for line in lines}
    for pk, word in words.items():
        if pk not in known:
            raise Refusal("line_not_here", _("所处理的人员不在您负责的名单中，请刷新页面后重试。"))
        if word.verb == Verb.DEDUCT and word.reason_code not in DEDUCTION_REASONS:
            raise Refusal("reason_missing", _("核减人员必须选择核减原因。"))
        if word.verb == Verb.RETURN and not may_return:
            raise Refusal("return_not_here", _("这一环节不能逐人退回补正。"))
        if word.verb == Verb.RETURN and not word.note.strip():
            raise Refusal("note_missing", _("退回补正必须写明需要补正的内容。"))


def proposals(case: Case, review: Review) -> dict[UUID, LineWord]:
    """What the first officer of the pair proposed on lines, in his latest review of this area; one query at most."""
    before = rule_of(review.step).prepared_by
    prepared = case.last(before, review.area) if before else None
    if prepared is None:
        return {}
    said = Decision.objects.filter(review=prepared, line__isnull=False)
    return {d.line_id: LineWord(Verb(d.verb), d.reason_code, d.opinion) for d in said if d.line_id}


def write(case: Case, review: Review, by: Actor, verb: Verb, opinion: str, words: Words) -> None:
    """Append the decision on the whole and one row a line that was singled out."""
    now = clock.now()
    rows = [Decision(claim=case.claim, review=review, verb=verb, opinion=opinion, by=by.user, post=by.post, at=now)]
    rows += [
        Decision(
            claim=case.claim,
            review=review,
            line_id=pk,
            verb=word.verb,
            reason_code=word.reason_code,
            opinion=word.note[:500],
            by=by.user,
            post=by.post,
            at=now,
        )
        for pk, word in words.items()
    ]
    Decision.objects.bulk_create(rows)


def apply(review: Review, words: Words) -> tuple[int, int]:
    """Make the words count on the lines: (deducted, returned). One statement a distinct word."""
    groups: dict[LineWord, list[UUID]] = defaultdict(list)
    for pk, word in words.items():
        if word.verb != Verb.PASS:
            groups[word].append(pk)
    deducted = returned = 0
    for word, ids in groups.items():
        lines = ClaimLine.objects.filter(pk__in=ids)
        said = {"reason_code": word.reason_code, "reason_note": word.note[:300]}
        if word.verb == Verb.DEDUCT:
            deducted += lines.update(status=LineStatus.DEDUCTED, deducted_by=review, **said)
        else:
            returned += lines.update(returned_by=review, **said)
    return deducted, returned
