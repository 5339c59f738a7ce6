"""Who may say which verb at which step, and what stops him: the table in docs/flows/verbs.md, asked of the verdicts.

Nothing here knows a rule: each cell is the code that `workflows.access` and `workflows.around` give for a claim that is
nobody's own. The tests compare it with what the commands answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.acting import Actor
from accounts.models import Area, Post, User
from accounts.roles import Role
from core import clock
from core.verdict import Verdict
from workflows import access, around
from workflows.attention import DeedVerb
from workflows.claims import Claim
from workflows.consultations import Consultation
from workflows.reviews import Review
from workflows.states import Kind, ReviewOutcome, Step, Verb
from workflows.steps import rule_of

DECISIONS = (Verb.ACCEPT, Verb.PASS, Verb.APPROVE, Verb.RETURN, Verb.SEND_BACK, Verb.REFUSE)
AROUND = (
    DeedVerb.REASSIGN,
    DeedVerb.DELEGATE,
    DeedVerb.ASK,
    DeedVerb.TAKE_BACK,
    DeedVerb.SUSPEND,
    DeedVerb.RESUME,
    DeedVerb.URGE,
)
VERBS: tuple[Verb | DeedVerb, ...] = (*DECISIONS, *AROUND)
CONDITIONS = {
    "open": "待办",
    "suspended": "已挂起",
    "delegated": "委派中",
    "consulted": "会签或或签中",
    "assigned": "已转办他人",
    "decided": "已办结",
}
KEPT_BY_OTHERS = {Role.AGENCY_CLERK, Role.INDIVIDUAL, Role.PLATFORM_CLERK, Role.EMPLOYMENT_OFFICER}
YES_CODE = "ok"


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer: ``ok`` or the code of the refusal."""

    step: Step
    condition: str
    role: Role
    verb: Verb | DeedVerb
    code: str


def review_in(step: Step, condition: str, area: Area, kind: Kind = Kind.AGENCY) -> Review:
    """A review of `step` in `area` in that condition; no row."""
    claim = Claim(pk=0, kind=kind, created_by_id=-1)
    claim.interested = False  # type: ignore[attr-defined]
    review = Review(pk=0, claim=claim, step=step, area=area)
    review.consulting = ""  # type: ignore[attr-defined]
    match condition:
        case "suspended":
            review.suspended_at = clock.now()
        case "delegated":
            review.consulting = Consultation.Mode.DELEGATE  # type: ignore[attr-defined]
        case "consulted":
            review.consulting = Consultation.Mode.EVERY  # type: ignore[attr-defined]
        case "assigned":
            review.assignee_id = -2
        case "decided":
            review.outcome = ReviewOutcome.PASSED
    return review


def verdict_on(by: Actor, review: Review, verb: Verb | DeedVerb) -> Verdict:
    """The verdict that the command of this verb asks; a decision on what is decided is refused before any verdict."""
    if isinstance(verb, DeedVerb):
        return around.can_urge(by, review) if verb == DeedVerb.URGE else around.can_hand_on(by, review, verb)
    if not review.is_open:
        return around.DECIDED
    return access.can_decide(by, review, verb, [])


def cells(step: Step, condition: str) -> Iterator[Cell]:
    """Every role in the review's own area (organisations' roles in theirs), every verb."""
    area = Area(pk=1, kind=Area.Kind.VILLAGE, path="zone/1/1", name="本辖区")
    review = review_in(step, condition, area)
    for role in Role:
        user = User(pk=1, full_name="某")
        by = Actor(user, Post(pk=1, user=user, role=role, area=None if role in KEPT_BY_OTHERS else area))
        for verb in VERBS:
            verdict = verdict_on(by, review, verb)
            yield Cell(step, condition, role, verb, verdict.code if not verdict else YES_CODE)


def markdown() -> str:
    """docs/flows/verbs.md: a table for each step (open), then what stops its own officer in each condition."""
    parts = [
        "# Verbs at every review step",
        "Generated from the verdicts. `ok` or the code of the refusal; roles that answer alike share a row. Each role"
        " stands in the review's own area. Conflicts of interest, four eyes and the other parties of a claim come on"
        " top of this and refuse with `own_claim`, `acted_before`, `claim_not_visible`.",
    ]
    for step in Step:
        parts += [f"## {step.value}: {step.label}", _by_role(step), _by_condition(step)]
    return "\n\n".join(parts) + "\n"


def _head(first: str) -> list[str]:
    return [
        f"| {first} | " + " | ".join(f"{verb.label} `{verb.value}`" for verb in VERBS) + " |",
        "| --- |" + " --- |" * len(VERBS),
    ]


def _by_role(step: Step) -> str:
    answers: dict[Role, list[str]] = {}
    for cell in cells(step, "open"):
        answers.setdefault(cell.role, []).append(cell.code)
    alike: dict[tuple[str, ...], list[str]] = {}
    for role, codes in answers.items():
        alike.setdefault(tuple(codes), []).append(str(role.label))
    return "\n".join([*_head("Role"), *(f"| {'、'.join(roles)} | {_codes(codes)} |" for codes, roles in alike.items())])


def _by_condition(step: Step) -> str:
    own, rows = rule_of(step).role, []
    for condition, words in CONDITIONS.items():
        codes = [cell.code for cell in cells(step, condition) if cell.role == own]
        rows.append(f"| {words} `{condition}` | {_codes(codes)} |")
    return "\n".join([*_head(f"{own.label}"), *rows])


def _codes(codes: tuple[str, ...] | list[str]) -> str:
    return " | ".join("**ok**" if code == YES_CODE else f"`{code}`" for code in codes)
