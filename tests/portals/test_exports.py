"""Exports and the pages they stand beside: the same rows, the same door, the same masks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from documents.exports import all_exports
from tests.portals.desk_made import signed_in
from tests.portals.exports_listed import LISTS, export_of, exported, leave_to_pay, make_listed_world
from tests.portals.matrix_world import World
from tests.standing import fresh, standing
from workflows.access import visible_lines, visible_to
from workflows.claims import ClaimLine

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def standing_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with standing(django_db_blocker, make_listed_world, files=tmp_path_factory.mktemp("files")) as world:
        yield world


@pytest.fixture
def world(standing_world: World, db: None, settings: Any) -> World:
    settings.JOBS_CARRIER = "database"
    return fresh(standing_world)


def test_each_export_holds_the_rows_of_its_page_in_their_order(world: World) -> None:
    to_pay = {"channel": "private", "fund": leave_to_pay(world).fund_id}
    for kind, (page, ids, place, who) in LISTS.items():
        held, asked = [], to_pay if kind == "payable" else {}
        for name in dict.fromkeys(who):
            answer = signed_in(world.cast[name]).get(reverse(page), asked)
            assert answer.status_code == 200
            shown = list(ids(answer.context))
            assert [row[place] for row in exported(kind, world.cast[name], **asked)] == shown, kind
            held += shown
        assert held or kind in {"publicity_waiting", "locks"}, kind


NARROWED: list[tuple[str, str, dict[str, str]]] = [
    ("claims", "bureau", {"kind": "individual"}),
    ("claims", "bureau", {"kind": "nonsense", "state": "village"}),
    ("claims", "auditor", {"state": "unpaid"}),
    ("claims", "bureau", {"q": "YG-2025"}),
    ("claims", "bureau", {"q": "=cmd没有"}),
    ("my_claims", "agency", {"state": "draft"}),
    ("my_claims", "agency", {"state": "unpaid"}),  # not a filter of the claimant's page
    ("inbox", "clerk:350521104201", {"due": "overdue"}),
    ("inbox", "clerk:350521104201", {"due": "overdue", "risk": "1", "kind": "agency"}),
    ("inbox", "clerk:350521104201", {"kind": "platform"}),
    ("payable", "maker", {"channel": "private"}),
    ("payable", "maker", {"fund": "987654"}),
    ("batches", "maker", {"state": "drafted"}),
    ("batches", "maker", {"state": "sealed"}),
    ("users", "sysadmin", {"q": "洛阳"}),
    ("events", "auditor", {"kind": "claim"}),
    ("events", "auditor", {"kind": "nonsense", "number": "1"}),
]


def test_narrowed_it_holds_the_rows_of_the_narrowed_page(world: World) -> None:
    leave_to_pay(world)
    counts = []
    for kind, who, filters in NARROWED:
        page, ids, place, _who = LISTS[kind]
        answer = signed_in(world.cast[who]).get(reverse(page), filters)
        shown = list(ids(answer.context))
        assert [row[place] for row in exported(kind, world.cast[who], **filters)] == shown, (kind, filters)
        counts.append(len(shown))
    assert sum(count > 0 for count in counts) >= 9 and 0 in counts


def test_the_door_of_the_export_is_the_door_of_the_page(world: World) -> None:
    for name in ("agency", "platform", "person", "hr", "clerk:350521104201", "head:350521104201", "handler:350521104",
                 "lead:350521104", "bureau", "section", "leader", "maker", "checker", "approver", "auditor", "sysadmin",
                 "security"):  # fmt: skip
        by = world.cast[name]
        client = signed_in(by)
        for kind, (page, *_rest) in LISTS.items():
            assert bool(export_of(kind).may(by, {})) == (client.get(reverse(page)).status_code == 200), (name, kind)


@pytest.mark.parametrize(
    ("kind", "page", "whos"),
    [
        ("lines", "desk:claim", ("bureau", "clerk:350521104201", "handler:350521104", "agency", "maker", "sysadmin")),
        ("my_lines", "claimant:claim", ("agency", "agency2", "person", "platform", "bureau", "security")),
    ],
)
def test_the_people_of_a_claim_are_those_of_its_page_and_nobody_elses(
    world: World, kind: str, page: str, whos: tuple[str, ...]
) -> None:
    held = 0
    for who in whos:
        by = world.cast[who]
        for claim in world.claims:
            answer = signed_in(by).get(reverse(page, args=[claim.pk]))
            may = export_of(kind).may(by, {"claim": str(claim.pk)})
            assert bool(may) == (answer.status_code == 200), (who, claim)
            rows = exported(kind, by, claim=claim.pk) if may else []
            if may:
                assert [row[0] for row in rows] == [view.line.seq for view in answer.context["page"].lines]
                seen = (
                    ClaimLine.objects.filter(pk__in=visible_lines(by, claim)).select_related("worker").order_by("seq")
                )
                assert [row[1] for row in rows] == [line.worker.name for line in seen if line.worker]
                assert not {line.worker.id_number for line in seen if line.worker} & {str(c) for r in rows for c in r}
                assert all("*" in row[2] for row in rows)
            held += len(rows)
        assert not export_of(kind).may(by, {"claim": "987654"})
        assert not export_of(kind).may(by, {"claim": "nonsense"})
        assert not export_of(kind).may(by, {})
    assert held


def test_lines_are_narrowed_as_the_page_narrows_them(world: World) -> None:
    claim = world.claims[1]
    for only in ("", "review", "held", "deducted", "nonsense"):
        answer = signed_in(world.cast["bureau"]).get(reverse("desk:claim", args=[claim.pk]), {"only": only})
        shown = [view.line.seq for view in answer.context["page"].lines]
        assert [row[0] for row in exported("lines", world.cast["bureau"], claim=claim.pk, only=only)] == shown


def test_the_transfers_of_a_batch_are_those_of_its_page_with_masked_accounts(world: World) -> None:
    batch = world.batch
    assert batch is not None
    for who in ("maker", "leader"):
        page = signed_in(world.cast[who]).get(reverse("finance:batch", args=[batch.pk])).context["shown"]
        rows = exported("transfers", world.cast[who], batch=batch.pk)
        assert [(row[1], *row[3:9]) for row in rows] == [
            (str(r.claim), r.account.holder, r.account.bank, r.masked, r.heads, r.amount_fen, r.outcome.label)
            for r in page.rows
        ]
        assert rows and all(row.account.number not in json.dumps(rows, default=str) for row in page.rows)
    for who in ("agency", "clerk:350521104201", "sysadmin"):
        assert not export_of("transfers").may(world.cast[who], {"batch": str(batch.pk)})


def test_people_to_be_paid_are_those_of_the_page(world: World) -> None:
    claim = leave_to_pay(world)
    asked = {"fund": claim.fund_id, "channel": "private", "claim": claim.pk}
    for who in ("maker", "auditor"):
        answer = signed_in(world.cast[who]).get(reverse("finance:payable"), asked)
        shown = [line.seq for line in answer.context["page"].paginator.object_list]
        assert [row[0] for row in exported("payable_lines", world.cast[who], **asked)] == shown != []
        assert 'data-export="payable_lines"' in answer.content.decode()


def test_no_export_tells_of_a_claim_its_reader_does_not_see(world: World) -> None:
    told = 0
    for by in world.cast.actors.values():
        if by.role not in {Role.VILLAGE_CLERK, Role.TOWNSHIP_HANDLER, Role.AGENCY_CLERK, Role.FINANCE_MAKER}:
            continue
        hidden = {c.number for c in world.claims if c.number and not visible_to(by).filter(pk=c.pk).exists()}
        for export in all_exports():
            if export.kind.startswith("tests.") or not export.may(by, {}):
                continue
            cells = {str(cell) for row in export.rows(by, {}) for cell in row}
            assert not cells & hidden, (by.label, export.kind)
            told += len(cells)
    assert told
