"""A person whom a rule blocks goes no further than the bureau: deducted, or excepted by the officer the rule names."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import Refusal
from policy.assessment import Outcome
from workflows.locking import Case
from workflows.states import LineStatus, Verb
from workflows.words import LineWord


def require_unblocked(case: Case, words: Mapping[UUID, LineWord]) -> None:
    """Refuse (`line_blocked`) to pass a live line that would be refused, unless it is being deducted now; no query more."""
    said = {pk for pk, word in words.items() if word.verb == Verb.DEDUCT}
    stopped = [
        line
        for line in case.lines
        if line.status == LineStatus.LIVE and line.outcome == Outcome.REFUSE and line.pk not in said
    ]
    if stopped:
        raise Refusal(
            "line_blocked",
            _("有%(n)d人不符合条件（第%(seq)s行等），须核减，或由分管领导批准例外后才能继续。")
            % {"n": len(stopped), "seq": stopped[0].seq},
        )
