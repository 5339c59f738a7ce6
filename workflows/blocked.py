"""What rules ask of officers: a word on the people they mark, and no passing of the people they block."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import Refusal
from policy.assessment import Outcome
from workflows.claims import ClaimLine
from workflows.locking import Case
from workflows.reverifying import require_undoubted
from workflows.states import LineStatus, Verb
from workflows.words import LineWord


def require_clear(case: Case, words: Mapping[UUID, LineWord]) -> None:
    """What the bureau may pass: no clash undecided (`clash_open`), nobody blocked, nobody in doubt, but for `words`."""
    if any(line.status == LineStatus.HELD and line.pk not in words for line in case.lines):
        raise Refusal("clash_open", _("名单中有人员被重复申报，请先裁定由谁保留，再审核通过。"))
    require_unblocked(case, words)
    require_undoubted(case, words)


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


def require_looked_at(lines: Iterable[ClaimLine], words: Mapping[UUID, LineWord]) -> None:
    """Refuse (`opinion_missing`) silence on people whom a rule marked for review; asked when no opinion was written."""
    marked = [line for line in lines if line.outcome == Outcome.REVIEW and line.pk not in words]
    if marked:
        raise Refusal(
            "opinion_missing",
            _("名单中有%(n)d人标有“需核查”（第%(seq)s行等），请写明核实情况后再提交。")
            % {"n": len(marked), "seq": marked[0].seq},
        )
