"""Everything that is kept is looked over: a broken byte, a lost file, an orphan, a hole in the numbers come to light."""

import json
import os
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from core import clock
from core.append_only import triggers_off
from core.jobs import Again, Job, JobState, enqueue, run_waiting
from core.models import Event, NumberSeries
from core.privacy import Ciphertext
from core.timeline import SYSTEM, record
from documents import integrity
from documents.files import put, store
from documents.integrity import walk, walking
from documents.models import IntegrityFinding, IntegrityRun, Paper, PaperBytes, StoredFile
from documents.papers import issue, pdf_of
from documents.tasks import CHECK
from tests.documents.papers_made import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(data: bytes = b"one") -> StoredFile:
    return store(data=data, name="陈志强.pdf", content_type="application/pdf", by_id=None)


def place_of(file: StoredFile) -> Path:
    return Path(default_storage.path(file.path))


def paper(made: bool = False) -> Paper:
    with transaction.atomic():
        found = issue(kind=Paper.Kind.REFUSAL, content=refusal(), subject="claim:1", by_label="系统")
    if made:
        pdf_of(found)
    return found


def problems() -> list[tuple[str, str]]:
    return [(str(problem.kind), problem.reference) for stretch in walk() for problem in stretch.problems]


def told() -> tuple[int, dict[str, Any]]:
    out, code = StringIO(), 0
    try:
        call_command("check_integrity", "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def age(path: Path, **by: int) -> None:
    moment = (clock.now() - timedelta(**by)).timestamp()
    os.utime(path, (moment, moment))


def test_what_is_sound_is_told_as_sound() -> None:
    kept()
    paper(made=True)
    record("claim:1", "start", by=SYSTEM)
    code, answer = told()
    assert (code, answer) == (0, {"checked": 2 + 1 + 1, "problems": []})
    run = IntegrityRun.objects.get()
    assert (run.checked, run.problems) == (4, 0) and run.finished_at


def test_a_broken_byte_a_lost_file_and_a_cut_file_are_found_by_their_ids_alone() -> None:
    broken, lost, cut, sound = kept(), kept(), kept(), kept()
    content = place_of(broken).read_bytes()
    place_of(broken).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    place_of(lost).unlink()
    place_of(cut).write_bytes(b"")
    code, answer = told()
    assert code == 1 and answer["checked"] == 4
    expected = {("file_damaged", f"file:{broken.pk}"), ("file_missing", f"file:{lost.pk}")}
    expected.add(("file_damaged", f"file:{cut.pk}"))
    assert {(found["kind"], found["reference"]) for found in answer["problems"]} == expected
    assert "陈志强" not in json.dumps(answer, ensure_ascii=False) and str(sound.pk) not in json.dumps(answer)
    assert set(IntegrityFinding.objects.values_list("kind", "reference")) == expected


def test_a_finding_stays_open_until_a_run_no_longer_meets_it() -> None:
    file = kept()
    whole = place_of(file).read_bytes()
    place_of(file).unlink()
    told()
    first = IntegrityFinding.objects.get()
    told()
    again = IntegrityFinding.objects.get()
    assert (again.pk, again.first_seen, again.resolved_at) == (first.pk, first.first_seen, None)
    assert again.last_run_id == first.last_run_id + 1
    place_of(file).write_bytes(whole)
    assert told()[0] == 0
    assert IntegrityFinding.objects.get().resolved_at is not None
    place_of(file).unlink()
    told()
    moments = IntegrityFinding.objects.order_by("pk").values_list("resolved_at", flat=True)
    assert [moment is None for moment in moments] == [False, True]


def test_a_hole_a_double_and_a_number_that_was_never_given_out_are_found() -> None:
    papers = [paper() for _number in range(4)]
    prefix = papers[0].number.rpartition("-")[0] + "-"
    assert problems() == []
    with triggers_off(connection):
        Paper.objects.filter(pk=papers[1].pk).update(number=f"{prefix}1")  # 0001 again, written otherwise
        Paper.objects.filter(pk=papers[2].pk).update(number=f"{prefix}0009")
    found = problems()
    assert ("number_twice", f"paper:{papers[0].number}") in found or ("number_twice", f"paper:{prefix}1") in found
    assert ("number_beyond", f"paper:{prefix}0009") in found
    assert [pair for pair in found if pair[0] == "number_hole"] == [
        ("number_hole", f"paper:{prefix}2"),
        ("number_hole", f"paper:{prefix}3"),
    ]
    NumberSeries.objects.filter(name__startswith="paper:refusal").update(last=5)
    assert ("number_hole", f"paper:{prefix}5") in problems()


def test_a_paper_without_its_file_after_an_hour_and_one_with_the_file_of_another() -> None:
    late, young, foreign = paper(), paper(), paper(made=True)
    other = paper(made=True)
    with triggers_off(connection):
        Paper.objects.filter(pk=late.pk).update(issued_at=clock.now() - timedelta(minutes=61))
        PaperBytes.objects.filter(paper=foreign).delete()
        PaperBytes.objects.filter(paper=other).update(paper=foreign)
    found = problems()
    assert found == [("paper_foreign", f"paper:{foreign.number}"), ("paper_unmade", f"paper:{late.number}")]
    assert young.number not in str(found)


def test_papers_nobody_opened_are_made_and_one_that_cannot_be_made_keeps_no_other_waiting() -> None:
    from documents.papers import issuing

    bad, good = paper(), paper()
    with triggers_off(connection):
        Paper.objects.filter(pk=bad.pk).update(content=Ciphertext("broken"))
    enqueue("papers.render", arguments={})
    run_waiting()
    assert list(PaperBytes.objects.values_list("paper", flat=True)) == [good.pk]
    assert Job.objects.get(kind="papers.render").error_code
    assert issuing.pdf_of(good) == pdf_of(good)


def test_only_orphans_older_than_a_day_are_found_and_they_go_only_when_asked() -> None:
    file, young, old = kept(), put(b"young"), put(b"old")
    age(Path(default_storage.path(old.path)), hours=25)
    age(place_of(file), days=9)
    unfinished = place_of(file).with_suffix(".x.part")
    unfinished.write_bytes(b"half")
    age(unfinished, days=2)
    half = f"{file.path[:2]}/{unfinished.name}"
    assert sorted(problems()) == sorted([("orphan", old.path), ("orphan", half)])
    code, _answer = told()
    assert code == 1 and default_storage.exists(old.path)
    assert integrity.remove_orphans(by=SYSTEM) == 2
    assert not default_storage.exists(old.path) and not unfinished.exists()
    assert default_storage.exists(young.path) and place_of(file).exists()
    assert Event.objects.get(chain="integrity:orphans").data == {"count": 2}
    assert told() == (0, {"checked": 2, "problems": []})  # the file, and the event of the removal
    assert integrity.remove_orphans(by=SYSTEM) == 0 and Event.objects.count() == 1


def test_an_orphan_that_has_a_row_meanwhile_stays() -> None:
    from documents.files import enter, read

    laid = put(b"slow")
    age(Path(default_storage.path(laid.path)), days=2)
    told()
    assert integrity.orphans_to_remove() == [laid.path]
    file = enter(laid, name="a.pdf", content_type="application/pdf", by_id=None)
    assert integrity.remove_orphans(by=SYSTEM) == 0 and read(file) == b"slow"


def test_a_rollback_leaves_an_orphan_without_a_row() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        file = kept()
        raise RuntimeError
    age(place_of(file), days=2)
    assert problems() == [("orphan", file.path)] and StoredFile.objects.count() == 0


def test_a_break_in_the_record_is_found() -> None:
    record("claim:1", "start", by=SYSTEM)
    record("claim:1", "file", by=SYSTEM)
    with triggers_off(connection):
        Event.objects.filter(seq=2).update(verb="withdraw")
    assert problems() == [("trail", "claim:1#2")]


def test_a_walk_goes_on_where_it_was_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "CHUNK", 2)
    for number in range(7):
        kept(str(number).encode())
    paper()
    whole = list(walk())
    seen = sum(stretch.checked for stretch in whole)
    assert seen == 8 and len(whole) >= 9
    for position, stretch in enumerate(whole[:-1]):
        assert list(walk(stretch.place)) == whole[position + 1 :]
    assert whole[-1].place == {}


