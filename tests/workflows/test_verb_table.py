"""The verb table, whole: each cell as the verdicts give it, and the commands answer as the table says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.acting import Actor
from accounts.areas import zone
from accounts.models import Area
from accounts.roles import REVIEWERS, Role
from core import clock
from core.errors import Refusal
from project.demo.people import Cast, make_cast
from tests.portals.desk_made import claim_at
from tests.standing import fresh, standing
from workflows.access import VERBS as SPOKEN
from workflows.attention import DeedVerb
from workflows.consultations import Consultation
from workflows.consulting import consult, delegate, take_back
from workflows.deciding import MOVES, decide
from workflows.handing_on import reassign, resume, suspend
from workflows.noticing import urge
from workflows.reviews import Review
from workflows.states import ReviewOutcome, Step, Verb
from workflows.steps import rule_of
from workflows.verb_table import CONDITIONS, VERBS, YES_CODE, Cell, cells

VILLAGE = "350521104201"
VERDICTS = {
    "review_not_yours", "review_assigned", "verb_not_of_step", "return_by_line", "review_suspended", "review_delegated",
    "opinions_open", "consultation_open", "nothing_asked", "not_suspended", "not_of_acceptance", "not_of_publicity",
    "urge_own", "urge_not_yours", "already_decided",
}  # fmt: skip
COMMANDS: dict[Verb | DeedVerb, Any] = {
    DeedVerb.REASSIGN: lambda pk, by: reassign(review_id=pk, post_id=0, by=by),
    DeedVerb.DELEGATE: lambda pk, by: delegate(review_id=pk, post_id=0, by=by, task="核实"),
    DeedVerb.ASK: lambda pk, by: consult(review_id=pk, post_ids=[], by=by, mode="every", question="如何？"),
    DeedVerb.TAKE_BACK: lambda pk, by: take_back(review_id=pk, by=by),
    DeedVerb.SUSPEND: lambda pk, by: suspend(review_id=pk, by=by, reason="等待"),
    DeedVerb.RESUME: lambda pk, by: resume(review_id=pk, by=by),
    DeedVerb.URGE: lambda pk, by: urge(review_id=pk, by=by),
}


def test_the_table_has_every_cell_and_knows_every_code() -> None:
    found = [cell for step in Step for condition in CONDITIONS for cell in cells(step, condition)]
    assert len({(c.step, c.condition, c.role, c.verb) for c in found}) == 9 * 6 * 17 * 13 == len(found)
    assert {cell.code for cell in found} == VERDICTS | {YES_CODE}


def test_whose_review_it_is_alone_has_verbs_on_it_and_never_urges_himself() -> None:
    for step in Step:
        for condition in CONDITIONS:
            for cell in cells(step, condition):
                if cell.code == YES_CODE and cell.verb == DeedVerb.URGE:
                    assert cell.role in REVIEWERS and (cell.role != rule_of(step).role or condition == "assigned")
                elif cell.code == YES_CODE:
                    assert cell.role == rule_of(step).role and condition not in {"assigned", "decided"}


def test_every_move_is_in_the_table_and_every_verb_of_a_step_has_its_move() -> None:
    assert set(MOVES) == {(step, verb) for step, verbs in SPOKEN.items() for verb in verbs}
    for step in Step:
        own = {c.verb for c in cells(step, "open") if c.role == rule_of(step).role and c.code == YES_CODE}
        by_line = {Verb.RETURN} if step in {Step.VILLAGE_CONFIRM, Step.TOWNSHIP_SIGN} else set()  # said line by line
        assert own & set(Verb) == set(SPOKEN[step]) - by_line


World = tuple[Cast, dict[Step, Review]]


def made() -> World:
    """A claim for each step, whose only open review is of that step."""
    cast, found = make_cast(), {}
    village = Area.objects.get(code=VILLAGE)
    places = {"village": village, "township": village.parent, "zone": zone()}
    for step in Step:
        claim = claim_at(cast, rule_of(step).state, villages=[village])
        review = claim.reviews.get(outcome="")
        Review.objects.filter(pk=review.pk).update(step=step, area=places[rule_of(step).level])
        found[step] = review
    return cast, found


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(django_db_blocker, made, files=tmp_path_factory.mktemp("files")) as both:
        yield both


def actors(cast: Cast, area: Area) -> dict[Role, Actor]:
    """Somebody in each role; village and township officers of the review's own place."""
    by_role: dict[Role, Actor] = {}
    for actor in cast.actors.values():
        if actor.role not in by_role or actor.post.area_id == area.pk:
            by_role[actor.role] = actor
    return by_role


def bring(review: Review, condition: str, cast: Cast) -> None:
    """The stored review into the condition."""
    rows, by = Review.objects.filter(pk=review.pk), cast["bureau"]
    match condition:
        case "suspended":
            rows.update(suspended_at=clock.now())
        case "delegated" | "consulted":
            mode = "delegate" if condition == "delegated" else "every"
            Consultation.objects.create(
                review=review, mode=mode, question="如何？", by=by.user, post=by.post, at=clock.now()
            )
        case "assigned":
            rows.update(assignee=cast["auditor"].user)
        case "decided":
            rows.update(outcome=ReviewOutcome.PASSED, decided_at=clock.now())


def answered(verb: Verb | DeedVerb, review_id: int, by: Actor) -> str:
    """What the command says, undone again; "ok" unless a verdict stood in its way."""
    try:
        with transaction.atomic():
            if isinstance(verb, DeedVerb):
                COMMANDS[verb](review_id, by)
            else:
                decide(review_id=review_id, by=by, verb=verb)
            transaction.set_rollback(True)
    except Refusal as refusal:
        return refusal.code if refusal.code in VERDICTS | {"claim_not_visible"} else YES_CODE
    return YES_CODE


def expected(cell: Cell, said: str) -> str:
    """Who may not see the claim is told that when he urges, whatever else the table says."""
    return said if cell.verb == DeedVerb.URGE and said == "claim_not_visible" else cell.code


@pytest.mark.django_db
@pytest.mark.parametrize("step", Step)
def test_the_commands_answer_as_the_table_says(world: World, db: None, step: Step) -> None:
    cast, reviews = fresh(world)
    review = Review.objects.select_related("area").get(pk=reviews[step].pk)
    people, own, differing = actors(cast, review.area), rule_of(step).role, []
    for condition in CONDITIONS:
        with transaction.atomic():
            bring(review, condition, cast)
            for cell in cells(step, condition):
                if cell.role != own and condition != "open":
                    continue  # the condition is never reached: a stranger is refused before it
                said = answered(cell.verb, review.pk, people[cell.role])
                if said != expected(cell, said):
                    differing.append((condition, cell.role.value, cell.verb.value, cell.code, said))
            transaction.set_rollback(True)
    assert differing == []
    assert {verb for verb in VERBS if isinstance(verb, DeedVerb)} == set(COMMANDS)
