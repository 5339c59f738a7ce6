"""预检 as a page: outcomes counted, lines with trouble first to hand, 50 at a time."""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from accounts.acting import Actor
from core.identifiers import mask_id
from policy.assessment import Assessment, LineResult, Outcome
from workflows import filing
from workflows.claims import ClaimLine

PAGE = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """One line's result with the worker it is about."""

    result: LineResult
    seq: int
    name: str
    masked_id: str
    line: ClaimLine | None


@dataclass(frozen=True, slots=True)
class Check:
    """What the page shows: the assessment, heads by outcome, and a page of lines."""

    assessment: Assessment
    pay: int
    review: int
    refuse: int
    only: str
    page: Page

    @property
    def heads(self) -> int:
        return self.pay + self.review + self.refuse

    @property
    def troubled(self) -> int:
        """Lines with something to look at."""
        return self.review + self.refuse


def precheck(*, claim_id: int, by: Actor, only: str = "", page: int = 1) -> Check:
    """The pre-check of a draft; `only` = ``problems`` leaves out the lines that would simply be paid."""
    assessment = filing.precheck(claim_id=claim_id, by=by)
    heads = Counter(result.outcome for result in assessment.lines)
    only = only if only == "problems" else ""
    wanted = [r for r in assessment.lines if not only or r.outcome != Outcome.PAY or r.findings]
    shown = Paginator(wanted, PAGE).get_page(page)
    shown.object_list = _checked(list(shown.object_list))  # type: ignore[assignment]
    return Check(assessment, heads[Outcome.PAY], heads[Outcome.REVIEW], heads[Outcome.REFUSE], only, shown)


def _checked(results: list[LineResult]) -> list[Checked]:
    """Results with their workers; one query."""
    found = ClaimLine.objects.filter(pk__in=[r.ref for r in results]).select_related("worker")
    lines = {str(line.pk): line for line in found}
    return [_one(result, lines.get(result.ref)) for result in results]


def _one(result: LineResult, line: ClaimLine | None) -> Checked:
    worker = line.worker if line else None
    return Checked(
        result,
        line.seq if line else 0,
        worker.name if worker else "",
        mask_id(worker.id_number) if worker else "",
        line,
    )
