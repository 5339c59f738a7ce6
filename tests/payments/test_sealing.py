"""The seal: bytes fixed once, files made from them, control totals that add up, names that stay text."""

import dataclasses
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.areas import load_zone
from accounts.models import User
from core.append_only import triggers_off
from core.errors import NotAllowed, Refusal, WrongState
from core.jobs import run_waiting
from core.models import Event
from core.money import plain_yuan
from documents.files import Put, read
from documents.models import Paper, PaperBytes, StoredFile
from documents.papers import content_of
from funds.ledger import prove
from funds.models import FundSource
from payments import batches, sealing
from payments.files import SEALED, ask_file
from payments.fitting import faults_of
from payments.formats import format_named, write_files
from payments.instruction import encode, sealed_instruction
from payments.locking import live_items
from payments.models import Batch, BatchState, Outcome, PaymentFile, PaymentItem, Transfer
from payments.transfers import plan
from registry.models import BankAccount
from tests.payments import made
from tests.payments.made import FORMAT, Office, code_of, drafted, opened, payable, sealed, user
from workflows.claims import Claim
from workflows.reviews import Review

pytestmark = pytest.mark.django_db
HOSTILE = ("=cmd|'/C calc'!A0", '+1"引号", 公司', "-甲乙有限公司", "@丙,丁；有限公司", "0123456789012345678")


def checked(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = drafted(office, source, *claims)
    return batches.check_batch(batch_id=batch.pk, by=office.checker)


def file_of(batch: Batch, code: str = FORMAT) -> bytes:
    run_waiting()
    return read(PaymentFile.objects.get(batch=batch, format_code=code, part="payment").file)


def book_of(batch: Batch) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(file_of(batch)))


def test_the_seal_is_over_a_line_a_transfer_with_totals_that_add_up(office: Office, source: FundSource) -> None:
    claims = [payable(source, heads=heads) for heads in (3, 1, 7)]
    batch = sealed(office, source, *claims)
    data = read(StoredFile.objects.get(pk=batch.file_id))
    assert sha256(data).hexdigest() == batch.sha256
    head, *rows = [json.loads(line) for line in data.decode("ascii").splitlines()]
    assert (head["number"], head["count"], head["total_fen"]) == (batch.number, 3, 11_000_00)
    assert [row[1] for row in rows] == [f"{batch.number}-000{n}" for n in (1, 2, 3)]
    assert [row[3] for row in rows] == [claim.account.number for claim in claims]
    assert [row[6] for row in rows] == [3_000_00, 1_000_00, 7_000_00]
    assert (batch.count, batch.total_fen) == (11, 11_000_00)
    transfers = list(batch.transfers.values_list("reference", "claim", "account", "amount_fen", "count", "outcome"))
    assert transfers == [
        (f"{batch.number}-000{n}", claim.pk, claim.account_id, fen, heads, Outcome.PENDING)
        for n, (claim, heads, fen) in enumerate(zip(claims, (3, 1, 7), (3_000_00, 1_000_00, 7_000_00), strict=True), 1)
    ]
    assert set(batch.items.values_list("transfer__claim", "claim")) == {(claim.pk, claim.pk) for claim in claims}
    sheet = list(book_of(batch)["明细"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[4], row[7]) for row in sheet[:3]] == [(row[1], row[3], plain_yuan(row[6])) for row in rows]
    assert not prove()


def test_one_row_a_payee_or_a_claim_as_the_format_says(office: Office, source: FundSource) -> None:
    owner = made.agency("甲人力资源有限公司")
    first, second = payable(source, owner, heads=2), payable(source, owner, heads=1)
    Claim.objects.filter(pk=second.pk).update(account=first.account)
    batch = opened(office, source)
    draft = {"batch_id": batch.pk, "claim_ids": [first.pk, second.pk], "by": office.maker}
    assert batches.draft_batch(**draft).rows == "payee"
    assert batches.choose_format(batch_id=batch.pk, by=office.maker, format_code="treasury-direct").rows == "claim"
    assert len(plan(Batch.objects.get(), live_items(batch))) == 2
    assert batches.choose_format(batch_id=batch.pk, by=office.maker, format_code=FORMAT).rows == "payee"
    batches.check_batch(batch_id=batch.pk, by=office.checker)
    batch = batches.release_batch(batch_id=batch.pk, by=office.approver)
    transfer = batch.transfers.get()
    assert (transfer.claim, transfer.count, transfer.amount_fen) == (None, 3, 3_000_00)
    assert batch.paper is not None
    assert content_of(batch.paper).rows[0].claim_number == f"{first}、{second}"
    ask = {"batch_id": batch.pk, "by": office.maker}
    assert code_of(lambda: batches.choose_format(**ask, format_code="treasury-direct")) == "batch_moved_on"
    assert code_of(lambda: ask_file(**ask, format_code="treasury-direct")) == "format_rows"
    ask_file(**ask, format_code="bank-gbk-text")
    assert file_of(batch, "bank-gbk-text").decode("gbk").split("\r\n")[0].startswith(f"H|{batch.number}|20251124|1|")
    assert ask_file(**ask, format_code="bank-gbk-text") is None


