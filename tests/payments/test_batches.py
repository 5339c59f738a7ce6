"""A batch from opening to release: the road, what is refused, and what the record keeps."""

import io
from typing import Any

import openpyxl
import pytest
from django.db import transaction

from core.errors import Refusal, WrongState
from core.models import Event
from core.timeline import breaks
from funds.models import FundSource
from payments import batches, queries, sealing
from payments.formats import format_named, write_files
from payments.instruction import sealed_instruction
from payments.locking import live_items
from payments.models import Batch, BatchState, PaymentItem
from registry.models import BankAccount
from tests.payments import faults, made
from tests.payments.made import FORMAT, Office, code_of, drafted, line_ids, opened, payable, sealed, verbs

pytestmark = pytest.mark.django_db


def test_the_whole_road(office: Office, source: FundSource) -> None:
    claim, other = payable(source, heads=3), payable(source, heads=2)
    batch = opened(office, source, note="十一月机构奖补")
    assert (batch.number, batch.state) == ("BF-2025-001", BatchState.OPENED)
    batch = batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim, other), by=office.maker)
    assert (batch.state, batch.items.count()) == (BatchState.DRAFTED, 5)
    batch = batches.check_batch(batch_id=batch.pk, by=office.checker, opinion="账户无误")
    assert batch.state == BatchState.CHECKED
    batch = batches.release_batch(batch_id=batch.pk, by=office.approver, opinion="同意拨付")
    assert (batch.state, batch.count, batch.total_fen) == (BatchState.SEALED, 5, 5_000_00)
    assert len(batch.sha256) == 64
    assert batch.paper is not None
    assert (batch.paper.number, batch.paper.amount_fen, batch.paper.subject) == (batch.number, 5_000_00, batch.chain)
    batch = made.send(office, batch)
    assert (batch.state, batch.sent_by, batch.sent_format) == (BatchState.SENT, office.maker.user, FORMAT)
    batch = batches.mark_items(batch_id=batch.pk, claim_ids=[claim.pk], outcome="settled", by=office.maker)
    assert batch.state == BatchState.ANSWERED
    batch = batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="settled", by=office.maker)
    assert batch.state == BatchState.CLOSED
    assert verbs(batch.chain) == [
        "open_batch", "draft_batch", "check_batch", "release_batch", "send_batch", "answer_batch",
        "answer_batch", "close_batch",
    ]  # fmt: skip
    assert verbs(claim.chain) == verbs(other.chain) == ["batched", "paid"]
    assert list(breaks()) == []
    accounts = [account.number for account in BankAccount.objects.all()]
    told = str(list(Event.objects.values_list("data", "by_label")))
    assert [number for number in accounts if number in told] == []


def test_numbers_run_on_and_a_double_click_opens_one(office: Office, source: FundSource) -> None:
    opened(office, source)
    assert code_of(lambda: opened(office, source)) == "batch_waiting"
    assert opened(office, source, note="第二批").number == "BF-2025-002"
    assert opened(office, source, channel="private").number == "BF-2025-003"
    assert Batch.objects.count() == 3


def test_what_opening_refuses(office: Office, source: FundSource) -> None:
    assert code_of(lambda: opened(office, source, by=office.maker)) == "open_not_yours"
    assert code_of(lambda: opened(office, source, channel="cash")) == "channel_unknown"
    assert code_of(lambda: opened(office, source, fund_id=987)) == "fund_unknown"
    assert code_of(lambda: opened(office, source, note="卡号6228480012345678")) == "words_with_number"
    source.allocation_no = " "
    source.save()
    assert code_of(lambda: opened(office, source)) == "allocation_missing"
    assert not Batch.objects.exists()


def test_a_second_click_hears_who_was_first(office: Office, source: FundSource) -> None:
    batch = drafted(office, source, payable(source))
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    for _click in range(3):
        with pytest.raises(WrongState, match="蔡文彬于2025-11-24") as refused:
            batches.check_batch(batch_id=batch.pk, by=office.checker)
        assert refused.value.code == "batch_moved_on"
    assert verbs(batch.chain).count("check_batch") == 1


