"""Who sees what: the list and the page ask one rule; every actor of the cast against claims of every kind and state."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.roles import CLAIMANTS, FINANCE, VILLAGE, Role
from core.errors import NotAllowed
from project.demo.filing import draft, filed
from project.demo.people import Cast, make_cast
from project.demo.walking import walk
from project.demo.zone import fund_and_scheme
from tests.standing import fresh, standing
from tests.workflows.made import at
from workflows.access import can_view, visible_lines, visible_to
from workflows.claim_page import claim_page
from workflows.claims import Claim
from workflows.queries import inbox
from workflows.states import ClaimState

World = tuple[Cast, dict[str, Claim]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with standing(django_db_blocker, made, files=tmp_path_factory.mktemp("files")) as both:
        yield both


@pytest.fixture
def ours(world: World, db: None) -> World:
    return fresh(world)


@pytest.fixture
def cast(ours: World) -> Cast:
    return ours[0]


@pytest.fixture
def claims(ours: World) -> dict[str, Claim]:
    return ours[1]


def made() -> World:
    """The cast, and a claim of each sort."""
    cast = make_cast()
    fund = fund_and_scheme(cast)[0]
    return cast, {
        "draft": draft(cast, "agency", 1, seed=1),
        "filed": filed(cast, "agency", 2, seed=10),
        "village": at(
            cast, filed(cast, "agency", 6, seed=20, homes=["洛阳村", "杏田村", "张坂村"]), ClaimState.VILLAGE
        ),
        "other": filed(cast, "agency", 2, seed=40, by=cast["agency2"]),
        "payable": walk(cast, filed(cast, "individual", 2, seed=60), ClaimState.PAYABLE, fund=fund),
        "platform": filed(cast, "platform", 10, seed=80),
    }


def test_list_and_page_agree_for_every_actor_and_claim(cast: Cast, claims: dict[str, Claim]) -> None:
    for name, actor in list(cast.actors.items())[:60] + [(k, v) for k, v in cast.actors.items() if ":" not in k]:
        seen = set(visible_to(actor).values_list("pk", flat=True))
        for key, claim in claims.items():
            assert (claim.pk in seen) == can_view(actor, claim).allowed, (name, key)


EXPECTED = {
    "agency": {"draft", "filed", "village"},
    "agency2": {"other"},
    "person": {"payable"},
    "person2": set(),
    "platform": {"platform"},
    "clerk:350521104201": {"village"},
    "clerk:350521200201": set(),
    "handler:350521106": {"payable", "village"},
    "bureau": {"filed", "village", "other", "payable", "platform"},
    "maker": {"payable"},
    "auditor": {"filed", "village", "other", "payable", "platform"},
    "sysadmin": set(),
    "security": set(),
}


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "handler:350521106"])
def test_each_audience_sees_its_own(cast: Cast, claims: dict[str, Claim], name: str) -> None:
    seen = set(visible_to(cast[name]).values_list("pk", flat=True))
    mine = {key for key, claim in claims.items() if claim.pk in seen}
    if cast[name].role in VILLAGE:
        mine -= {"payable"}  # whether the payable claim passed this village depends on its workers' homes
    assert mine == EXPECTED[name]


def test_a_village_sees_only_its_own_people(cast: Cast, claims: dict[str, Claim]) -> None:
    clerk = cast["clerk:350521104201"]
    lines = visible_lines(clerk, claims["village"])
    assert lines.count() == 2 and {line.verify_area_id for line in lines} == {clerk.post.area_id}
    page = claim_page(claim_id=claims["village"].pk, by=clerk)
    assert page.totals.claimed == 2
    hidden = claims["village"].lines.exclude(verify_area=clerk.post.area).select_related("worker")
    names = {view.name for view in page.lines.object_list}
    assert not names & ({line.worker.name for line in hidden} - {line.worker.name for line in lines})


def test_a_foreign_and_a_missing_claim_answer_alike(cast: Cast, claims: dict[str, Claim]) -> None:
    said = []
    for pk in (claims["filed"].pk, 10**9):
        with pytest.raises(NotAllowed) as caught:
            claim_page(claim_id=pk, by=cast["agency2"])
        said.append((caught.value.code, caught.value.message))
    assert said[0] == said[1]


def test_an_inbox_holds_only_what_the_post_may_decide(cast: Cast, claims: dict[str, Claim]) -> None:
    assert {r.claim_id for r in inbox(cast["bureau"])} == {claims[k].pk for k in ("filed", "other", "platform")}
    assert {r.claim_id for r in inbox(cast["clerk:350521104201"])} == {claims["village"].pk}
    for name in ("agency", "auditor", "maker", "sysadmin", "head:350521104201"):
        assert not inbox(cast[name]).exists(), name


def test_auditors_read_all_and_change_nothing(cast: Cast, claims: dict[str, Claim]) -> None:
    page = claim_page(claim_id=claims["village"].pk, by=cast["auditor"])
    assert page.actions == [] and page.my_review is None and not page.can_edit and not page.can_withdraw


def test_every_role_falls_in_one_audience(cast: Cast) -> None:
    assert not CLAIMANTS & FINANCE
    assert set(Role) == {actor.role for actor in cast.actors.values()}
