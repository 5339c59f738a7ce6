"""Geometry of the flow pictures: a rail of stations, light arcs for skips and returns, lanes for what leaves the road.

SVG with classes only; colours, weights and fonts are the style sheet's (static/css/diagram.css). Lengths are user units,
one for a CSS pixel at full size.
"""

from html import escape
from itertools import pairwise

from workflows.moves import OFF_ROAD, ORDER, Move, labels_between, states_of, stations_of
from workflows.states import ClaimState

GAP = 120  # between stations
MARGIN = 62
RAIL = 96  # height of the rail
LANE = 34
Labels = dict[tuple[ClaimState, ClaimState], str]


def wide(moves: list[Move], here: ClaimState | None, name: str, title: str) -> str:
    """The flow for wide pages: the road from left to right."""
    stations = stations_of(moves)
    x = {state: MARGIN + GAP * position for position, state in enumerate(stations)}
    labels = labels_between(moves)
    lanes = [state for state in OFF_ROAD if state in states_of(moves)]
    backs, floor = _backs(labels, x)
    tops = {state: floor + 14 + (LANE + 14) * row for row, state in enumerate(lanes)}
    parts = [*_rail(labels, stations, x), *_skips(labels, stations, x), *backs]
    parts += _connectors(labels, x, tops, lanes)
    parts += [_lane(state, labels, x, tops[state], here) for state in lanes]
    parts += [_station(state, x[state], here, stations) for state in stations]
    width = 2 * MARGIN + GAP * (len(stations) - 1)
    height = floor + 14 + (LANE + 14) * len(lanes)
    return _frame("wide", width, height, name, title, here, parts)


def tall(moves: list[Move], here: ClaimState | None, name: str, title: str) -> str:
    """The flow for phones: the road from top to bottom, what else may happen written under each station."""
    stations, labels = stations_of(moves), labels_between(moves)
    parts, y = [], 26
    if here in OFF_ROAD:
        parts.append('<rect class="lane now" x="6" y="8" width="346" height="36" rx="6"/>')
        parts.append(_text("now", 179, 31, f"当前：{here.label}"))
        y = 78
    for position, state in enumerate(stations):
        after = stations[position + 1] if position + 1 < len(stations) else None
        if after and (state, after) in labels:
            parts.append(f'<path class="rail{_done(state, here, stations)}" d="M22 {y}V{y + 66}"/>')
        parts.append(_mark(state, 22, y, here, stations))
        style, name = ("name now", f"{state.label}（当前）") if state == here else ("name", str(state.label))
        parts.append(_text(style, 44, y + 5, name, "start"))
        onward = labels.get((state, after), "") if after else ""
        others = "、".join(
            dict.fromkeys(said for (a, b), said in labels.items() if a == state and b != after and said != onward)
        )
        lines = [f"下一步：{onward}"] if onward else []
        lines += [f"也可：{others}"] if others else []
        parts += [_text("note", 44, y + 23 + 17 * row, line, "start") for row, line in enumerate(lines)]
        y += 66
    return _frame("tall", 358, y - 22, name, title, here, parts)


def _frame(form: str, width: int, height: int, name: str, title: str, here: ClaimState | None, parts: list[str]) -> str:
    ident = f"road-{name}-{form}"
    where = f"当前：{here.label}。" if here else ""
    return (
        f'<svg class="road road-{form}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d"><title id="{ident}-t">{escape(title)}办理流程</title>'
        f'<desc id="{ident}-d">{escape(where)}圆点为办理环节，虚线为退回、收回、不予支持和撤回。</desc>{"".join(parts)}</svg>'
    )


