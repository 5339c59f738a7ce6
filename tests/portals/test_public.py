"""Verification by strangers: what they see, what they do not, and how often they may ask."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.errors import Refusal
from documents.files import read, store
from documents.models import Paper, StoredFile
from documents.papers import issue, pdf_of, replace, withdraw
from documents.papers.content import Content
from documents.papers.verification import LARGEST
from portals.public.limits import FILES_A_MINUTE, QUESTIONS_A_MINUTE
from portals.shared.downloads import file_response, paper_response, response
from tests.documents import papers_made as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.BUSINESS_DATE = date(2025, 11, 24)


def issued(content: Content, number: str | None = None) -> Paper:
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯", number=number)


def test_the_form_needs_no_log_in(client: Client) -> None:
    answer = client.get("/verify/")
    assert answer.status_code == 200
    assert 'name="q"' in answer.content.decode()


def test_by_code_by_number_and_by_the_form(client: Client) -> None:
    paper = issued(made.approval("individual", 6))
    for address in (f"/verify/{paper.code}/", f"/verify/{paper.number}/", f"/verify/?q={paper.code.lower()}"):
        answer = client.get(address)
        text = answer.content.decode()
        assert answer.status_code == 200
        for shown in (paper.number, "审批表", "2025年11月24日", "民生保障局", "2,000.00", "陈*强", "个人引进"):
            assert shown in text
        assert "陈志强" not in text


def test_nobody_sees_workers_accounts_reasons_or_who_wrote_it(client: Client) -> None:
    papers = [issued(made.approval()), issued(made.deduction()), issued(made.payment(), "BF-2025-007")]
    hidden = {line.name for line in made.deduction().lines} | {line.name for line in made.approval().lines}
    hidden |= {"稳定就业不满", "1408010109", "350*", "庄晓雯", "****6613", "139****"}
    for paper in papers:
        text = client.get(f"/verify/{paper.code}/").content.decode()
        assert paper.number in text
        assert not [secret for secret in hidden if secret in text]


@pytest.mark.parametrize(
    "asked", ["SP-2025-999999", "<script>alert(1)</script>", "%00", "长" * 100, "../../etc/passwd"]
)
def test_an_unknown_paper_is_answered_with_a_sentence(client: Client, asked: str) -> None:
    answer = client.get("/verify/", {"q": asked})
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "没有查到这份文书" in text and "<script>alert" not in text


def test_the_thirty_first_question_of_a_minute_waits(client: Client) -> None:
    paper = issued(made.certificate())
    codes = [client.get(f"/verify/{paper.code}/").status_code for _ in range(QUESTIONS_A_MINUTE + 2)]
    if codes.count(429) == 1:  # the minute turned over on the way
        codes = [client.get(f"/verify/{paper.code}/").status_code for _ in range(QUESTIONS_A_MINUTE + 2)]
    answer = client.get(f"/verify/{paper.code}/")
    assert codes.count(200) == QUESTIONS_A_MINUTE and answer.status_code == 429
    assert "稍等一分钟" in answer.content.decode() and paper.number not in answer.content.decode()
    assert client.get("/verify/").status_code == 200
    assert client.get(f"/verify/{paper.code}/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_behind_the_proxy_the_caller_counts_not_what_he_claims_to_be(client: Client, settings: Any) -> None:
    from django.test import RequestFactory

    from portals.public.limits import address_of

    request = RequestFactory().get("/verify/", HTTP_X_FORWARDED_FOR="1.1.1.1, 2.2.2.2", REMOTE_ADDR="127.0.0.1")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address_of(request) == "127.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_of(request) == "2.2.2.2"
    settings.SECURE_PROXY_SSL_HEADER = None
    ours = [RequestFactory().get("/", REMOTE_ADDR=a) for a in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "junk")]
    assert [address_of(r) for r in ours] == ["2001:db8:1:2::/64", "2001:db8:1:2::/64", "junk"]


def test_only_reading_is_possible(client: Client) -> None:
    assert client.post("/verify/", {"q": "x"}).status_code == 405


def upload(client: Client, data: bytes, **more: Any) -> Any:
    return client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", data)}, **more)


def test_an_uploaded_file_is_told_apart_in_words(client: Client) -> None:
    paper = issued(made.certificate())
    data = pdf_of(paper)
    text = upload(client, data).content.decode()
    assert 'data-standing="genuine"' in text and "逐字节一致" in text and paper.number in text and "陈志强" not in text
    middle = len(data) // 2
    text = upload(client, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]).content.decode()
    assert 'data-standing="altered"' in text and "文件已被改动" in text and "以下是存档原件的内容" in text
    later = issued(made.certificate())
    replace(paper, by=later, reason="核定结果有变更", by_label="王小明")
    text = upload(client, data).content.decode()
    assert (
        'data-standing="replaced"' in text and f"请以{later.number}为准" in text and f"/verify/{later.number}/" in text
    )
    withdraw(later, reason="收回的内部原因", by_label="王小明")
    text = upload(client, pdf_of(later)).content.decode()
    assert 'data-standing="withdrawn"' in text and "文书已撤回" in text
    assert "王小明" not in text and "收回的内部原因" not in text
    text = upload(client, b"hello").content.decode()
    assert 'data-standing="unknown"' in text and "这不是PDF文件" in text


def test_by_number_the_standing_is_told_too(client: Client) -> None:
    old, new = issued(made.certificate()), issued(made.certificate())
    replace(old, by=new, reason="核定结果有变更", by_label="王小明")
    text = client.get(f"/verify/{old.code}/").content.decode()
    assert 'data-standing="replaced"' in text and f"已被 {new.number} 替代" in text
    withdraw(new, reason="收回", by_label="王小明")
    assert "已撤回，不再有效" in client.get(f"/verify/{new.code}/").content.decode()


def test_nothing_of_an_uploaded_file_is_kept(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_file(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a stranger's file touched the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_file)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", no_file)
    counts = (StoredFile.objects.count(), sum(1 for _ in tmp_path.rglob("*")))
    assert upload(client, b"%PDF-1.7" + bytes(6_000_000)).status_code == 200
    assert (StoredFile.objects.count(), sum(1 for _ in tmp_path.rglob("*"))) == counts


def test_what_cannot_be_examined_is_refused_in_words(client: Client) -> None:
    for data, status, words in (
        (b"", 422, "文件是空的"),
        (bytes(LARGEST + 1), 422, "超过20 MB"),
        (bytes(LARGEST + 100_000), 413, "超过20 MB"),
    ):
        answer = upload(client, data)
        assert answer.status_code == status and words in answer.content.decode()
    assert client.post("/verify/file/", {}).status_code == 422
    assert client.get("/verify/file/").status_code == 405


def test_an_upload_needs_the_token_and_its_share_is_small() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/verify/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert upload(client, b"x").status_code == 403
    answers = []
    for _ in range(FILES_A_MINUTE + 1):
        file = SimpleUploadedFile("a.pdf", b"x")
        answers.append(client.post("/verify/file/", {"csrfmiddlewaretoken": token, "file": file}).status_code)
    assert answers[:3] == [200] * 3 and answers[-1] == 429
    assert client.get("/verify/?q=SP-2025-000001").status_code == 404  # its share is another


def test_downloads_are_attachments_never_sniffed_never_run() -> None:
    answer = file_response(b"<script>", '名单 "a"\r\nX: y.xlsx', "application/octet-stream", inline=True)
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E5%90%8D%E5%8D%95") and "\n" not in disposition
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;") and "X-Frame-Options" not in answer


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"])
def test_what_a_browser_could_run_is_never_shown(kind: str) -> None:
    assert file_response(b"x", "a.pdf", kind, inline=True)["Content-Disposition"].startswith("attachment")


def test_evidence_and_papers_are_shown_when_asked() -> None:
    file = store(data=b"\x89PNG", name="合同.png", content_type="image/png", by_id=None)
    shown = response(file, inline=True)
    assert shown.content == b"\x89PNG" and shown["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert response(file)["Content-Disposition"].startswith("attachment")
    paper = issued(made.certificate())
    assert paper_response(paper, b"%PDF-")["Content-Type"] == "application/pdf"
    file.sha256 = "0" * 64
    with pytest.raises(Refusal):
        read(file)