@pytest.mark.parametrize(("name", "code"), [("钟\x07声有限公司", FORMAT), ("𠮷祥有限公司", "bank-gbk-text")])
def test_a_name_the_format_cannot_carry_is_told_before_sealing(
    office: Office, source: FundSource, name: str, code: str
) -> None:
    claim = payable(source, made.agency(name), heads=1)
    batch = opened(office, source)
    batch = batches.draft_batch(batch_id=batch.pk, claim_ids=[claim.pk], by=office.maker, format_code=code)
    told = faults_of(batch)
    assert [fault.seq for fault in told] == [1]
    assert name not in told[0].sentence
    with pytest.raises(Refusal) as refused:
        batches.check_batch(batch_id=batch.pk, by=office.checker)
    assert refused.value.code == "format_faults"
    assert told[0].sentence in refused.value.message
    assert not StoredFile.objects.exists()


def test_hostile_names_are_sealed_as_they_are(office: Office, source: FundSource) -> None:
    claims = [payable(source, made.agency(name), heads=1) for name in HOSTILE]
    batch = sealed(office, source, *claims)
    cells = [row[2] for row in book_of(batch)["明细"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_same_bytes_are_served_for_ever(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = sealed(office, source, claim)
    take = {"batch_id": batch.pk, "format_code": FORMAT}
    assert code_of(lambda: batches.download(**take, by=office.maker)) == "file_not_made"
    send = {"batch_id": batch.pk, "by": office.maker, "format_code": FORMAT}
    assert code_of(lambda: batches.send_batch(**send)) == "file_not_made"
    run_waiting()
    first = read(batches.download(**take, by=office.maker))
    assert sha256(first).hexdigest() == PaymentFile.objects.get(part="payment").sha256
    Claim.objects.filter(pk=claim.pk).update(number="YG-2025-104-999999")
    FundSource.objects.filter(pk=source.pk).update(name="别的资金")
    batches.send_batch(**send)
    back = {"outcome": "returned", "reason_code": "account_closed"}
    batches.mark_items(batch_id=batch.pk, all_pending=True, by=office.maker, **back)
    assert read(batches.download(**take, by=office.auditor)) == first
    assert (
        sha256(read(batches.download(**take | {"format_code": SEALED}, by=office.auditor))).hexdigest() == batch.sha256
    )
    events = Event.objects.filter(chain=batch.chain, verb="download_batch").order_by("seq")
    assert [event.by_id for event in events] == [office.maker.user_id, office.auditor.user_id, office.auditor.user_id]


def test_a_file_made_again_has_the_same_bytes(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source), payable(source))
    head, rows = sealed_instruction(Batch.objects.get(pk=batch.pk))
    assert write_files(format_named(FORMAT), head, rows)[0].data == file_of(batch)
    assert encode(dataclasses.replace(head, seal=""), rows) == read(StoredFile.objects.get(pk=batch.file_id))


def test_who_may_download_and_when(office: Office, source: FundSource) -> None:
    batch = checked(office, source, payable(source))
    take = {"batch_id": batch.pk, "format_code": SEALED}
    assert code_of(lambda: batches.download(**take, by=office.maker)) == "batch_not_sealed"
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    with pytest.raises(NotAllowed):
        batches.download(**take, by=office.bureau)
    assert not Event.objects.filter(verb="download_batch").exists()


def test_a_broken_seal_stops_everything(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    run_waiting()
    send = {"batch_id": batch.pk, "by": office.maker, "format_code": FORMAT}
    book = PaymentFile.objects.get()
    breaks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("seal_broken", lambda: batch.transfers.update(amount_fen=1)),
        ("seal_broken", lambda: BankAccount.objects.update(holder="别人")),
        ("file_damaged", lambda: Batch.objects.filter(pk=batch.pk).update(sha256="0" * 64)),
        ("seal_earlier", lambda: Batch.objects.filter(pk=batch.pk).update(file=book.file, sha256=book.sha256)),
    )
    for code, breaking in breaks:
        with triggers_off(connection), transaction.atomic():
            breaking()
            assert code_of(lambda: batches.send_batch(**send)) == code
            transaction.set_rollback(True)
    assert code_of(lambda: _damaged(batch)) == "file_damaged"


def _damaged(batch: Batch) -> None:
    path = Path(settings.MEDIA_ROOT) / StoredFile.objects.get(pk=batch.file_id).path
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    sealed_instruction(Batch.objects.get(pk=batch.pk))


def test_a_batch_that_changed_while_it_was_built_is_not_sealed(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(office, source, payable(source), payable(source))
    put = sealing.put

    def put_and_lose_one(data: bytes) -> Put:
        left = PaymentItem.objects.filter(pk=PaymentItem.objects.order_by("-pk").values("pk")[:1])
        left.update(live=False, outcome=Outcome.WITHDRAWN)
        return put(data)

    monkeypatch.setattr(sealing, "put", put_and_lose_one)
    with pytest.raises(WrongState) as refused:
        batches.release_batch(batch_id=batch.pk, by=office.approver)
    assert refused.value.code == "batch_changed"
    batch.refresh_from_db()
    assert (batch.state, batch.sha256) == (BatchState.CHECKED, "")


@pytest.mark.parametrize("step", ["put", "make", "enter_items", "enter", "issue", "record", "enqueue_file"])
def test_a_failure_leaves_nothing_half_done(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    batch = checked(office, source, payable(source))
    before = Event.objects.count()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(sealing, step, broken)
    with pytest.raises(OSError, match="disk full"):
        batches.release_batch(batch_id=batch.pk, by=office.approver)
    batch.refresh_from_db()
    assert (batch.state, batch.file_id, batch.paper_id, batch.count) == (BatchState.CHECKED, None, None, None)
    assert (Transfer.objects.count(), batch.fund.batched_fen) == (0, 0)
    assert (StoredFile.objects.count(), Paper.objects.count(), Event.objects.count()) == (0, 0, before)
    monkeypatch.undo()
    assert batches.release_batch(batch_id=batch.pk, by=office.approver).state == BatchState.SEALED


def test_only_whoever_may_release_makes_the_file(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(office, source, payable(source))
    monkeypatch.setattr(sealing, "put", lambda *args: pytest.fail("laid for somebody who may not release"))
    for actor in (office.bureau, office.maker, office.checker, office.auditor):
        with pytest.raises(Refusal):
            batches.release_batch(batch_id=batch.pk, by=actor)


def test_the_paper_prints_once(office: Office, source: FundSource) -> None:
    from documents.papers import pdf_of

    batch = sealed(office, source, payable(source), payable(source))
    assert batch.paper is not None
    data = pdf_of(batch.paper)
    assert data.startswith(b"%PDF-")
    assert pdf_of(Paper.objects.get(pk=batch.paper_id)) == data
    assert PaperBytes.objects.count() == 1


def signed(claim: Claim, step: str, who: User, day: int) -> None:
    """The last word of a step, as the road leaves it."""
    at = datetime(2025, 11, day, 3, tzinfo=UTC)
    Review.objects.create(
        claim=claim,
        step=step,
        area=load_zone(),
        opened_at=at,
        due_on=at,
        outcome="passed",
        decided_by=who,
        decided_at=at,
    )


def test_the_paper_names_those_who_signed_every_claim_and_leaves_a_line_where_one_is_missing(
    office: Office, source: FundSource
) -> None:
    one, other = payable(source), payable(source)
    heads, leader = [user(name) for name in ("许志远", "林海", "苏敏")], user("曾立群")
    signed(one, "section_review", heads[0], 3)
    signed(one, "section_review", heads[1], 5)  # a second round: the last one counts
    signed(other, "section_review", heads[2], 4)
    signed(one, "leader_approval", leader, 6)
    content = content_of(sealed(office, source, one, other).paper)
    boxes = {duty: signature for duty, signature in content.signature_boxes}
    section = boxes["科室负责人"]
    assert (section.who, section.day, section.opinion) == ("林海、苏敏", date(2025, 11, 5), "已签署申报审批表2份")
    assert boxes["分管领导"] is None
    assert [boxes[duty].who for duty in ("经办", "财政经办", "财政批准")] == ["黄美雄", "许丽云", "王建平"]


def test_of_many_who_signed_three_are_named(office: Office, source: FundSource) -> None:
    claims = [payable(source) for _ in range(4)]
    for day, claim in enumerate(claims, 3):
        signed(claim, "leader_approval", user(f"领导{day}"), day)
    content = content_of(sealed(office, source, *claims).paper)
    (leader,) = [signature for signature in content.signatures if signature.duty == "分管领导"]
    assert (leader.who, leader.day.day) == ("领导3、领导4、领导5等4人", 6)
