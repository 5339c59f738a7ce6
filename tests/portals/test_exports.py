"""Exports and the pages they stand beside: the same rows, the same door, the same masks, and a button on every list."""

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axes.models import AccessLog
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import Actor
from accounts.models import User
from accounts.roles import Role
from core.jobs import Job, JobState, run_job
from core.timeline import record
from documents.exports import Export, all_exports, start_export, verify
from documents.files import read
from documents.models import StoredFile
from payments.batches import cancel_batch
from portals.shared.navigation import OFFERS
from project.demo.people import make_cast
from tests.portals.desk_made import claim_at, copies, signed_in
from tests.portals.matrix_world import World, make_world
from workflows.access import visible_lines, visible_to
from workflows.claims import Claim, ClaimLine
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db
Ids = Callable[[dict[str, Any]], Iterable[object]]


def of_page(context: Any) -> list[str]:
    return [str(row) for row in context["page"].paginator.object_list]


def of_reviews(page: Any) -> list[str]:
    return [str(review.claim) for review in page.paginator.object_list]


# kind: page, what its rows are called in order, place of that in an exported row, who looks.
LISTS: dict[str, tuple[str, Ids, int, tuple[str, str]]] = {
    "claims": ("desk:claims", of_page, 0, ("bureau", "clerk:350521104201")),
    "inbox": ("desk:inbox", lambda c: of_reviews(c["tray"].page), 0, ("clerk:350521104201", "bureau")),
    "done": ("desk:done", lambda c: of_reviews(c["page"]), 0, ("bureau", "section")),
    "publicity_waiting": (
        "desk:publicity", lambda c: [str(claim) for claim in c["waiting"].paginator.object_list], 0, ("bureau", "leader"),
    ),
    "notices": (
        "desk:publicity", lambda c: [n.number for n in c["notices"].paginator.object_list], 0, ("bureau", "auditor"),
    ),
    "my_claims": ("claimant:list", of_page, 0, ("agency", "agency2")),
    "payable": ("finance:payable", of_page, 0, ("maker", "auditor")),
    "batches": ("finance:batches", of_page, 0, ("checker", "leader")),
    "users": (
        "administration:users", lambda c: [user.username for user in c["page"].paginator.object_list], 0,
        ("sysadmin", "sysadmin"),
    ),
    "events": (
        "administration:events", lambda c: [event.hash[:12] for event in c["log"].page.paginator.object_list], 6,
        ("auditor", "security"),
    ),
    "sign_ins": (
        "administration:sign_ins", lambda c: [entry.username for entry in c["page"].paginator.object_list], 0,
        ("security", "security"),
    ),
    "locks": (
        "administration:locks", lambda c: [lock["username"] for lock in c["page"].paginator.object_list], 0,
        ("security", "security"),
    ),
}  # fmt: skip
NOT_LISTS = {
    "claimant:new": "a choice of kinds",
    "administration:policies": "versions, each a file of its own",
    "administration:calendar": "a calendar, loaded from a file",
    "administration:jobs": "the state of work, gone after a while",
    "administration:integrity": "findings, told as JSON by check_integrity",
}


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT, settings.JOBS_CARRIER = tmp_path, "database"
    AccessLog.objects.create(username="laobao", ip_address="127.0.0.1", path_info="/login/")
    return make_world()


def export_of(kind: str) -> Export:
    return next(export for export in all_exports() if export.kind == kind)


