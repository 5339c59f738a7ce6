"""Each step of the road: whose it is, in which state, how many working days, and which duty it is part of."""

from dataclasses import dataclass

from accounts.roles import Role
from workflows.states import ClaimState, Step


@dataclass(frozen=True, slots=True)
class StepRule:
    """`sla` names the limit in the scheme's `sla_working_days`. `duty` is what one person may not hold two of.

    `prepared_by` is the step whose words on lines this step confirms; `level` is where the step's areas lie.
    """

    step: Step
    role: Role
    state: ClaimState
    sla: str
    duty: str
    level: str  # village, township, zone
    prepared_by: Step | None = None


RULES: dict[Step, StepRule] = {
    rule.step: rule
    for rule in (
        StepRule(Step.ACCEPTANCE, Role.BUREAU_HANDLER, ClaimState.FILED, "acceptance", "bureau_handler", "zone"),
        StepRule(Step.VILLAGE_RECORD, Role.VILLAGE_CLERK, ClaimState.VILLAGE, "village", "village_clerk", "village"),
        StepRule(
            Step.VILLAGE_CONFIRM,
            Role.VILLAGE_HEAD,
            ClaimState.VILLAGE,
            "village",
            "village_head",
            "village",
            Step.VILLAGE_RECORD,
        ),
        StepRule(
            Step.TOWNSHIP_REVIEW,
            Role.TOWNSHIP_HANDLER,
            ClaimState.TOWNSHIP,
            "township",
            "township_handler",
            "township",
        ),
        StepRule(
            Step.TOWNSHIP_SIGN,
            Role.TOWNSHIP_LEAD,
            ClaimState.TOWNSHIP,
            "township",
            "township_lead",
            "township",
            Step.TOWNSHIP_REVIEW,
        ),
        StepRule(Step.BUREAU_REVIEW, Role.BUREAU_HANDLER, ClaimState.BUREAU, "bureau", "bureau_handler", "zone"),
        StepRule(
            Step.SECTION_REVIEW,
            Role.SECTION_HEAD,
            ClaimState.SECTION,
            "bureau",
            "section_head",
            "zone",
            Step.BUREAU_REVIEW,
        ),
        StepRule(Step.PUBLISH, Role.BUREAU_HANDLER, ClaimState.PUBLICITY, "acceptance", "bureau_handler", "zone"),
        StepRule(Step.LEADER_APPROVAL, Role.BUREAU_LEADER, ClaimState.LEADER, "bureau", "bureau_leader", "zone"),
    )
}
CONFIRMED_BY = {rule.prepared_by: rule.step for rule in RULES.values() if rule.prepared_by}


def rule_of(step: str) -> StepRule:
    """The rule of a step code."""
    return RULES[Step(step)]


def steps_of(role: Role) -> list[Step]:
    """The steps a role owes."""
    return [rule.step for rule in RULES.values() if rule.role == role]
