"""Correction 补正: asked once a level, opens only the named parts, and shows the reviewer what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core import clock
from core.calendar import WorkingDays
from core.errors import NotAllowed, WrongState
from workflows.claims import Claim
from workflows.opening import limit_of
from workflows.reviews import Correction
from workflows.states import ClaimState


@dataclass(frozen=True, slots=True)
class Parts:
    """What a return opens: some lines, some kinds of evidence, or the claim's own fields."""

    lines: Iterable[UUID] = ()
    evidence: Iterable[str] = ()
    claim: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"lines": [str(pk) for pk in self.lines], "evidence": list(self.evidence), "claim": self.claim}

    def __bool__(self) -> bool:
        return bool(list(self.lines) or list(self.evidence) or self.claim)


def may_return(claim: Claim, level: str) -> bool:
    """Whether this level has its one round of correction left."""
    return not Correction.objects.filter(claim=claim, level=level).exists()


def open_round(claim: Claim, level: str, note: str, parts: Parts) -> Correction:
    """Open the level's one round; refuses `correction_used` when it had one."""
    if not may_return(claim, level):
        raise WrongState(
            "correction_used", _("本环节已退回补正过一次，不能再次退回。请核减有问题的人员，或作出不予支持处理。")
        )
    deadline = WorkingDays.load().deadline(clock.today(), limit_of(claim, "supplement_once"))
    return Correction.objects.create(
        claim=claim,
        level=level,
        note=note,
        parts=parts.as_json(),
        opened_at=clock.now(),
        due_on=deadline.day,
        due_provisional=deadline.provisional,
    )


def open_correction(claim: Claim) -> Correction | None:
    """The round that waits for the claimant, if any."""
    if claim.state != ClaimState.CORRECTION:
        return None
    return Correction.objects.filter(claim=claim, answered_at=None).order_by("-id").first()


def require_part(
    claim: Claim, *, line_id: UUID | None = None, evidence: str | None = None, claim_itself: bool = False
) -> Correction | None:
    """In a correction, refuse (`part_not_open`) to touch what was not named; in a draft everything is open."""
    correction = open_correction(claim)
    if correction is None:
        return None
    parts = correction.parts
    named = (
        (claim_itself and parts["claim"])
        or (line_id is not None and str(line_id) in parts["lines"])
        or (evidence is not None and (evidence in parts["evidence"] or (line_id and str(line_id) in parts["lines"])))
    )
    if not named:
        raise NotAllowed("part_not_open", _("补正只能修改退回时指明的部分，其他内容已锁定。"))
    return correction


def note_change(correction: Correction | None, *, line: UUID | None, name: str, before: Any, after: Any) -> None:
    """Remember what the claimant changed; values of personal columns arrive masked."""
    if correction is None or before == after:
        return
    correction.changes.append(
        {"line": str(line) if line else None, "field": name, "before": _plain(before), "after": _plain(after)}
    )
    correction.save(update_fields=["changes"])


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | list | None) else str(value)