@pytest.mark.parametrize("returner", ["checker", "approver"])
def test_a_returned_batch_frees_its_lines(office: Office, source: FundSource, returner: str) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    if returner == "approver":
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    back = {"batch_id": batch.pk, "by": getattr(office, returner)}
    assert code_of(lambda: batches.return_batch(**back, reason="  ")) == "reason_missing"
    batch = batches.return_batch(**back, reason="请核对联行号")
    assert (batch.state, batch.made_by, batch.checked_by) == (BatchState.OPENED, None, None)
    assert queries.payable_lines(fund_id=source.pk, channel="public").count() == 2
    batches.draft_batch(batch_id=batch.pk, line_ids=line_ids(claim), by=office.maker)
    assert PaymentItem.objects.filter(live=True).count() == 2
    assert verbs(claim.chain) == ["batched", "unbatched", "batched"]


def test_a_cancelled_batch_frees_its_lines_and_keeps_its_number(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    assert code_of(lambda: batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="")) == "reason_missing"
    batch = batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="改用其他资金")
    assert batch.state == BatchState.CANCELLED
    assert drafted(office, source, claim).number == "BF-2025-002"
    assert code_of(lambda: batches.cancel_batch(batch_id=batch.pk, by=office.bureau, reason="x")) == "batch_moved_on"


def test_a_sealed_batch_is_not_returned_and_cancelled_by_the_approver_alone(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    args = {"batch_id": batch.pk, "reason": "x"}
    for by in (office.bureau, office.maker):
        assert code_of(lambda by=by: batches.cancel_batch(**args, by=by)) == "batch_not_yours"
    assert code_of(lambda: batches.return_batch(**args, by=office.approver)) == "batch_moved_on"
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == "batch_moved_on"


LATER_FAULTS = {
    "line_not_payable": faults.annulled,
    "holder_differs": faults.renamed,
    "account_changed": faults.private,
    "item_differs": faults.dearer,
    "claim_held": faults.still_public,
    "budget_exceeded": faults.never_promised,
}


@pytest.mark.parametrize("code", LATER_FAULTS)
def test_controls_run_again_at_check_and_release(office: Office, source: FundSource, code: str) -> None:
    claim = payable(source)
    batch = drafted(office, source, claim)
    with pytest.raises(Refusal) as refused, transaction.atomic():
        LATER_FAULTS[code](claim)
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    assert refused.value.code == code
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    LATER_FAULTS[code](claim)
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == code
    batch.refresh_from_db()
    assert (batch.state, batch.file, batch.paper) == (BatchState.CHECKED, None, None)


def test_a_batch_cancelled_while_it_is_laid_says_that_it_moved_on(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = drafted(office, source, payable(source))
    batches.check_batch(batch_id=batch.pk, by=office.checker)

    def cancelled_first(seen: Batch) -> list[PaymentItem]:
        batches.cancel_batch(batch_id=batch.pk, reason="暂缓拨付", by=office.bureau)
        return live_items(seen)

    monkeypatch.setattr(sealing, "live_items", cancelled_first)
    with pytest.raises(WrongState) as caught:
        batches.release_batch(batch_id=batch.pk, by=office.approver)
    assert caught.value.code == "batch_moved_on"


def test_the_account_that_pays_is_sealed_and_printed(office: Office, source: FundSource, settings: Any) -> None:
    settings.PAYER_ACCOUNT, settings.PAYER_BANK = "35001658107050009999", "中国建设银行泉州台商投资区支行"
    head, rows = sealed_instruction(sealed(office, source, payable(source)))
    assert (head.payer_account, head.payer_bank) == (settings.PAYER_ACCOUNT, settings.PAYER_BANK)
    data = write_files(format_named("treasury-direct"), head, rows)[0].data
    cells = {str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(data)).active for cell in row}
    assert any(settings.PAYER_ACCOUNT in cell and settings.PAYER_BANK in cell for cell in cells)
