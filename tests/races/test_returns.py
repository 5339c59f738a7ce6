"""Two officers of a village, a town and a section at the same moment: one comes first, the other is told so."""

from datetime import date
from functools import partial

import pytest

from core import clock
from core.timeline import breaks
from project.demo.people import Cast, area_of
from tests.races.together import DONE, at_once
from tests.workflows.returned import NOVEMBER, OURS, october, of
from workflows.returns.reporting import begin_correction, submit
from workflows.returns.rounds import open_round
from workflows.returns.rows import ReturnEntry, SurveyRound, TownReturn
from workflows.returns.towns import merge_and_report, receive

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOWN = "350521104"


def test_two_hand_in_merge_receive_and_correct_at_once(cast: Cast) -> None:
    october(cast)
    at_once([partial(open_round, month=NOVEMBER)] * 3)
    round = SurveyRound.objects.get(month=NOVEMBER)
    found = of(round, OURS)
    clerk, head, town = cast[f"clerk:{OURS}"], cast[f"head:{OURS}"], area_of(TOWN)
    handing = [partial(submit, return_id=found.pk, nil=True, by=by) for by in (clerk, head)]
    assert sorted(at_once(handing)) == [DONE, "return_moved"]
    assert ReturnEntry.objects.filter(village_return=found).count() == 3
    merging = [
        partial(merge_and_report, round_id=round.pk, town_id=town.pk, by=cast[f"{who}:{TOWN}"], opinion="先报")
        for who in ("handler", "lead")
    ]
    assert sorted(at_once(merging)) == [DONE, "nothing_to_merge"]
    made = TownReturn.objects.get(round=round)
    receiving = [partial(receive, town_return_id=made.pk, by=cast[name]) for name in ("bureau", "section")]
    assert sorted(at_once(receiving)) == [DONE, "return_moved"]
    correcting = [partial(begin_correction, return_id=found.pk, by=by) for by in (clerk, head)]
    assert sorted(at_once(correcting)) == [DONE, "return_moved"]
    assert list(breaks()) == [] and clock.today() > date(2025, 11, 1)
