"""Exports: typed text, facts and hash in the last sheet, exactly one file, and only for whoever may have the list now."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accounts.acting import Actor
from accounts.models import Post
from accounts.roles import Role
from core import clock
from core.errors import NotAllowed, Refusal
from core.jobs import Job, JobState, cancel, run_job
from core.models import Event
from core.timeline import SYSTEM
from core.verdict import YES, no
from documents import exports
from documents.exports import Export, columns, register, start_export, verify
from documents.files import read
from documents.models import StoredFile
from tests.payments.made import officer, posted

pytestmark = pytest.mark.django_db
HOSTILE = ["=cmd|'/C calc'!A0", "+1", "-2", "@SUM(A1)", "007", "350521199001010010", "_x000D_", " 𬱖\r\n<&>", "a\x01b"]
COLUMNS = columns(
    ("名称", "text", 20), ("数", "integer", 8), ("元", "yuan", 10), ("日", "date", 12), ("时", "moment", 20)
)
AT = exports.local(clock.now().replace(hour=1, minute=2, second=3, microsecond=999_999))


class Toy:
    """What the toy list holds and whom it lets in; a test changes it."""

    rows: list[tuple[object, ...]] = []
    allowed: bool = True
    midway: Callable[[], object] = staticmethod(lambda: None)


def rows(_by: Actor, filters: exports.Filters) -> Iterator[tuple[object, ...]]:
    for place, row in enumerate(Toy.rows):
        if place == 1:
            Toy.midway()
        if filters.get("q", "") in str(row[0]):
            yield row


register(
    Export(
        kind="tests.toy",
        title="试验清单",
        columns=COLUMNS,
        rows=rows,
        may=lambda _by, _filters: YES if Toy.allowed else no("toy_closed", "不能导出。"),
        describe=lambda filters: f"查找：{filters['q']}" if filters.get("q") else "",
        filters=("q",),
    )
)


@pytest.fixture(autouse=True)
def toy(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT, settings.JOBS_CARRIER = tmp_path, "database"
    monkeypatch.setattr(Toy, "rows", [(name, n, n * 101, date(2025, 1, 2), AT) for n, name in enumerate(HOSTILE)])
    monkeypatch.setattr(Toy, "allowed", True)
    monkeypatch.setattr(Toy, "midway", staticmethod(lambda: None))


@pytest.fixture
def by() -> Actor:
    return officer(Role.BUREAU_HANDLER, "黄美雄")


def done(job: Job) -> Job:
    run_job(job.pk, beating=False)
    job.refresh_from_db()
    return job


def made(by: Actor, **filters: str) -> bytes:
    job = done(start_export(kind="tests.toy", filters=filters, by=by))
    assert (job.state, job.error_code) == (JobState.DONE, "")
    return read(StoredFile.objects.get(pk=job.result["file"]))


def sheets(data: bytes) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """The rows below the header, and what 说明 says."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["试验清单", "说明"]
    rows = list(book["试验清单"].iter_rows(min_row=2, values_only=True))
    return rows, dict(book["说明"].iter_rows(min_row=2, values_only=True))


