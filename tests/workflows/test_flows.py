"""The road as the flow classes tell it: every move from every state either is allowed or refuses."""

import itertools

import pytest
from viewflow.fsm.base import State, TransitionNotAllowed

from accounts.roles import Role
from workflows.claims import Claim
from workflows.flows import FLOWS, flow_of
from workflows.states import FINAL, WITH_CLAIMANT, ClaimState, Kind, Step
from workflows.steps import CONFIRMED_BY, RULES

S = ClaimState
MOVES = {
    "file": {S.DRAFT: S.FILED},
    "accept": {S.FILED: S.VILLAGE},
    "deem_accepted": {S.FILED: S.VILLAGE},
    "return_for_correction": {s: S.CORRECTION for s in (S.FILED, S.VILLAGE, S.TOWNSHIP, S.BUREAU)},
    "answer_correction": {S.CORRECTION: S.VILLAGE},
    "villages_confirmed": {S.VILLAGE: S.TOWNSHIP},
    "townships_signed": {S.TOWNSHIP: S.BUREAU},
    "pass_bureau": {S.BUREAU: S.SECTION},
    "pass_section": {S.SECTION: S.PUBLICITY},
    "end_publicity": {S.PUBLICITY: S.LEADER},
    "approve": {S.LEADER: S.PAYABLE},
    "send_back": {S.TOWNSHIP: S.VILLAGE, S.BUREAU: S.VILLAGE, S.SECTION: S.VILLAGE, S.LEADER: S.VILLAGE},
    "recall": {S.SECTION: S.BUREAU, S.PUBLICITY: S.SECTION},
    "refuse": {s: S.REFUSED for s in (S.FILED, S.BUREAU, S.SECTION, S.LEADER)},
    "withdraw": {
        s: S.WITHDRAWN
        for s in (
            S.DRAFT,
            S.FILED,
            S.CORRECTION,
            S.VILLAGE,
            S.TOWNSHIP,
            S.BUREAU,
            S.SECTION,
            S.PUBLICITY,
            S.LEADER,
        )
    },
}
NEED_TARGET = {"accept", "deem_accepted", "answer_correction", "send_back"}


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(MOVES, S)))
def test_every_move_from_every_state(verb: str, state: ClaimState) -> None:
    flow = flow_of(Claim(kind=Kind.AGENCY, state=state))
    arguments = [S.VILLAGE] if verb in NEED_TARGET else []
    expected = MOVES[verb].get(state)
    if expected is None:
        with pytest.raises(TransitionNotAllowed):
            getattr(flow, verb)(*arguments)
        assert flow.claim.state == state
    else:
        getattr(flow, verb)(*arguments)
        assert flow.claim.state == expected


def test_the_flow_classes_hold_no_move_that_this_table_lacks() -> None:
    for flow in FLOWS.values():
        assert {method.slug for method in flow.state.get_transitions()} == set(MOVES)


@pytest.mark.parametrize(("bonus", "end"), [(0, S.AWARDED), (100000, S.PAYABLE)])
def test_an_ambassador_ends_in_the_title_or_in_payment(bonus: int, end: ClaimState) -> None:
    flow = flow_of(Claim(kind=Kind.AMBASSADOR, state=S.LEADER))
    flow.approve(bonus)
    assert flow.claim.state == end


def test_a_first_stop_that_is_none_is_refused() -> None:
    flow = flow_of(Claim(kind=Kind.AGENCY, state=S.FILED))
    with pytest.raises(TransitionNotAllowed):
        flow.accept(S.LEADER)
    assert flow.claim.state == S.FILED


@pytest.mark.parametrize("state", [S.TOWNSHIP, S.BUREAU, S.SECTION, S.LEADER])
def test_sending_back_leads_to_every_earlier_station_and_to_no_later_one(state: ClaimState) -> None:
    road = [S.VILLAGE, S.TOWNSHIP, S.BUREAU, S.SECTION, S.PUBLICITY, S.LEADER]
    for to in road:
        flow = flow_of(Claim(kind=Kind.AGENCY, state=state))
        if road.index(to) < road.index(state) and to != S.PUBLICITY:
            flow.send_back(to)
            assert flow.claim.state == to
        else:
            with pytest.raises(TransitionNotAllowed):
                flow.send_back(to)


def test_every_state_has_an_owner_or_is_final() -> None:
    """Somebody owes the next move in each state: the claimant, a step's role, or finance."""
    owned = {rule.state for rule in RULES.values()} | WITH_CLAIMANT | FINAL | {S.PAYABLE}
    assert owned == set(S)


def test_every_step_belongs_to_one_role_and_pairs_are_two_roles() -> None:
    assert set(RULES) == set(Step)
    for first, second in CONFIRMED_BY.items():
        assert RULES[Step(first)].role != RULES[second].role
        assert RULES[Step(first)].duty != RULES[second].duty


def test_every_transition_names_its_roles_and_an_official_label() -> None:
    for flow in FLOWS.values():
        for method, transitions in flow.state.get_transitions().items():
            for transition in transitions:
                assert set(transition.custom["roles"]) <= set(Role), method.slug
                assert any("\u4e00" <= letter <= "\u9fff" for letter in str(transition.label))
                assert transition.source is not State.ANY
