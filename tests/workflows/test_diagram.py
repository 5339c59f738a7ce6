"""The drawn roads: everything in them comes from the transitions, and nothing of it is missing."""

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from accounts.roles import Role
from workflows import diagram
from workflows.flows import FLOWS
from workflows.moves import OFF_ROAD, moves_of, stations_of
from workflows.states import ClaimState, Kind

SVG = "{http://www.w3.org/2000/svg}"


def drawings(kind: Kind, current: str | None = None) -> list[ET.Element]:
    return list(ET.fromstring(diagram.svg(FLOWS[kind], current)))


def words_of(drawing: ET.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter("text")]


@pytest.mark.parametrize("kind", Kind)
def test_every_station_and_every_move_is_drawn(kind: Kind) -> None:
    moves = moves_of(FLOWS[kind])
    wide, _tall = drawings(kind)
    said = "\n".join(words_of(wide))
    for station in stations_of(moves):
        assert words_of(wide).count(str(station.label)) == 1
    for move in moves:
        assert move.label in said
    for state in OFF_ROAD:
        assert str(state.label) in said
    assert len(wide.findall("circle")) == len(stations_of(moves))


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", ClaimState)
def test_the_current_state_is_marked_by_words_in_both_drawings(kind: Kind, state: ClaimState) -> None:
    reachable = state in {end for move in moves_of(FLOWS[kind]) for end in (move.source, move.target)}
    for drawing in drawings(kind, state):
        marks = sum("当前" in words for words in words_of(drawing))
        assert marks == (1 if reachable else 0)
        assert drawing.find("desc").text.startswith(f"当前：{state.label}")  # type: ignore[union-attr]


def test_a_drawing_marks_nothing_without_a_claim() -> None:
    for drawing in drawings(Kind.AGENCY):
        assert not any("当前" in words for words in words_of(drawing))


def test_stations_passed_are_ticked() -> None:
    wide, tall = drawings(Kind.AGENCY, ClaimState.BUREAU)
    for drawing in (wide, tall):
        assert sum(path.get("class") == "tick" for path in drawing.iter("path")) == 4  # draft, filed, village, township


@pytest.mark.parametrize("kind", Kind)
def test_a_strict_content_policy_holds(kind: Kind) -> None:
    for element in ET.fromstring(diagram.svg(FLOWS[kind], ClaimState.FILED)).iter():
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        assert element.tag not in {"script", "style", "image", "use", "foreignObject"}


@pytest.mark.parametrize("kind", Kind)
def test_identifiers_are_unique_and_referenced(kind: Kind) -> None:
    root = ET.fromstring(diagram.svg(FLOWS[kind]))
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert set(ids.values()) == {1}
    for drawing in root:
        assert all(name in ids for name in drawing.get("aria-labelledby", "missing").split())


def test_only_the_ambassadors_road_ends_in_the_title() -> None:
    with_title = {kind for kind in Kind if ClaimState.AWARDED in stations_of(moves_of(FLOWS[kind]))}
    assert with_title == {Kind.AMBASSADOR}


@pytest.mark.parametrize("kind", Kind)
def test_the_document_has_a_row_for_each_move_and_a_mark_for_each_role(kind: Kind) -> None:
    text = diagram.markdown(FLOWS[kind])
    moves = moves_of(FLOWS[kind])
    for move in moves:
        who = "、".join(str(role.label) for role in move.roles) or "系统"
        assert f"| {move.source.label} | {move.label} `{move.name}` | {move.target.label} | {who} |" in text
        assert f"    {move.source.value} --> {move.target.value} : " in text
    allowed = {(role, move.name) for move in moves for role in move.roles}
    nobody = {move.name for move in moves if not move.roles}
    assert text.count("●") == len(allowed) + len(nobody)
    assert f"| {Role.AUDITOR.label} |" not in text
