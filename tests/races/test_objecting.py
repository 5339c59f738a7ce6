"""An objection and what it must stop, at the same moment: one comes first, and the other knows of it."""

from functools import partial

import pytest

from core.timeline import breaks
from funds.models import FundSource
from project.demo.people import Cast
from project.demo.walking import walk
from tests.races.drafted import filed, people
from tests.races.together import DONE, at_once
from workflows.claims import ClaimLine
from workflows.deciding import decide
from workflows.hearing import decide_objection, investigate
from workflows.hearings import Objection
from workflows.holds import held_lines
from workflows.objections import Statement, object_online, record_objection
from workflows.publicity import publish
from workflows.reviews import NoticeEntry, Review
from workflows.states import ClaimState, LineStatus, Step, Verb

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SAID = Statement("林素珍", "13805960001", "该人员七月起就没有在企业上班。")


def test_an_objection_and_the_approval_at_once(cast: Cast, fund: FundSource) -> None:
    """Either the approval refuses because it has not seen the objection, or the objection holds what was approved."""
    workers = people(cast, 12, seed=700, homes=["洛阳村"])
    for turn in range(6):
        claim = walk(cast, filed(cast["agency"], workers[2 * turn : 2 * turn + 2]), ClaimState.LEADER)
        review = Review.objects.get(claim=claim, step=Step.LEADER_APPROVAL, outcome="")
        entry = NoticeEntry.objects.get(claim=claim)
        line = ClaimLine.objects.filter(claim=claim).order_by("seq")[0]
        answers = at_once(
            [
                partial(decide, review_id=review.pk, by=cast["leader"], verb=Verb.APPROVE, fund_id=fund.pk),
                partial(record_objection, entry_id=entry.pk, by=cast["bureau"], said=SAID, line_ids=[line.pk]),
            ]
        )
        claim.refresh_from_db()
        line.refresh_from_db()
        assert answers[1] == DONE
        assert answers[0] in {DONE, "objection_open"}
        assert claim.state == (ClaimState.PAYABLE if answers[0] == DONE else ClaimState.LEADER)
        assert (held_lines([claim.pk]), line.status) == ({line.pk}, LineStatus.LIVE)
    assert list(breaks()) == []


def test_one_person_objects_twice_and_two_decide_at_once(cast: Cast, fund: FundSource) -> None:
    claim = walk(cast, filed(cast["agency"], people(cast, 2, seed=800, homes=["洛阳村"])), ClaimState.PUBLICITY)
    entry = publish(claim_ids=[claim.pk], by=cast["bureau"]).entries.get()
    answers = at_once([partial(object_online, entry_id=entry.pk, said=SAID)] * 4)
    assert sorted(answers) == [DONE, *["objection_repeated"] * 3]
    objection = Objection.objects.get()
    investigate(objection_id=objection.pk, by=cast["bureau"], findings="已核实。", proposal="dismissed")
    ending = partial(decide_objection, objection_id=objection.pk, by=cast["section"], opinion="经核实。")
    answers = at_once(
        [partial(ending, uphold=False), partial(ending, uphold=True, reason_code="not_found_at_employer")]
    )
    assert sorted(answers) == [DONE, "objection_over"]
    objection.refresh_from_db()
    gone = ClaimLine.objects.filter(claim=claim, status=LineStatus.ANNULLED).count()
    assert gone == (2 if objection.outcome == Objection.Outcome.UPHELD else 0)
    assert list(breaks()) == []
