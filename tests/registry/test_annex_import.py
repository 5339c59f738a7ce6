"""An annex into the register: dry run, one click, idempotent, taken back; another village's people are never told."""

from typing import Any

import pytest

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.jobs import Job, run_waiting
from documents.annexes.importing import report_of, start_applying, start_import, start_undoing, visible_imports
from documents.annexes.report import Report
from documents.annexes.shell import import_file, undo_import
from documents.models import AnnexImport
from project.demo.people import Cast, area_of
from registry.labour import queries
from registry.labour.commands import Doing, record_status
from registry.labour.merging import merge_people
from registry.models import LabourPerson
from tests.registry.messy import BOTH, CASES, CHEN, HEAD_1, LIN, book, official, with_

pytestmark = pytest.mark.django_db
HOME, OTHER = "350521104203", "350521104204"


def taken(data: bytes, **extra: Any) -> Report:
    return import_file(data=data, name="上浦村.xlsx", **extra)[0]


def figures(report: Report) -> tuple[int, int, int, int]:
    return report.people, report.new, report.changed, len(report.vanished)


def state_of_register() -> list[tuple[Any, ...]]:
    """Everything that counts, without keys and moments."""
    people = queries.with_now(queries.standing()).order_by("village", "name", "phone_index")
    return [
        (p.village_id, p.name, p.sex, p.birth_month, p.phone, p.education, p.group_name, p.doubtful, p.absent_since,
         [(s.status, s.employer, s.trade, s.wanted_trade, s.note) for s in p.now])
        for p in people
    ]  # fmt: skip


def test_a_dry_run_writes_nothing(cast: Cast) -> None:
    assert figures(taken(official(LIN, CHEN), dry=True)) == (2, 2, 0, 0)
    assert not LabourPerson.objects.exists() and not AnnexImport.objects.exists()


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    data = official(LIN, CHEN, with_(LIN, G="13805950009"), with_(LIN, G=None))
    assert figures(taken(data)) == (4, 4, 0, 0)
    before = state_of_register()
    assert figures(taken(data)) == (4, 0, 0, 0)
    assert state_of_register() == before


def test_changes_and_who_is_no_longer_named(cast: Cast) -> None:
    taken(official(LIN, CHEN))
    report = taken(official(with_(LIN, H="新单位", E="大专")))
    assert figures(report) == (1, 0, 1, 1)
    assert {p.name: p.absent_since is not None for p in queries.standing()} == {"林小妹": False, "陈阿福": True}
    assert figures(taken(official(LIN, CHEN))) == (2, 0, 2, 0)  # named again
    assert not queries.standing().filter(absent_since__isnull=False).exists()


def test_a_row_with_an_error_is_neither_counted_nor_missed(cast: Cast) -> None:
    taken(official(LIN, CHEN))
    report = taken(official(LIN, with_(CHEN, G="123")))
    assert figures(report) == (1, 0, 0, 0) and [fault.cell for fault in report.errors] == ["G5"]


def test_from_unemployed_to_employed_is_one_person(cast: Cast) -> None:
    taken(book(("未就业", [["采集表（未就业）"], ["上浦村"], HEAD_1, with_(LIN, F="保安", H="照顾老人")])))
    assert figures(taken(official(LIN))) == (1, 0, 1, 0)
    (person,) = queries.standing()
    assert [s.status for s in queries.history_of(person)] == ["employed", "unemployed"]


def test_a_phone_that_one_side_lacks_is_no_other_person(cast: Cast) -> None:
    taken(official(with_(LIN, G=None)))
    assert figures(taken(official(LIN))) == (1, 0, 1, 0)
    assert queries.standing().get().phone == "13805950001"
    assert figures(taken(official(with_(LIN, G=None)))) == (1, 0, 0, 0)


def test_another_phone_is_another_person_for_the_merge_screen(cast: Cast) -> None:
    taken(official(LIN))
    report = taken(official(with_(LIN, G="13805950009")))
    assert figures(report) == (1, 1, 0, 1) and report.doubtful == 1
    old, new = queries.standing().order_by("doubtful")
    merge_people(kept_id=new.pk, gone_id=old.pk, reason="同一人换号", by=cast[f"clerk:{HOME}"])
    assert figures(taken(official(LIN))) == (1, 0, 0, 0)  # the old phone still means him
    report = taken(official(LIN, with_(LIN, G="13805950009")))
    assert report.people == 1 and "已合并" in report.duplicates[0].message