def test_one_file_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    size = 3 * 1024 * 1024
    for _number in range(6):
        kept(os.urandom(size))
    tracemalloc.start()
    assert problems() == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4.5 * size  # sealed, opened and compared, not six of them


def test_the_nightly_job_notes_its_findings_and_goes_on_after_a_storage_that_was_down(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(walking, "CHUNK", 2)
    files = [kept(str(number).encode()) for number in range(5)]
    ordered = sorted(files, key=lambda file: file.pk)
    place_of(ordered[0]).unlink()
    down, read, readings = [True], walking.read, []

    def sometimes(file: StoredFile) -> bytes:
        readings.append(file.pk)
        if file.pk == ordered[3].pk and down.pop():
            raise Again("storage_down", "文件存储暂时无法使用。")
        return read(file)

    down.insert(0, False)
    monkeypatch.setattr(walking, "read", sometimes)
    settings.JOBS_CARRIER = "database"
    job = enqueue(CHECK, arguments={})
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.error_code, job.checkpoint["checked"]) == (JobState.WAITING, "storage_down", 2)
    assert IntegrityRun.objects.get().finished_at is None
    Job.objects.update(run_after=clock.machine_now())
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert readings.count(ordered[0].pk) == 1  # not begun anew
    run = IntegrityRun.objects.get()
    assert (run.checked, run.problems) == (5, 1) and run.finished_at
    assert "发现1个问题" in job.result["say"]


def test_a_storage_that_is_down_is_told_and_nothing_is_reported_lost(tmp_path: Path, settings: Any) -> None:
    kept()
    settings.MEDIA_ROOT = tmp_path / "not mounted"
    code, answer = told()
    assert code == 1 and [found["kind"] for found in answer["problems"]] == ["storage_down"]
    assert IntegrityFinding.objects.count() == 0


def test_the_scheduled_walk_is_planned_every_night() -> None:
    from core.jobs import planned

    plans = {plan.kind: plan.next.hour for plan in planned()}
    assert plans[CHECK] == 3 and "papers.render" in plans
