"""Check lists: read by cell, keyed and not kept, one in force a kind, open claims judged again."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage

from core import clock
from core.errors import NotAllowed, Refusal, WrongState
from core.jobs import Job, run_waiting
from core.models import Event
from documents.check_lists import read_list
from documents.models import StoredFile
from funds.models import FundSource
from project.demo.filing import filed
from project.demo.numbers import resident_id
from project.demo.people import Cast
from workflows.check_lists import CheckEntry, CheckList, in_force
from workflows.claims import Claim
from workflows.list_import import claims_concerned, outcome_of, start_import

TODAY = date(2025, 11, 24)


def table(*rows: tuple[Any, ...], header: tuple[str, ...] = ("姓名", "证件号码", "死亡日期")) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def taken_in(cast: Cast, data: bytes, *, kind: str = "deceased", by: str = "bureau", on: date = TODAY) -> Job:
    told = {"kind": kind, "source": "公安分局", "drawn_on": on, "name": "名单.csv"}
    job = start_import(by=cast[by], data=data, **told)
    run_waiting()
    job.refresh_from_db()
    return job


def number_of(claim: Claim) -> str:
    return claim.lines.order_by("seq")[0].worker.id_number


def test_a_file_is_read_by_its_header_or_as_bare_numbers() -> None:
    good = resident_id(7)
    read = read_list(table(("某", good, "2025-03-01"), ("", "", "")), "a.csv", kind="deceased", on=TODAY)
    assert [(row.id_number, row.since) for row in read.rows] == [(good, date(2025, 3, 1))] and not read.errors
    assert [row.id_number for row in read_list(f"{good}\n".encode(), "a.txt", kind="student", on=TODAY).rows] == [good]
    insured = table(
        (good, "91350521MA0000000N", "2025-03", "2025-05"), header=("证件号码", "统一社会信用代码", "参保起", "参保止")
    )
    row = read_list(insured, "a.csv", kind="insurance", on=TODAY).rows[0]
    assert (row.since, row.until) == (date(2025, 3, 1), date(2025, 5, 31))
    with pytest.raises(Refusal) as caught:
        read_list(table(header=("姓名", "住址")), "a.csv", kind="deceased", on=TODAY)
    assert caught.value.code == "list_no_header"


@pytest.mark.parametrize(
    ("kind", "row", "header", "cell"),
    [
        ("deceased", ("某", "350521199003070010", ""), ("姓名", "证件号码", "死亡日期"), "B2"),
        ("deceased", ("某", "", "2025-01-01"), ("姓名", "证件号码", "死亡日期"), "B2"),
        ("deceased", ("某", resident_id(7), "去年"), ("姓名", "证件号码", "死亡日期"), "C2"),
        ("insurance", (resident_id(7), ""), ("证件号码", "参保起"), "B2"),
    ],
)
def test_what_is_wrong_is_named_by_its_cell_without_the_number(
    kind: str, row: tuple[str, ...], header: tuple[str, ...], cell: str
) -> None:
    read = read_list(table(row, header=header), "a.csv", kind=kind, on=TODAY)
    assert not read.rows and cell in {fault[1] for fault in read.errors}
    assert not any(row[0] in sentence for _sheet, _cell, sentence in read.errors if len(row[0]) > 10)


def test_a_dead_worker_is_blocked_and_nothing_of_the_file_stays(cast: Cast, fund: FundSource) -> None:
    claim = filed(cast, "agency", 2, seed=900)
    number, files = number_of(claim), StoredFile.objects.count()
    job = taken_in(cast, table(("某", number, "2025-01-05")))
    assert job.state == Job.State.DONE and "1条" in job.result["say"]
    assert number not in str(list(CheckEntry.objects.values())) and number not in str(list(Job.objects.values()))
    assert StoredFile.objects.count() == files and not default_storage.exists(job.arguments["upload"][1])
    first, second = claim.lines.order_by("seq")
    assert (first.outcome, first.amount_fen) == ("refuse", 0) and second.amount_fen == 100_000
    assert Claim.objects.get(pk=claim.pk).risk == 2
    event = Event.objects.get(chain=f"check_list:{job.result['list']}")
    assert event.verb == "import" and event.data["count"] == 1
    assert Event.objects.filter(chain=claim.chain, verb="rejudge").count() == 1


def test_a_newer_list_takes_the_place_of_the_older_and_frees_whom_it_leaves_out(cast: Cast, fund: FundSource) -> None:
    claim = filed(cast, "agency", 2, seed=900)
    first = taken_in(cast, table(("某", number_of(claim), "2025-01-05")))
    with clock.travel(date(2025, 11, 25)):
        second = taken_in(cast, table(("某", resident_id(31), "2025-01-05")), by="section", on=date(2025, 11, 25))
        assert in_force(clock.today()).get().pk == second.result["list"]
        assert claim.pk in claims_concerned(second.result["list"])
    assert in_force(TODAY).get().pk == first.result["list"]
    assert claim.amount_fen == 200_000
    assert CheckList.objects.count() == 2


def test_the_same_file_again_says_so_and_a_bad_one_changes_nothing(cast: Cast, fund: FundSource) -> None:
    data = table(("某", resident_id(31), ""))
    taken_in(cast, data)
    with pytest.raises(WrongState, match="没有变动"):
        taken_in(cast, data)
    bad = taken_in(cast, table(("某", resident_id(31), ""), ("某", "123", "")))
    assert "没有导入" in bad.result["say"] and outcome_of(bad)["faults"][0][1] == "B3"
    assert CheckList.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "agency", "clerk:350521104201", "auditor"])
def test_only_the_labour_section_takes_lists_in(cast: Cast, fund: FundSource, who: str) -> None:
    with pytest.raises(NotAllowed):
        taken_in(cast, table(("某", resident_id(31), "")), by=who)


def test_insurance_records_tell_when_and_where_somebody_was_insured(cast: Cast, fund: FundSource) -> None:
    claim = filed(cast, "agency", 2, seed=900)
    line = claim.lines.order_by("seq")[0]
    header = ("证件号码", "统一社会信用代码", "参保起", "参保止")
    taken_in(cast, table((number_of(claim), line.employer_uscc, "2025-03", "2025-04"), header=header), kind="insurance")
    line.refresh_from_db()
    findings = claim.assessments.last().result["lines"][0]["findings"]
    assert {"insured_then_stopped"} <= {finding["code"] for finding in findings} and line.outcome == "review"