def test_a_whole_import_is_taken_back(cast: Cast) -> None:
    _report, first = import_file(data=official(LIN, with_(CHEN, G=None)), name="上浦村.xlsx")
    before = state_of_register()
    _report, second = import_file(
        data=official(with_(LIN, H="新单位", E="大专"), with_(LIN, B="新来者")), name="上浦村.xlsx"
    )
    assert first and second and state_of_register() != before
    assert undo_import(second) == 0
    assert state_of_register() == before
    undo_import(first)
    assert state_of_register() == [] and AnnexImport.objects.filter(state="undone").count() == 2
    assert figures(taken(official(LIN))) == (1, 1, 0, 0)


def test_who_was_worked_on_since_stays(cast: Cast) -> None:
    _report, made = import_file(data=official(LIN, CHEN), name="上浦村.xlsx")
    person = queries.standing().get(name="林小妹")
    by = cast[f"clerk:{HOME}"]
    record_status(person_id=person.pk, doing=Doing(status="unemployed", since=clock.today()), by=by)
    assert undo_import(made) == 1  # type: ignore[arg-type]
    assert [p.name for p in queries.standing()] == ["林小妹"]


def test_by_the_pages_in_jobs(cast: Cast, settings: Any) -> None:
    settings.JOBS_CARRIER = "database"
    by = cast[f"clerk:{HOME}"]
    made = start_import(data=official(LIN, CHEN), name="附件2.xlsx", by=by, page=lambda pk: f"/register/imports/{pk}/")
    assert made.village == by.area and made.state == "reading"
    run_waiting()
    made.refresh_from_db()
    assert made.state == "read" and made.counts["new"] == 2 and report_of(made) is not None
    start_applying(import_id=made.pk, by=by)
    with pytest.raises(WrongState):
        start_applying(import_id=made.pk, by=by)
    run_waiting()
    assert sorted(p.name for p in queries.visible_to(by)) == sorted(BOTH)
    start_undoing(import_id=made.pk, by=by)
    run_waiting()
    made.refresh_from_db()
    assert made.state == "undone" and not queries.visible_to(by).exists()
    assert not Job.objects.exclude(state="done").exists()
    assert "林小妹" not in str(list(Job.objects.values())) and "1380595" not in str(list(Job.objects.values()))


def test_only_the_last_of_its_kind_is_taken_back(cast: Cast) -> None:
    _report, first = import_file(data=official(LIN), name="上浦村.xlsx")
    import_file(data=official(LIN, CHEN), name="上浦村.xlsx")
    with pytest.raises(WrongState, match="之后又导入"):
        start_undoing(import_id=first.pk, by=cast[f"clerk:{HOME}"])  # type: ignore[union-attr]


def test_nobody_imports_into_another_village(cast: Cast, settings: Any) -> None:
    settings.JOBS_CARRIER = "database"
    _report, made = import_file(data=official(LIN), name="上浦村.xlsx")
    stranger, town = cast[f"clerk:{OTHER}"], cast["handler:350521106"]
    for by in (stranger, town, cast["auditor"]):
        with pytest.raises(NotAllowed):
            start_undoing(import_id=made.pk, by=by)  # type: ignore[union-attr]
        with pytest.raises((NotAllowed, Refusal)):
            start_import(
                data=official(LIN), name="a.xlsx", by=by, village=area_of(HOME)
            ) if by != stranger else _refused(by)
    assert made not in visible_imports(stranger) and made in visible_imports(cast["bureau"])
    tried = start_import(data=official(LIN), name="上浦村.xlsx", by=town)  # the title's village is not this town's
    run_waiting()
    tried.refresh_from_db()
    assert tried.state == "refused" and "不在您的辖区" in tried.counts["message"]


def _refused(by: Any) -> None:
    """A village's upload is its own, whatever it asks for; the other village's sheet is not read."""
    made = start_import(data=official(LIN), name="上浦村.xlsx", by=by, village=area_of(HOME))
    assert made.village == by.area
    raise Refusal("as_own", "。")


def test_two_villages_are_told_without_names(cast: Cast) -> None:
    taken(official(LIN))
    data = official(LIN, CHEN, place=["后亭村"])
    mine = import_file(data=data, name="a.xlsx", dry=True, by=cast[f"clerk:{OTHER}"])[0]
    assert (mine.people, mine.duplicates[0].kind) == (2, "village")
    assert "另一个村" in mine.duplicates[0].message and "上浦" not in mine.duplicates[0].message
    towns = import_file(data=data, name="a.xlsx", dry=True, by=cast["handler:350521104"])[0]
    assert "上浦村委会" in towns.duplicates[0].message


def test_no_messy_file_leaves_half_an_import(cast: Cast) -> None:
    for name, case in CASES.items():
        try:
            report, made = import_file(data=case.make(), name=case.file)
        except Refusal:
            assert case.refused, name
            assert not queries.standing().exists(), name
            continue
        assert report.people == queries.standing().count() == len(case.people), name
        assert made is not None and undo_import(made) == 0 and not queries.standing().exists(), name
