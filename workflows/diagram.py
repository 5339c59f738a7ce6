"""A flow as a picture and as a table, both read from its transitions; nothing here is drawn by hand.

`svg` is for pages (classes only, so that a strict content policy holds), `markdown` for docs/flows/.
"""

from typing import Any

from accounts.roles import Role
from workflows import drawing
from workflows.moves import Move, labels_between, moves_of, states_of
from workflows.states import ClaimState, Kind

SYSTEM = "系统"


def svg(flow_class: Any, current: str | None = None) -> str:
    """The flow as two drawings, one for wide pages and one for phones; the style sheet shows one of them.

    `current` is a state code: it is marked by a filled shape and the word 当前. Safe to print unescaped: everything
    in it comes from the code's own labels, escaped.
    """
    moves = moves_of(flow_class)
    here = ClaimState(current) if current else None
    kind = Kind(flow_class.kind)
    return (
        f'<div class="road-map">{drawing.wide(moves, here, kind.value, str(kind.label))}'
        f"{drawing.tall(moves, here, kind.value, str(kind.label))}</div>"
    )


def markdown(flow_class: Any) -> str:
    """The flow as a Mermaid state diagram, a table of moves and a table of role × action."""
    moves = moves_of(flow_class)
    kind = Kind(flow_class.kind)
    parts = [f"# {kind.value}: {kind.label}", _mermaid(moves), "## Moves", _move_table(moves)]
    return "\n\n".join([*parts, "## Who may set off what", _role_table(moves)]) + "\n"


def _mermaid(moves: list[Move]) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in states_of(moves)]
    lines.append(f"    [*] --> {ClaimState.DRAFT.value}")
    lines += [
        f"    {source.value} --> {target.value} : {label}" for (source, target), label in labels_between(moves).items()
    ]
    sources = {move.source for move in moves}
    lines += [f"    {state.value} --> [*]" for state in states_of(moves) if state not in sources]
    return "\n".join([*lines, "```"])


def _move_table(moves: list[Move]) -> str:
    rows = ["| From | Action | To | Who |", "| --- | --- | --- | --- |"]
    for move in moves:
        who = "、".join(str(role.label) for role in move.roles) or SYSTEM
        rows.append(f"| {move.source.label} | {move.label} `{move.name}` | {move.target.label} | {who} |")
    return "\n".join(rows)


def _role_table(moves: list[Move]) -> str:
    actions = list(dict.fromkeys(move.name for move in moves))
    named = {name: next(move.label for move in moves if move.name == name) for name in actions}
    roles = [role for role in Role if any(role in move.roles for move in moves)]
    rows = [
        "| Role | " + " | ".join(named[name] for name in actions) + " |",
        "| --- |" + " --- |" * len(actions),
    ]
    for role in roles:
        marks = ["●" if any(m.name == name and role in m.roles for m in moves) else "" for name in actions]
        rows.append(f"| {role.label} | " + " | ".join(marks) + " |")
    by_nobody = ["●" if any(m.name == name and not m.roles for m in moves) else "" for name in actions]
    if any(by_nobody):
        rows.append(f"| {SYSTEM} | " + " | ".join(by_nobody) + " |")
    return "\n".join(rows)