def exported(kind: str, by: Actor, /, **filters: object) -> list[tuple[Any, ...]]:
    return list(export_of(kind).rows(by, {name: str(value) for name, value in filters.items()}))  # type: ignore[arg-type]


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
        assert [row[:6] for row in rows] == [
            (str(r.claim), r.account.holder, r.account.bank, r.masked, r.heads, r.amount_fen) for r in page.rows
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


def leave_to_pay(world: World) -> Claim:
    """The approved claim, out of its batch again."""
    assert world.batch is not None
    cancel_batch(batch_id=world.batch.pk, by=world.cast["maker"], reason="重新编制")
    return world.claims[3]


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


def buttons(by: Actor, page: str, *args: object) -> set[str]:
    answer = signed_in(by).get(reverse(page, args=args))
    assert answer.status_code == 200, (by.label, page)
    return {part.partition('"')[0] for part in answer.content.decode().split('data-export="')[1:]}


def test_every_list_that_anybody_is_offered_has_its_button(world: World) -> None:
    actors = {by.role: by for by in reversed(world.cast.actors.values())}
    offered = {item[1] for items in OFFERS.values() for item in items}
    for role, items in OFFERS.items():
        for _label, page, _icon in items:
            kinds = {kind for kind, entry in LISTS.items() if entry[0] == page}
            assert kinds or page in NOT_LISTS, f"{page}: no export, and not named as no list"
            assert buttons(actors[role], page) == kinds, (role, page)
    assert offered >= set(NOT_LISTS), "a page that is named as no list is gone"
    assert buttons(world.cast["security"], "administration:sign_ins") == {"sign_ins"}
    assert buttons(world.cast["bureau"], "desk:claim", world.claims[1].pk) == {"lines"}
    for claim in world.claims[:2]:
        assert buttons(world.cast["agency"], "claimant:claim", claim.pk) == {"my_lines"}
    assert buttons(world.cast["maker"], "finance:batch", world.batch.pk) == {"transfers"}  # type: ignore[union-attr]


def test_the_button_carries_the_filters_to_a_file_that_can_be_downloaded_and_checked(world: World) -> None:
    client = signed_in(world.cast["bureau"])
    page = client.get(reverse("desk:claims"), {"kind": "agency", "state": "village", "page": "1"}).content.decode()
    form = page.split('data-export="claims"')[1].split("</form>")[0]
    sent = {part.split('"')[0]: part.split('value="')[1].split('"')[0] for part in form.split('name="')[1:]}
    assert (sent["kind"], sent["state"], sent["export"]) == ("agency", "village", "claims")
    answer = client.post(reverse("shared:export"), sent)
    job = Job.objects.get(kind="exports.write")
    assert answer["Location"] == reverse("shared:job", args=[job.pk])
    assert job.arguments == {"kind": "claims", "filters": {"kind": "agency", "state": "village"}}
    assert run_job(job.pk, beating=False) == JobState.DONE
    data = client.get(reverse("shared:job_file", args=[job.pk])).content
    assert verify(data)
    book = openpyxl.load_workbook(io.BytesIO(data))
    numbers = [row[0] for row in book["申报清单"].iter_rows(min_row=2, values_only=True)]
    assert numbers == [world.claims[2].number, world.claims[1].number]
    said = dict(book["说明"].iter_rows(min_row=2, values_only=True))
    assert said["筛选条件"] == "类别：机构引进；状态：村（社区）核实"
    assert f"共{len(numbers)}行" in client.get(reverse("shared:job", args=[job.pk])).content.decode()
    assert signed_in(world.cast["auditor"]).get(reverse("shared:job_file", args=[job.pk])).status_code == 403


REFUSED: list[tuple[str, dict[str, str], int, str]] = [
    ("bureau", {"export": "nonsense"}, 422, "export_unknown"),
    ("bureau", {}, 422, "export_unknown"),
    ("bureau", {"export": "users"}, 403, "not_your_role"),
    ("agency", {"export": "claims"}, 403, "desk_only"),
    ("agency", {"export": "my_lines", "claim": "987654"}, 403, "claim_not_visible"),
    ("bureau", {"export": "claims", "q": "350521199001010010"}, 422, "job_argument_personal"),
]


def test_what_is_refused_says_why(world: World) -> None:
    for who, sent, status, code in REFUSED:
        answer = signed_in(world.cast[who]).post(reverse("shared:export"), sent)
        assert (answer.status_code, f'data-refusal="{code}"' in answer.content.decode()) == (status, True), sent
    assert not Job.objects.filter(kind="exports.write").exists()


def test_every_registered_list_is_written_whole_and_verifies(world: World) -> None:
    given = {"claim": str(world.claims[1].pk), "batch": str(world.batch.pk)}  # type: ignore[union-attr]
    for export in all_exports():
        if export.kind.startswith("tests."):
            continue
        by = next(actor for actor in world.cast.actors.values() if export.may(actor, given))
        job = start_export(kind=export.kind, filters=given, by=by)
        assert run_job(job.pk, beating=False) == JobState.DONE, export.kind
        job.refresh_from_db()
        data = read(StoredFile.objects.get(pk=job.result["file"]))
        assert verify(data), export.kind
        notes = openpyxl.load_workbook(io.BytesIO(data))["说明"].iter_rows(min_row=2, values_only=True)
        assert dict(notes)["无法写入的单元格"] == "0", export.kind


def queries_of(kind: str, by: Actor, /, **filters: object) -> tuple[int, int]:
    """How many rows, and how many statements for them."""
    with CaptureQueriesContext(connection) as asked:
        rows = exported(kind, by, **filters)
    return len(rows), len(asked)


def test_ten_rows_cost_the_queries_of_a_thousand(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    village = cast["clerk:350521104201"]
    claim = claim_at(cast, ClaimState.VILLAGE, villages=[village.area], heads=10)  # type: ignore[list-item]
    lists = [
        ("claims", cast["bureau"], {}),
        ("my_claims", cast["agency"], {}),
        ("inbox", village, {}),
        ("lines", cast["bureau"], {"claim": claim.pk}),
        ("my_lines", cast["agency"], {"claim": claim.pk}),
        ("users", cast["sysadmin"], {"q": "人员"}),
        ("events", cast["auditor"], {}),
        ("sign_ins", cast["security"], {}),
    ]
    costs = []
    for more in (9, 990):
        copies(claim, more)
        first = claim.lines.first()
        seq = claim.lines.count()
        if more > 9:
            same = {f.attname: getattr(first, f.attname) for f in ClaimLine._meta.concrete_fields if not f.primary_key}
            ClaimLine.objects.bulk_create(
                ClaimLine(**same | {"seq": seq + n, "person_index": f"x{n}"}) for n in range(1, more + 1)
            )
        User.objects.bulk_create(User(username=f"u{more}-{n}", full_name="人员", password="!") for n in range(more))
        AccessLog.objects.bulk_create(AccessLog(username=f"u{n}", path_info="/") for n in range(more))
        for n in range(more):
            record(f"user:{more}{n}", "start", by=cast["sysadmin"], data={"area": 1})
        costs.append([queries_of(kind, by, **filters) for kind, by, filters in lists])
    few, many = costs
    assert all(rows >= 9 for rows, _cost in few) and all(rows >= 999 for rows, _cost in many)
    assert [cost for _rows, cost in few] == [cost for _rows, cost in many]
