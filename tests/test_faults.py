"""A fault at every single statement of a command: whatever breaks, nothing of the command stays behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import OperationalError, connection, transaction

from funds.models import FundSource
from project.demo.filing import draft, filed
from project.demo.people import Cast, make_cast
from project.demo.walking import open_of, say_yes, walk
from project.demo.zone import fund_and_scheme
from workflows.claims import Claim
from workflows.filing import file_claim, withdraw
from workflows.publicity import publish
from workflows.reviews import Notice
from workflows.states import ClaimState, Step

pytestmark = pytest.mark.django_db
Command = Callable[[], object]
OURS = ("core", "policy", "registry", "documents", "funds", "workflows", "payments")
CLEARING_UP = ("ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT")


class Broken(OperationalError):
    """The fault we make: what the driver says when the server or the disk gives up."""


class Undo(Exception):
    """Ends an attempt that went through, without keeping what it did."""


class Statements:
    """Counts the statements that pass and breaks at the n-th (from 1); what is run after that is kept in `after`."""

    def __init__(self, breaks_at: int | None = None) -> None:
        self.breaks_at = breaks_at
        self.passed = 0
        self.after: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.passed += 1
        if self.passed == self.breaks_at:
            raise Broken(f"at statement {self.passed}")
        if self.breaks_at and self.passed > self.breaks_at:
            self.after.append(sql)
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def statements_of(command: Command) -> int:
    """How many statements the command runs when nothing breaks; what it does is undone."""
    counting = Statements()
    with undone(), connection.execute_wrapper(counting):
        command()
    return counting.passed


def everything() -> list[str]:
    """Each row of each table of the project, as text."""
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return [
        line
        for model in models
        for line in serializers.serialize("jsonl", model.objects.order_by("pk").all()).splitlines()
    ]


def break_everywhere(command: Command) -> int:
    """Break the command at each of its statements in turn; nothing may have changed. How many there were."""
    total = statements_of(command)
    before = everything()
    for n in range(1, total + 1):
        breaking = Statements(breaks_at=n)
        with pytest.raises(Broken), connection.execute_wrapper(breaking):
            command()
        going_on = [sql for sql in breaking.after if not sql.startswith(CLEARING_UP)]
        assert not going_on, "the command went on after the fault"
        assert everything() == before, f"something stayed behind after a fault at statement {n} of {total}"
    return total


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def fund(cast: Cast) -> FundSource:
    return fund_and_scheme(cast)[0]


def state_of(claim: Claim) -> str:
    return Claim.objects.values_list("state", flat=True).get(pk=claim.pk)


def test_filing(cast: Cast, fund: FundSource) -> None:
    claim = draft(cast, "agency", 3, seed=800)

    def command() -> Claim:
        return file_claim(claim_id=claim.pk, by=cast["agency"])

    assert break_everywhere(command) > 10
    assert command().number == "YG-2025-104-000001", "a fault cost a number"


def test_the_last_village_confirms(cast: Cast, fund: FundSource) -> None:
    claim = walk(cast, filed(cast, "agency", 3, seed=810, homes=["洛阳村", "杏田村"]), ClaimState.VILLAGE)
    while len(reviews := open_of(claim)) > 1 or reviews[0].step == Step.VILLAGE_RECORD:
        say_yes(cast, reviews[0])

    def command() -> Claim:
        return say_yes(cast, reviews[0])

    assert break_everywhere(command) > 10
    command()
    assert state_of(claim) == ClaimState.TOWNSHIP


def test_the_leader_approves(cast: Cast, fund: FundSource) -> None:
    claim = walk(cast, filed(cast, "agency", 3, seed=820), ClaimState.LEADER)
    (review,) = open_of(claim)

    def command() -> Claim:
        return say_yes(cast, review, fund=fund)

    assert break_everywhere(command) > 10
    command()
    assert state_of(claim) == ClaimState.PAYABLE
    assert FundSource.objects.get(pk=fund.pk).reserved_fen == 300_000, "a fault left money promised"


def test_publishing(cast: Cast, fund: FundSource) -> None:
    claims = [walk(cast, filed(cast, "agency", 3, seed=seed), ClaimState.PUBLICITY) for seed in (830, 840)]

    def command() -> Notice:
        return publish(claim_ids=[claim.pk for claim in claims], by=cast["bureau"])

    assert break_everywhere(command) > 10
    assert command().number == "GS-2025-01", "a fault cost a number"


def test_withdrawing(cast: Cast, fund: FundSource) -> None:
    claim = walk(cast, filed(cast, "agency", 3, seed=850), ClaimState.TOWNSHIP)

    def command() -> Claim:
        return withdraw(claim_id=claim.pk, by=cast["agency"], reason="另行申报")

    assert break_everywhere(command) > 5
    command()
    assert state_of(claim) == ClaimState.WITHDRAWN
