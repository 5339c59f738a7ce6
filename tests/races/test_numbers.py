"""Running numbers under many takers, some of whom give up: no gap, no number twice."""

from functools import partial
from random import Random

import pytest
from django.db import transaction

from core.errors import Refusal
from core.numbering import take
from tests.races.together import DONE, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS, TURNS = 8, 25


def test_numbers_have_no_gap_when_takers_roll_back() -> None:
    kept: list[int] = []

    def take_or_give_up(random: Random) -> None:
        with transaction.atomic():
            number = take("race:2025")
            if random.random() < 0.3:
                raise Refusal("gave_up", "取号之后改变了主意。")
        kept.append(number)

    answers = at_once([partial(take_or_give_up, Random(seed)) for seed in range(THREADS)], times=TURNS)
    assert len(answers) == THREADS * TURNS
    assert 0 < answers.count("gave_up") < len(answers)
    assert sorted(kept) == list(range(1, answers.count(DONE) + 1))
