"""The pages of bank answers: upload to booked, rows settled, accounts corrected, returned money paid again."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.acting import Actor
from core.jobs import Job, run_waiting
from funds.models import FundSource
from payments.models import AccountChange, Batch, ResultFile, ResultRow, Transfer
from tests.payments import made
from tests.payments.answered import PROOF, answer, imported, mended, outcomes, said, sent_of
from tests.payments.made import Office, payable
from tests.portals.test_finance import refused, signed_in

pytestmark = pytest.mark.django_db
MOST = 20


@pytest.fixture
def office() -> Office:
    return made.office()


@pytest.fixture
def source() -> FundSource:
    return made.fund()


def upload(client: Client, batch: Batch, data: bytes, **more: str) -> Any:
    """The answer to an upload, after the worker has done what it asked for."""
    page = reverse("finance:results", args=[batch.pk])
    found = client.post(page, {"file": SimpleUploadedFile("回单.csv", data), "format": "bank-xlsx"} | more)
    run_waiting()
    return found


def test_from_upload_to_paid_again_by_forms(office: Office, source: FundSource) -> None:
    claims = [payable(source), payable(source)]
    batch = sent_of(office, source, claims)
    maker, checker, bureau = map(signed_in, (office.maker, office.checker, office.bureau))
    page = reverse("finance:results", args=[batch.pk])
    data = answer([*said(batch, "returned"), ("BF-2025-999-0001", 1, "settled", "")])
    assert (upload(maker, batch, data).url, outcomes(batch)) == (page, ["returned", "settled"])
    shown = maker.get(page).content.decode()
    assert "登记支付成功1笔、退票1笔" in shown
    result = ResultFile.objects.get()
    once_more = upload(maker, batch, data)
    assert once_more.url == reverse("finance:result", args=[result.pk])
    assert "未作任何改动" in maker.get(once_more.url).content.decode()
    assert ResultFile.objects.count() == 1
    original = maker.get(reverse("finance:result_file", args=[result.pk]))
    assert original.content == data
    assert "attachment" in original["Content-Disposition"]

    row = ResultRow.objects.get(verdict="parked")
    settle = reverse("finance:settle", args=[row.pk])
    assert "BF-2025-999-0001" in checker.get(reverse("finance:parked")).content.decode()
    assert refused(maker.post(settle, {"kind": "set_aside", "reason": "无"})) == "result_same_person"
    assert refused(checker.post(settle, {"kind": "set_aside"})) == "reason_missing"
    assert checker.post(settle, {"kind": "set_aside", "reason": "他行文件"}).status_code == 302
    assert checker.post(settle, {"kind": "set_aside", "reason": "他行文件"}).status_code == 409
    assert "他行文件" in checker.get(reverse("finance:result", args=[result.pk])).content.decode()

    transfer = Transfer.objects.get(outcome="returned")
    number = "35001658107052501234"
    form = {"bank": "中国农业银行泉州台商投资区支行", "number": number, "reason": "账号抄错"}
    sent_in = maker.post(
        reverse("finance:account", args=[transfer.pk]), form | {"file": SimpleUploadedFile("证明.pdf", PROOF)}
    )
    change = AccountChange.objects.get()
    assert sent_in.url == reverse("finance:account_change", args=[change.pk])
    assert number not in maker.get(sent_in.url).content.decode()
    assert number in checker.get(sent_in.url).content.decode()  # to compare with the evidence
    proof = checker.get(reverse("finance:account_evidence", args=[change.pk]))
    assert proof.content == PROOF
    assert refused(maker.post(sent_in.url, {"decision": "confirm"})) == "account_not_yours"
    assert checker.post(sent_in.url, {"decision": "confirm"}).status_code == 302
    bureau.post(reverse("finance:open"), {"fund": source.pk, "channel": "public", "note": "重发"})
    new = Batch.objects.get(note="重发")
    listed = maker.get(reverse("finance:returned"), {"stage": "ready"}).content.decode()
    assert transfer.reference in listed
    assert str(new) in listed
    again = maker.post(reverse("finance:pay_again"), {"transfer": [transfer.pk], "batch": new.pk})
    assert again.url == reverse("finance:batch", args=[new.pk])
    assert number not in "".join(str(job.arguments) + str(job.result) for job in Job.objects.all())


def test_a_file_that_cannot_be_read_is_told_on_the_page(office: Office, source: FundSource) -> None:
    batch = sent_of(office, source, [payable(source)])
    maker = signed_in(office.maker)
    assert refused(upload(maker, batch, b"")) in ("upload_empty", "upload_missing")
    assert refused(upload(maker, batch, b"x", format="nothing")) == "format_unknown"
    assert upload(maker, batch, "这不是回单".encode()).status_code == 302
    shown = maker.get(reverse("finance:results", args=[batch.pk])).content.decode()
    assert "没有导入，批次没有变动" in shown
    assert "data-refusal=" in shown
    assert (ResultFile.objects.count(), outcomes(batch)) == (0, ["pending"])
    assert refused(upload(signed_in(office.approver), batch, answer(said(batch)))) == "result_not_yours"


@pytest.mark.parametrize("many", [1, 6])
def test_pages_ask_as_little_for_many_rows(
    office: Office, source: FundSource, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claims = [payable(source, heads=1) for _ in range(2 * many)]
    batch = sent_of(office, source, claims)
    rows = said(batch, *["returned"] * many)
    doubtful = [
        ("BF-2025-999-0001", 1, "settled", ""),
        *[(ref, fen + 1, "settled", "") for ref, fen, *_ in rows[:many]],
    ]
    imported(office, batch, rows)
    imported(office, batch, answer(doubtful), name="第二份.csv")
    for transfer in Transfer.objects.filter(outcome="returned")[: many // 2]:
        mended(office, transfer)
    actor: Actor = office.checker
    client = signed_in(actor)
    result = ResultFile.objects.latest("pk")
    pages = [
        reverse("finance:results", args=[batch.pk]),
        reverse("finance:result", args=[result.pk]),
        reverse("finance:parked"),
        reverse("finance:returned"),
    ]
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(MOST):
            assert client.get(page).status_code == 200
