"""Exports from the button on: one on every list, to a file that is checked, at the same cost for ten rows as for a thousand."""

import io
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
from core.jobs import Job, JobState, run_job
from core.timeline import record
from documents.exports import all_exports, start_export, verify
from documents.files import read
from documents.models import StoredFile
from portals.shared.navigation import OFFERS
from project.demo.people import make_cast
from tests.portals.desk_made import claim_at, copies, signed_in
from tests.portals.exports_listed import LISTS, NOT_LISTS, exported, listed_world
from tests.portals.matrix_world import World
from workflows.claims import ClaimLine
from workflows.states import ClaimState

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    return listed_world(settings, tmp_path)


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
