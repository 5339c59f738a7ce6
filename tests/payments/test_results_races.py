"""The same answer imported twice at once, on PostgreSQL with real connections: one winner, and the loser is told."""

from functools import partial

import pytest

from core.models import Event
from core.timeline import breaks
from payments.account_changes import confirm_account, propose_account
from payments.bank_results import import_result
from payments.models import AccountChange, ResultFile, ResultRow, Settlement, Transfer
from payments.parked import settle_row
from payments.result_jobs import start_import
from tests.payments import made
from tests.payments.answered import PROOF, answer, imported, said, sent_of
from tests.payments.made import payable
from tests.races.together import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_answer_eight_times_at_once_is_booked_once() -> None:
    office, source = made.office(), made.fund()
    for turn in range(3):
        batch = sent_of(office, source, [payable(source, heads=1) for _ in range(3)])
        data = answer(said(batch, "returned"))
        told = []

        def importing(batch: object = batch, data: bytes = data, told: list = told) -> None:
            told.append(import_result(batch_id=batch.pk, data=data, name="回单.csv", by=office.maker))  # type: ignore[attr-defined]

        assert set(at_once([importing] * 8)) == {"done"}
        assert sorted(one.again for one in told) == [False] + [True] * 7
        assert all("未作任何改动" in one.sentence for one in told if one.again)
        assert ResultFile.objects.filter(batch=batch).count() == 1
        assert ResultRow.objects.filter(result_file__batch=batch).count() == 3
        assert Event.objects.filter(chain=batch.chain, verb="answer_batch").count() == 1, turn
    assert list(breaks()) == []


def test_two_answers_that_contradict_at_once_book_one() -> None:
    office, source = made.office(), made.fund()
    batch = sent_of(office, source, [payable(source, heads=1)])
    answers = [answer(said(batch, outcome)) for outcome in ("settled", "returned")]
    importing = [
        partial(import_result, batch_id=batch.pk, data=data, name="回单.csv", by=office.maker) for data in answers
    ]
    assert at_once(importing) == ["done", "done"]
    assert sorted(ResultRow.objects.values_list("verdict", flat=True)) == ["booked", "parked"]
    booked = ResultRow.objects.get(verdict="booked")
    assert Transfer.objects.get(batch=batch).outcome == booked.outcome


def test_one_upload_clicked_eight_times_is_one_job() -> None:
    office, source = made.office(), made.fund()
    batch = sent_of(office, source, [payable(source, heads=1)])
    data = answer(said(batch))
    jobs: list = []
    click = lambda: jobs.append(start_import(batch_id=batch.pk, data=data, name="a.csv", by=office.maker))  # noqa: E731
    assert set(at_once([click] * 8)) == {"done"}
    assert ResultFile.objects.count() <= 1
    assert len({getattr(job, "pk", None) for job in jobs} - {None}) == 1


def test_two_officers_settle_and_confirm_once() -> None:
    office, source = made.office(), made.fund()
    batch = sent_of(office, source, [payable(source, heads=1)])
    imported(office, batch, [*said(batch, "returned"), ("BF-2025-999-0001", 1, "settled", "")])
    row = ResultRow.objects.get(verdict="parked")
    settling = [
        partial(settle_row, row_id=row.pk, kind="set_aside", reason="他行文件", by=actor)
        for actor in (office.checker, office.approver)
    ]
    assert sorted(at_once(settling)) == ["done", "row_settled"]
    assert Settlement.objects.count() == 1
    proposing = [
        partial(
            propose_account,
            transfer_id=Transfer.objects.get(outcome="returned").pk,
            bank="中国农业银行",
            number="35001658107052501234",
            evidence=(PROOF, "证明.pdf"),
            reason="抄错",
            by=actor,
        )
        for actor in (office.maker, office.maker2)
    ]
    assert sorted(at_once(proposing)) == ["account_change_waiting", "done"]
    change = AccountChange.objects.get()
    confirming = [
        partial(confirm_account, change_id=change.pk, by=actor) for actor in (office.checker, office.approver)
    ]
    assert sorted(at_once(confirming)) == ["account_change_decided", "done"]