def _rail(labels: Labels, stations: list[ClaimState], x: dict[ClaimState, int]) -> list[str]:
    """The line between neighbours on the road, with what moves the claim on."""
    parts = []
    for state, after in pairwise(stations):
        if said := labels.get((state, after)):
            parts.append(f'<path class="rail" d="M{x[state]} {RAIL}H{x[after]}"/>')
            parts.append(_text("move", (x[state] + x[after]) // 2, RAIL - 11, said))
    return parts


def _skips(labels: Labels, stations: list[ClaimState], x: dict[ClaimState, int]) -> list[str]:
    """Moves that pass over stations: light arcs above the rail."""
    parts = []
    for (source, target), said in labels.items():
        if source in x and target in x and stations.index(target) > stations.index(source) + 1:
            rise = 22 + 22 * (stations.index(target) - stations.index(source) - 1)
            parts.append(_arc(x[source] + 4, x[target] - 4, RAIL - 12, -rise))
            parts.append(_text("aside", (x[source] + x[target]) // 2 + 20, RAIL - 16 - rise * 3 // 4, said))
    return parts


def _backs(labels: Labels, x: dict[ClaimState, int]) -> tuple[list[str], int]:
    """Moves back along the road: light arcs beneath the names; also how far down they reach."""
    parts, floor = [], RAIL + 46
    for (source, target), said in labels.items():
        if source in x and target in x and x[target] < x[source]:
            fall = 26 + 40 * ((x[source] - x[target]) // GAP - 1)
            parts.append(_arc(x[source] - 8, x[target] + 8, RAIL + 40, fall))
            bottom = RAIL + 40 + fall * 3 // 4
            parts.append(_text("aside", (x[source] + x[target]) // 2, bottom + 13, said))
            floor = max(floor, bottom + 16)
    return parts, floor


def _connectors(
    labels: Labels, x: dict[ClaimState, int], tops: dict[ClaimState, int], lanes: list[ClaimState]
) -> list[str]:
    """Dashed lines from stations down to the lanes, and from lane to lane; an arrow at each end that is a target."""
    parts = []
    for source, target in labels:
        if target not in tops or _from_everywhere(labels, target, x):
            continue
        shift = 13 * (lanes.index(target) - 1)
        top = RAIL + 40 if source in x else tops[source] + LANE
        at = x[source] + shift if source in x else max(x[s] for s, t in labels if t == source and s in x) + 40
        parts.append(f'<path class="exit" d="M{at} {top}V{tops[target]}"/>')
        parts.append(_head(at, tops[target], down=True))
        if (target, source) in labels:
            parts.append(_head(at, top, down=False))
    return parts


def _from_everywhere(labels: Labels, lane: ClaimState, x: dict[ClaimState, int]) -> bool:
    """Whether every station but the last ones leads into the lane: then words serve better than a forest of lines."""
    sources = [state for state in x if (state, lane) in labels]
    return len(sources) > 4 and sources == list(x)[: len(sources)]


def _lane(state: ClaimState, labels: Labels, x: dict[ClaimState, int], top: int, here: ClaimState | None) -> str:
    """A bar under the stations from which the road is left for `state`, saying by what."""
    ends = [x[source] for source, target in labels if target == state and source in x]
    left, right = min(ends) - 40, max(ends) + 54
    into = "、".join(dict.fromkeys(said for (_s, t), said in labels.items() if t == state))
    back = "、".join(dict.fromkeys(said for (s, t), said in labels.items() if s == state and t in x))
    if _from_everywhere(labels, state, x):
        into = f"以上任一环节均可{into}"
    words = str(state.label) if into == state.label else f"{state.label}：{into}"
    words += f"；{back}后回到原环节" if back else ""
    now = " now" if state == here else ""
    words = f"● 当前 {words}" if now else words
    return f'<rect class="lane{now}" x="{left}" y="{top}" width="{right - left}" height="{LANE}" rx="6"/>' + _text(
        "lane-text" + now, (left + right) // 2, top + 22, words
    )


def _station(state: ClaimState, x: int, here: ClaimState | None, stations: list[ClaimState]) -> str:
    flag = ""
    if state == here:
        flag = f'<path class="flag" d="M{x - 24} {RAIL - 44}h48v22h-18l-6 7l-6 -7h-18z"/>' + _text(
            "flag-text", x, RAIL - 28, "当前"
        )
    name = _text("name now" if state == here else f"name{_done(state, here, stations)}", x, RAIL + 31, str(state.label))
    return _mark(state, x, RAIL, here, stations) + name + flag


def _mark(state: ClaimState, x: int, y: int, here: ClaimState | None, stations: list[ClaimState]) -> str:
    """The station's shape: a ring with a core where the claim stands, a tick where it has been, else a plain ring."""
    if state == here:
        return f'<circle class="stop now" cx="{x}" cy="{y}" r="11"/><circle class="core" cx="{x}" cy="{y}" r="5"/>'
    if _done(state, here, stations):
        return f'<circle class="stop done" cx="{x}" cy="{y}" r="9"/><path class="tick" d="M{x - 4} {y}l3 3l5 -6"/>'
    return f'<circle class="stop" cx="{x}" cy="{y}" r="9"/>'


def _done(state: ClaimState, here: ClaimState | None, stations: list[ClaimState]) -> str:
    behind = here in stations and ORDER[state] < ORDER[here] and here is not None
    return " done" if behind else ""


def _arc(start: int, end: int, y: int, depth: int) -> str:
    """A light arc from `start` to `end` that reaches three quarters of `depth`, with an arrow at its end."""
    return f'<path class="arc" d="M{start} {y}C{start} {y + depth} {end} {y + depth} {end} {y}"/>' + _head(
        end, y, down=depth < 0
    )


def _head(x: int, y: int, *, down: bool) -> str:
    tip = -7 if down else 7
    return f'<path class="head" d="M{x} {y}l-4 {tip}h8z"/>'


def _text(style: str, x: int, y: int, words: str, anchor: str = "middle") -> str:
    return f'<text class="{style}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
