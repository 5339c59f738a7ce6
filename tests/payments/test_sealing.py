"""The sealed workbook: the same bytes for ever, control totals that add up, names that stay text."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings

from accounts.areas import load_zone
from accounts.models import User
from core.errors import NotAllowed, Refusal, WrongState
from core.models import Event
from core.money import rmb_upper
from documents.files import read
from documents.models import Paper, PaperBytes, StoredFile
from documents.papers import content_of
from funds.models import FundSource
from payments import batches, sealing
from payments.locking import live_items
from payments.models import Batch, BatchState, PaymentItem
from payments.transfers import digest, transfers_of
from tests.payments import made
from tests.payments.made import Office, code_of, drafted, payable, sealed, user
from workflows.claims import Claim
from workflows.reviews import Review

pytestmark = pytest.mark.django_db
HOSTILE = ("=cmd|'/C calc'!A0", '+1"引号", 公司', "-甲\n乙有限公司", "@丙,丁；有限公司", "0123456789012345678")


def checked(office: Office, source: FundSource, *claims: Claim) -> Batch:
    batch = drafted(office, source, *claims)
    return batches.check_batch(batch_id=batch.pk, by=office.checker)


def book_of(batch: Batch) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(read(StoredFile.objects.get(pk=batch.file_id))))


def control_of(book: openpyxl.Workbook) -> dict[str, str]:
    return {row[0]: row[1] for row in book["校验"].iter_rows(min_row=2, values_only=True)}


def test_the_control_totals_add_up(office: Office, source: FundSource) -> None:
    claims = [payable(source, heads=heads) for heads in (3, 1, 7)]
    batch = sealed(office, source, *claims)
    book = book_of(batch)
    assert book.sheetnames == ["汇总", "明细", "校验"]
    detail = list(book["明细"].iter_rows(values_only=True))
    assert detail[0] == (
        "序号",
        "业务编号",
        "收款人户名",
        "收款账号",
        "开户银行",
        "联行号",
        "金额（元）",
        "用途",
        "备注",
    )
    assert [row[1] for row in detail[1:]] == [claim.number for claim in claims]
    assert [row[6] for row in detail[1:]] == ["3000.00", "1000.00", "7000.00"]
    assert [row[3] for row in detail[1:]] == [claim.account.number for claim in claims]
    assert [row[8] for row in detail[1:]] == ["共3人", "共1人", "共7人"]
    assert control_of(book) == {
        "批次号": batch.number,
        "笔数": "3",
        "人数": "11",
        "金额合计（元）": "11000.00",
        "金额合计大写": rmb_upper(11_000_00),
        "政策版本": "qtz-2023-3/1",
        "明细内容SHA-256": digest(transfers_of(live_items(batch))),
    }
    assert list(book["汇总"].iter_rows(min_row=5, values_only=True)) == [
        ("类别", "笔数", "人数", "金额（元）"),
        ("机构引进", 3, 11, "11000.00"),
        ("合计", 3, 11, "11000.00"),
    ]
    assert (batch.count, batch.total_fen) == (11, 11_000_00)


def test_hostile_names_stay_text_and_unchanged(office: Office, source: FundSource) -> None:
    claims = [payable(source, made.agency(name), heads=1) for name in HOSTILE]
    book = book_of(sealed(office, source, *claims))
    cells = [row[2] for row in book["明细"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == list(HOSTILE)
    everything = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in everything} == {"s", "n"}
    assert all(
        isinstance(row[3].value, str) and row[3].number_format == "@" for row in book["明细"].iter_rows(min_row=2)
    )


def test_a_name_no_cell_can_hold_seals_nothing(office: Office, source: FundSource) -> None:
    batch = checked(office, source, payable(source, made.agency("钟\x07声有限公司"), heads=1))
    assert code_of(lambda: batches.release_batch(batch_id=batch.pk, by=office.approver)) == "cell_control_character"
    assert Batch.objects.get().state == BatchState.CHECKED
    assert not StoredFile.objects.exists()


def test_the_same_bytes_are_served_for_ever(office: Office, source: FundSource) -> None:
    claim = payable(source)
    batch = sealed(office, source, claim)
    first = read(batches.download(batch_id=batch.pk, by=office.maker))
    assert sha256(first).hexdigest() == batch.sha256
    Claim.objects.filter(pk=claim.pk).update(number="YG-2025-104-999999")
    batch.fund.name = "别的资金"
    batch.fund.save()
    batches.mark_items(batch_id=batch.pk, all_pending=True, outcome="returned", reason="销户", by=office.maker)
    assert read(batches.download(batch_id=batch.pk, by=office.auditor)) == first
    events = Event.objects.filter(chain=batch.chain, verb="download_batch")
    assert [event.by_id for event in events] == [office.maker.user_id, office.auditor.user_id]


def test_equal_batches_give_equal_bytes(office: Office, source: FundSource) -> None:
    batch = checked(office, source, payable(source), payable(source))
    assert sealing.build(batch, live_items(batch)) == sealing.build(batch, live_items(batch))


def test_who_may_download_and_when(office: Office, source: FundSource) -> None:
    batch = checked(office, source, payable(source))
    assert code_of(lambda: batches.download(batch_id=batch.pk, by=office.maker)) == "batch_not_sealed"
    batches.release_batch(batch_id=batch.pk, by=office.approver)
    with pytest.raises(NotAllowed):
        batches.download(batch_id=batch.pk, by=office.bureau)
    assert not Event.objects.filter(verb="download_batch").exists()


def test_bytes_that_are_not_the_sealed_ones_are_not_served(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    Batch.objects.filter(pk=batch.pk).update(sha256="0" * 64)
    assert code_of(lambda: batches.download(batch_id=batch.pk, by=office.maker)) == "file_damaged"


def test_a_damaged_file_is_not_served(office: Office, source: FundSource) -> None:
    batch = sealed(office, source, payable(source))
    file = batches.download(batch_id=batch.pk, by=office.maker)
    path = Path(settings.MEDIA_ROOT) / file.path
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert code_of(lambda: read(file)) == "file_damaged"


def test_a_batch_that_changed_while_it_was_built_is_not_sealed(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(office, source, payable(source), payable(source))
    build: Callable[..., bytes] = sealing.build

    def build_and_lose_one(*args: object) -> bytes:
        data = build(*args)
        PaymentItem.objects.filter(pk=PaymentItem.objects.order_by("-pk").values("pk")[:1]).update(live=False)
        return data

    monkeypatch.setattr(sealing, "build", build_and_lose_one)
    with pytest.raises(WrongState) as refused:
        batches.release_batch(batch_id=batch.pk, by=office.approver)
    assert refused.value.code == "batch_changed"
    batch.refresh_from_db()
    assert (batch.state, batch.sha256) == (BatchState.CHECKED, "")


@pytest.mark.parametrize("step", ["put", "enter", "issue", "record"])
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
    assert (StoredFile.objects.count(), Paper.objects.count(), Event.objects.count()) == (0, 0, before)
    monkeypatch.undo()
    assert batches.release_batch(batch_id=batch.pk, by=office.approver).state == BatchState.SEALED


def test_only_whoever_may_release_makes_the_file(
    office: Office, source: FundSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(office, source, payable(source))
    monkeypatch.setattr(sealing, "build", lambda *args: pytest.fail("built for somebody who may not release"))
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
