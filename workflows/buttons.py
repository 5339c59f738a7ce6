"""The buttons an officer's claim page draws, each with the verdict that its command will ask again."""

from dataclasses import dataclass

from accounts.acting import Actor
from core.verdict import Verdict
from workflows import access
from workflows.reviews import Correction, Review
from workflows.states import Step, Verb
from workflows.steps import rule_of
from workflows.waiting import waits


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its verb and label, and the verdict that draws or disables it."""

    verb: Verb
    label: str
    verdict: Verdict


def actions_of(by: Actor, mine: Review | None, reviews: list[Review], corrections: list[Correction]) -> list[Action]:
    """The buttons of the review this post owes, each with the verdict that the command will ask again."""
    if mine is None:
        return []
    whole = access.can_decide(by, mine, None, reviews)
    used = any(c.level == mine.claim.state for c in corrections)
    actions = []
    for verb in access.VERBS[Step(mine.step)]:
        verdict = access.verb_of_step(mine, verb) if whole else whole
        if verdict:
            verdict = waits(mine, verb)
        if verdict.code == "return_by_line":
            continue  # said line by line, not with a button
        if verdict and verb == Verb.RETURN and used:
            verdict = access.CORRECTION_USED
        actions.append(Action(verb, _label(mine, verb), verdict))
    return actions


def _label(review: Review, verb: Verb) -> str:
    if verb == Verb.PASS and rule_of(review.step).prepared_by is None and review.step != Step.BUREAU_REVIEW:
        return "提交核实意见" if review.step == Step.VILLAGE_RECORD else "提交审核意见"
    return str(verb.label)
