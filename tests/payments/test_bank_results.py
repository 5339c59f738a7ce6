"""Importing a bank's answer: by file and by item, once; what is doubtful is set aside alone."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed, WrongState
from core.jobs import Job, run_waiting
from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from payments.bank_results import import_result
from payments.batches import draft_batch
from payments.models import BatchState, Outcome, PaymentItem, ResultFile, ResultRow, Settlement, Transfer
from payments.parked import settle_row
from payments.result_jobs import refusal_of, start_import
from tests.payments import made
from tests.payments.answered import answer, imported, many_payable, outcomes, said, sent_of
from tests.payments.made import Office, code_of, payable, verbs

pytestmark = pytest.mark.django_db
S, R, U = Outcome.SETTLED, Outcome.RETURNED, Outcome.UNKNOWN


def test_an_answer_is_booked_item_by_item(office: Office, source: FundSource) -> None:
    claims = [payable(source, heads=2) for _ in range(4)]
    batch = sent_of(office, source, claims)
    done = imported(office, batch, said(batch, S, R, U))
    assert (done.changed, done.booked, done.parked, done.waiting) == (4, {S: 2, R: 1, U: 1}, 0, 1)
    assert outcomes(batch) == [S, R, U, S]
    batch.refresh_from_db()
    assert batch.state == BatchState.ANSWERED
    assert verbs(claims[1].chain)[-1] == "returned"
    returned = Transfer.objects.get(batch=batch, outcome=R)
    assert (returned.reason_code, returned.reason) == ("holder_differs", "户名不符")
    last = imported(office, batch, said(batch, "", "", S, ""), name="第二份.csv")
    batch.refresh_from_db()
    assert (last.booked, batch.state) == ({S: 1, R: 0, U: 0}, BatchState.CLOSED)
    assert PaymentItem.objects.filter(batch=batch, live=True).count() == 6
    assert list(breaks()) == []


def test_the_same_file_again_changes_nothing_and_says_so(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source), payable(source)])
    data = answer(said(batch, S, R))
    imported(office, batch, data)
    before = Event.objects.count(), ResultRow.objects.count(), outcomes(batch)
    for name in ("回单.csv", "改了名的.csv"):
        again = imported(office, batch, data, name=name)
        assert (again.again, again.changed) == (True, 0)
        assert "许丽云" in again.sentence
        assert "未作任何改动" in again.sentence
    assert (Event.objects.count(), ResultRow.objects.count(), outcomes(batch)) == before
    same = imported(office, batch, said(batch, S, R), name="回单.csv")
    assert same.again
    other_bytes = imported(office, batch, data + b"\r\n")
    assert (other_bytes.again, other_bytes.changed, other_bytes.same) == (False, 0, 2)


def test_a_doubtful_row_is_set_aside_and_the_rest_goes_on(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source, heads=1) for _ in range(5)])
    imported(office, batch, said(batch, S, "", "", "", ""))
    other = sent_of(office, source, [payable(source)])
    rows = said(batch)
    rows[0] = (rows[0][0], rows[0][1], R, "账号不存在")  # contradicts
    rows[1] = (rows[1][0], rows[1][1] + 1, S, "")  # another amount
    rows[2] = (rows[2][0], rows[2][1], "看不懂", "")
    rows += [("BF-2025-999-0001", 100, S, ""), *said(other)[:1]]
    done = imported(office, batch, answer(rows, total=(7, 1)))
    assert (done.booked, done.parked) == ({S: 2, R: 0, U: 0}, 6)
    assert outcomes(batch) == [S, "pending", "pending", S, S]
    parked = ResultRow.objects.filter(verdict="parked").order_by("seq")
    assert list(parked.values_list("parked_for", flat=True)) == [
        "total_differs", "contradicts", "amount_differs", "row_unreadable", "item_unknown", "item_unknown",
    ]  # fmt: skip
    assert all(row.words.endswith("。") for row in parked)
    assert other.number in parked.last().words
    assert outcomes(other) == ["pending"]


def test_unknown_stays_unknown_until_answered(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = sent_of(office, source, [claim])
    imported(office, batch, said(batch, U))
    new = made.opened(office, source)
    assert code_of(lambda: draft_batch(batch_id=new.pk, claim_ids=[claim.pk], by=office.maker)) == "line_in_batch"
    imported(office, batch, answer(said(batch, U)) + b"\r\n")
    assert outcomes(batch) == [U]
    imported(office, batch, said(batch, S))
    assert outcomes(batch) == [S]


def test_who_may_import_and_when(office: Office, source: FundSource) -> None:
    batch = made.sealed(office, source, payable(source))
    data = answer([("BF-2025-001-0001", 1, S, "")])
    with pytest.raises(WrongState) as refused:
        imported(office, batch, data)
    assert refused.value.code == "batch_not_sent"
    made.send(office, batch)
    for actor in (office.bureau, office.approver, office.auditor):
        with pytest.raises(NotAllowed) as not_allowed:
            import_result(batch_id=batch.pk, data=data, name="a.csv", by=actor)
        assert not_allowed.value.code == "result_not_yours"
    assert code_of(lambda: imported(office, batch, b"")) == "upload_empty"
    assert code_of(lambda: imported(office, batch, "完全不是回单".encode())).startswith("answer_")
    assert ResultFile.objects.count() == 0


def test_rows_set_aside_are_settled_once_by_another_officer(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source)])
    [(reference, fen, *_rest)] = said(batch)
    imported(office, batch, [(reference, fen, S, ""), (reference, fen, R, "销户"), ("无此编号", fen, S, "")])
    settled, returned, stranger = ResultRow.objects.order_by("seq")
    why = {"reason": "已电话向建行核实", "by": office.checker}
    with pytest.raises(NotAllowed, match="导入人以外"):
        settle_row(row_id=stranger.pk, kind="set_aside", reason="x", by=office.maker)
    assert code_of(lambda: settle_row(row_id=stranger.pk, kind="booked", **why)) == "row_not_bookable"
    assert code_of(lambda: settle_row(row_id=stranger.pk, kind="set_aside", reason=" ", by=office.checker)) == (
        "reason_missing"
    )
    settle_row(row_id=stranger.pk, kind="set_aside", **why)
    settle_row(row_id=returned.pk, kind="booked", **why)
    assert outcomes(batch) == [R]
    assert Transfer.objects.get(batch=batch).reason_code == "account_closed"
    assert code_of(lambda: settle_row(row_id=returned.pk, kind="set_aside", **why)) == "row_settled"
    assert code_of(lambda: settle_row(row_id=settled.pk, kind="booked", **why)) == "row_not_bookable"
    assert Settlement.objects.count() == 2
    assert code_of(lambda: settle_row(row_id=10**9, kind="set_aside", **why)) == "row_unknown"


def test_answers_are_final_in_the_database(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source)])
    done = imported(office, batch, [(*said(batch)[0][:2], "看不懂", "")])
    row = ResultRow.objects.get()
    settle_row(row_id=row.pk, kind="set_aside", reason="无法识别", by=office.checker)
    for model in (ResultFile, ResultRow, Settlement):
        for change in (lambda m=model: m.objects.all().delete(), lambda m=model: m.objects.update(id=999)):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
    with pytest.raises(DatabaseError), transaction.atomic():
        done.result_file.pk = None
        done.result_file._state.adding = True
        done.result_file.save()


def test_import_from_the_shell(office: Office, source: FundSource, tmp_path: Path) -> None:
    batch = sent_of(office, source, [payable(source), payable(source)])
    rows = said(batch, S, R)
    file = tmp_path / "回单.csv"
    file.write_bytes(answer([*rows, ("BF-2025-999-0001", 5, S, "")]))

    def told(*more: str) -> dict:
        out = io.StringIO()
        call_command("import_bank_result", batch.number, str(file), "--json", *more, stdout=out, stderr=io.StringIO())
        return json.loads(out.getvalue())

    first, again = told("--by", office.maker.user.username), told()
    assert (first["changed"], first["parked"], first["state"], first["again"]) == (2, 1, "closed", False)
    assert [item["verdict"] for item in first["items"]] == ["booked", "booked", "parked"]
    assert (again["changed"], again["again"]) == (0, True)
    assert "未作任何改动" in again["say"]
    for wrong in (["--by", "nobody"], ["--format", "nothing"]):
        with pytest.raises(SystemExit) as left:
            told(*wrong)
        assert left.value.code == 2


def test_an_upload_is_imported_once_in_the_background(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source), payable(source)])
    data, upload = answer(said(batch, S, R)), {"batch_id": batch.pk, "by": office.maker, "name": "回单.csv"}
    job = start_import(**upload, data=data)
    assert start_import(**upload, data=data) == job  # a double click
    assert code_of(lambda: start_import(**upload, data=answer(said(batch, S)))) == "result_running"
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.result["result"]) == (Job.State.DONE, ResultFile.objects.get().pk)
    assert outcomes(batch) == [S, R]
    again = start_import(**upload, data=data)
    assert again.again
    assert Job.objects.filter(kind=job.kind).count() == 1
    unreadable = start_import(**upload, data="不是回单".encode())
    run_waiting()
    unreadable.refresh_from_db()
    assert unreadable.state == Job.State.DONE
    assert refusal_of(unreadable).code == "answer_header_missing"
    assert ResultFile.objects.count() == 1


@pytest.mark.parametrize(("claims", "heads"), [(500, 10), pytest.param(5000, 1, marks=pytest.mark.nightly)])
def test_five_thousand_items_in_few_queries(office: Office, source: FundSource, claims: int, heads: int) -> None:
    batch = sent_of(office, source, many_payable(source, claims, heads))
    rows = said(batch, *[S, R, U] * 100)
    data = answer(rows, total=(len(rows), sum(row[1] for row in rows)))
    with CaptureQueriesContext(connection) as queries:
        done = imported(office, batch, data)
    assert PaymentItem.objects.filter(batch=batch).exclude(outcome="pending").count() == 5000
    assert (done.rows, done.changed, done.parked) == (claims, claims, 0)
    assert len(queries) <= 5 * 30
    with CaptureQueriesContext(connection) as queries:
        assert imported(office, batch, data).again
    assert len(queries) <= 12
