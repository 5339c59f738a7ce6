"""The whole road of money, driven at random: each step through a real command, and after each everything must hold.

A step that is not allowed ends in a refusal, with not a row changed; any other exception is a fault. The normal run
takes a sample; ``-m nightly`` takes 20,000 steps and prints how they ended.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.payments.machine import debts, holding_debts, money, road  # noqa: F401 (its rules are taken in)
from tests.payments.machine.holding import RULES, SELDOM, Rule
from tests.payments.machine.holding_money import the_proof_finds_nothing
from tests.payments.machine.town import Town
from tests.payments.machine.world import World, make_world
from tests.standing import fresh, standing

STEPS_A_NIGHT = int(os.environ.get("YINGONG_MACHINE_STEPS", "20000"))
RARE = {
    "approve suspended",
    "clash",
    "set off",
    "reissue",
    "end publicity",
}  # a few thousand commands may refuse them all
STEPS_A_LIFE, EVERY = 200, 50  # steps of one life; how often the rules that read everything are asked
GROUPS: dict[str, dict[Callable[[Town], None], int]] = {
    "on the road": {road.review: 10, road.public: 5, road.file: 2, road.correct: 1, road.take_back: 1},
    "against it": {road.object_to: 3, road.hear: 5, road.approve_rest: 2},
    "in batches": {money.open_one: 2, money.draft: 4, money.onward: 7, money.back: 2},
    "of the bank": {money.answered: 5, money.mark: 3, money.account: 3, money.pay_again: 2},
    "for debts": {debts.open_one: 3, debts.decide: 3, debts.settle: 5, debts.insured: 1},
    "for funds": {money.other_fund: 1},
    "of time": {road.pass_time: 1},
}
OFTEN = [*GROUPS, "on the road", "on the road", "in batches", "in batches", "in batches", "of the bank", "of the bank"]


class Machine(RuleBasedStateMachine):
    """One life of the town, undone at its end."""

    world: World
    ended: Counter[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.all = transaction.atomic()
        self.all._from_testcase = True  # type: ignore[attr-defined]  # durable blocks are allowed inside
        self.all.__enter__()
        self.town, self.steps = Town(fresh(self.world)), 0

    def teardown(self) -> None:
        try:
            if self.steps:
                self.hold(SELDOM)
        finally:
            self.ended.update(self.town.counts)
            transaction.set_rollback(True)
            self.all.__exit__(None, None, None)

    @rule(group=strategies.sampled_from(OFTEN), number=strategies.integers(0, 2**32 - 1))
    def deed(self, group: str, number: int) -> None:
        """A deed of the group, chosen by the number; numbers repeat, so the step counts too."""
        self.steps += 1
        self.town.chance = Random(f"{number} {self.steps}")
        deeds = GROUPS[group]
        with told_if_broken(self.town):
            self.town.chance.choices(list(deeds), weights=list(deeds.values()))[0](self.town)

    @invariant()
    def everything_holds(self) -> None:
        """What must hold after each step that changed something; now and then also what reads everything."""
        if self.steps and self.town.changed:
            self.hold(RULES)
        if self.steps % EVERY == EVERY - 1:
            self.hold([the_proof_finds_nothing])

    def hold(self, rules: list[Rule]) -> None:
        with told_if_broken(self.town):
            for one in rules:
                broken = one(self.town)
                assert not broken, f"{one.__name__}: {one.__doc__}\n" + "\n".join(broken[:5])


@contextmanager
def told_if_broken(town: Town) -> Iterator[None]:
    """What led to a fault is printed with it."""
    try:
        yield
    except BaseException:
        print("\n".join(town.log[-80:]))
        raise


@pytest.fixture(scope="module")
def standing_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with standing(django_db_blocker, make_world, files=tmp_path_factory.mktemp("files")) as world:
        yield world


def lived(world: World, *, lives: int, steps: int, start: int) -> Counter[tuple[str, str]]:
    """So many lives of so many steps; how each attempt ended."""
    Machine.world, Machine.ended = world, Counter()
    quiet = settings(
        max_examples=lives,
        stateful_step_count=steps,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    run_state_machine_as_test(seed(start)(Machine), settings=quiet)
    return Machine.ended


def told(ended: Counter[tuple[str, str]]) -> str:
    """How many attempts were done and refused, by deed."""
    deeds = sorted({deed for deed, _how in ended})
    lines = []
    for deed in deeds:
        codes = {how: many for (name, how), many in ended.items() if name == deed and how != "done"}
        lines.append(f"{deed:28} {ended[deed, 'done']:6} done {sum(codes.values()):6} refused {sorted(codes)}")
    return "\n".join([*lines, f"{sum(ended.values())} commands"])


@pytest.mark.sqlite
@pytest.mark.django_db
def test_a_sample_of_lives(standing_world: World) -> None:
    ended = lived(standing_world, lives=2, steps=60, start=2025)
    done = sum(many for (_deed, how), many in ended.items() if how == "done")
    assert done > 30 and sum(ended.values()) - done > 15, told(ended)


@pytest.mark.nightly
@pytest.mark.sqlite
@pytest.mark.django_db
def test_twenty_thousand_steps(standing_world: World) -> None:
    ended: Counter[tuple[str, str]] = Counter()
    start = int(os.environ.get("YINGONG_MACHINE_SEED", "1"))
    while sum(ended.values()) < STEPS_A_NIGHT:
        ended.update(lived(standing_world, lives=10, steps=STEPS_A_LIFE, start=start))
        start += 1
    print(f"\n{told(ended)}")
    deeds = {deed for deed, _how in ended}
    assert deeds - RARE <= {deed for deed, how in ended if how == "done"}, told(ended)
