"""Reads the moves out of a flow class: the one list that diagrams, tables and documents are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.roles import Role
from workflows.states import ClaimState

ORDER = {state: position for position, state in enumerate(ClaimState)}
OFF_ROAD = (ClaimState.CORRECTION, ClaimState.REFUSED, ClaimState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow: what an official calls it, from where to where, and the roles that set it off (none: the system)."""

    name: str
    label: str
    source: ClaimState
    target: ClaimState
    roles: tuple[Role, ...]


def moves_of(flow_class: Any) -> list[Move]:
    """Every move of the flow, in the order of the road; a move with several targets gives one for each."""
    found = [
        Move(
            name=transition.slug,
            label=str(transition.label),
            source=ClaimState(transition.source),
            target=ClaimState(target),
            roles=tuple(transition.custom.get("roles", ())),
        )
        for transitions in flow_class.state.get_transitions().values()
        for transition in transitions
        for target in transition.declared_targets()
    ]
    return sorted(found, key=lambda move: (ORDER[move.source], ORDER[move.target], move.name))


def states_of(moves: Iterable[Move]) -> list[ClaimState]:
    """The states the moves touch, in the order of the road."""
    return sorted({state for move in moves for state in (move.source, move.target)}, key=ORDER.__getitem__)


def stations_of(moves: Iterable[Move]) -> list[ClaimState]:
    """The states of the main road, in order: without correction, refusal and withdrawal."""
    return [state for state in states_of(moves) if state not in OFF_ROAD]


def labels_between(moves: Iterable[Move]) -> dict[tuple[ClaimState, ClaimState], str]:
    """The moves between each two states, as one label (受理、视为受理)."""
    names: dict[tuple[ClaimState, ClaimState], list[str]] = {}
    for move in moves:
        said = names.setdefault((move.source, move.target), [])
        if move.label not in said:
            said.append(move.label)
    return {ends: "、".join(said) for ends, said in names.items()}