def changed(data: bytes, sheet: str, cell: str, value: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hostile_texts_stay_text_and_an_odd_cell_is_named_and_counted(by: Actor) -> None:
    data = made(by)
    found, said = sheets(data)
    whole = [name for name in HOSTILE if "\x01" not in name and "\r" not in name and "_x" not in name]
    assert [row[0] for row in found[:6]] == whole
    assert found[-1][0] == "（无法写入的内容）"
    assert said["无法写入的单元格"] == "1"
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {cell.data_type for cell in book["试验清单"]["A"]} <= {"s", "inlineStr"}
    assert [row[2] for row in found[:3]] == [0, 1.01, 2.02]


def test_the_last_sheet_says_who_when_what_and_how_many(by: Actor) -> None:
    data = made(by, q="7")
    found, said = sheets(data)
    assert [row[0] for row in found] == ["007"]
    assert said["清单"] == "试验清单"
    assert said["筛选条件"] == "查找：7"
    assert said["导出人"] == by.label and "黄美雄" in by.label and str(by.post) in by.label
    assert said["导出时间"].startswith("2025-11-24 ") and said["导出时间"].endswith("（北京时间）")
    assert said["行数"] == "1"
    assert len(said["内容SHA-256"]) == 64
    assert "SHA-256" in said["核对方法"]
    event = Event.objects.get(verb="export")
    assert event.data == {"kind": "tests.toy", "count": 1, "sha256": said["内容SHA-256"]}
    assert event.by_id == by.user_id


def test_verify_knows_a_changed_cell_a_lost_row_and_a_changed_title(by: Actor) -> None:
    data = made(by)
    assert verify(data)
    assert verify(changed(data, "试验清单", "H1", None))  # saved by another program, nothing changed
    for cell, value in (("A2", "=cmd"), ("B3", 9), ("C3", 1.02), ("D2", date(2025, 1, 3)), ("A1", "名"), ("A11", "多")):
        assert not verify(changed(data, "试验清单", cell, value)), cell
    assert not verify(changed(data, "说明", "B6", "8"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["试验清单"].delete_rows(4)
    out = io.BytesIO()
    book.save(out)
    assert not verify(out.getvalue())
    assert not verify(b"nonsense")
    assert not verify(b"")


def test_an_empty_list_is_a_whole_file_too(by: Actor) -> None:
    data = made(by, q="没有")
    assert sheets(data)[1]["行数"] == "0"
    assert verify(data)


def test_cancelled_on_the_way_it_makes_no_file(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = start_export(kind="tests.toy", filters={}, by=by)
    monkeypatch.setattr(Toy, "midway", staticmethod(lambda: cancel(job_id=job.pk, by=SYSTEM)))
    assert done(job).state == JobState.CANCELLED
    assert job.result == {}
    assert not StoredFile.objects.exists()
    assert not Event.objects.filter(verb="export").exists()


def test_a_post_that_lapsed_meanwhile_gets_nothing_whatever_other_post_he_holds(by: Actor) -> None:
    posted(by.user, Role.AUDITOR)
    job = start_export(kind="tests.toy", filters={}, by=by)
    Post.objects.filter(pk=by.post_id).update(valid_to=clock.today() - timedelta(days=1))
    done(job)
    assert (job.state, job.error_code, job.error_message) == (JobState.FAILED, "export_post_lapsed", exports.LAPSED)
    assert not StoredFile.objects.exists()


def test_a_closed_account_gets_nothing(by: Actor) -> None:
    job = start_export(kind="tests.toy", filters={}, by=by)
    by.user.is_active = False
    by.user.save()
    assert done(job).error_code == "export_post_lapsed"


def test_the_door_is_asked_when_he_asks_and_again_by_the_worker(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = start_export(kind="tests.toy", filters={}, by=by)
    monkeypatch.setattr(Toy, "allowed", False)
    assert (done(job).error_code, job.error_message) == ("toy_closed", exports.NO_LONGER)
    with pytest.raises(NotAllowed):
        start_export(kind="tests.toy", filters={}, by=by)


def test_unknown_lists_and_personal_numbers_are_refused(by: Actor) -> None:
    with pytest.raises(Refusal, match="没有这一清单") as refused:
        start_export(kind="nonsense", filters={}, by=by)
    assert refused.value.code == "export_unknown"
    with pytest.raises(Refusal) as refused:
        start_export(kind="tests.toy", filters={"q": "350521199001010010"}, by=by)
    assert refused.value.code == "job_argument_personal"
    assert not Job.objects.exists()


def test_a_double_click_makes_one_and_strange_parameters_are_dropped(by: Actor) -> None:
    first = start_export(kind="tests.toy", filters={"q": "7", "page": "2", "csrfmiddlewaretoken": "x"}, by=by)
    assert start_export(kind="tests.toy", filters={"q": "7"}, by=by).pk == first.pk
    assert start_export(kind="tests.toy", filters={"q": "8"}, by=by).pk != first.pk
    assert first.arguments == {"kind": "tests.toy", "filters": {"q": "7"}}


def test_taken_up_again_after_its_step_it_hands_out_the_same_file(by: Actor) -> None:
    job = done(start_export(kind="tests.toy", filters={}, by=by))
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, finished_at=None, result={})
    file = job.checkpoint["file"]
    assert done(job).result["file"] == file
    assert StoredFile.objects.count() == Event.objects.filter(verb="export").count() == 1


def test_two_lists_of_one_kind_are_a_fault() -> None:
    with pytest.raises(ValueError, match=r"tests\.toy"):
        register(Export(kind="tests.toy", title="另一个", columns=COLUMNS, rows=rows, may=lambda _by, _filters: YES))
