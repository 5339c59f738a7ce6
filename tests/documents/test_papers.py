"""Papers are issued once: numbers without gaps, one PDF a paper, found by number and code."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from core import clock
from core.errors import Refusal
from documents.models import Paper, PaperBytes, StoredFile
from documents.papers import content_of, find, issue, issuing, pdf_of
from documents.papers.codec import freeze, thaw
from documents.papers.content import Content
from documents.papers.rendering import Rendered
from tests.documents import lists_made as lists
from tests.documents import papers_made as made

ALL = made.all_kinds()


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.BUSINESS_DATE = date(2025, 11, 24)


def issued(content: Content, number: str | None = None) -> Paper:
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯", number=number)


@pytest.mark.parametrize("content", ALL.values(), ids=list(ALL))
def test_content_survives_being_frozen(content: Content) -> None:
    again = thaw(type(content), freeze(content))
    assert freeze(again) == freeze(content)
    assert again.title == content.title and again.public() == content.public()


@pytest.mark.django_db
def test_each_kind_counts_in_its_own_series_and_form() -> None:
    contents = [
        made.approval(),
        made.publicity(),
        made.certificate(),
        made.refusal(),
        made.deduction(),
        made.correction(),
        lists.roster(),
        lists.summary(),
        lists.village_check(),
        lists.township_check(),
        made.answer(),
    ]
    numbers = [issued(content).number for content in contents for _ in range(2)]
    assert numbers[::2] == [
        "SP-2025-000001",
        "GS-2025-01",
        "ZS-2025-0001",
        "BY-2025-0001",
        "HJ-2025-0001",
        "BZ-2025-0001",
        "HM-2025-000001",
        "HZ-2025-001",
        "HS-2025-000001",
        "SH-2025-000001",
        "YF-2025-0001",
    ]
    assert [int(number.rsplit("-", 1)[1]) for number in numbers] == [1, 2] * 11
    with clock.travel(date(2026, 1, 5)):
        assert issued(made.approval()).number == "SP-2026-000001"


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap() -> None:
    first = issued(made.refusal())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert issued(made.refusal()).number == "BY-2025-0002"
        raise ZeroDivisionError
    assert [first.number, issued(made.refusal()).number] == ["BY-2025-0001", "BY-2025-0002"]
    assert Paper.objects.count() == 2


@pytest.mark.django_db
def test_a_payment_paper_brings_its_number_and_content_must_fit_the_kind() -> None:
    assert issued(made.payment(), "BF-2025-007").number == "BF-2025-007"
    with pytest.raises(ValueError, match="brings its own number"):
        issued(made.payment())
    with pytest.raises(ValueError, match="no content of a paper"):
        issue(kind=Paper.Kind.REFUSAL, content=made.approval(), subject="claim:1", by_label="庄")
    with pytest.raises(ValueError, match="those of its rows"):
        replace(made.payment(), total_fen=1)


@pytest.mark.django_db
def test_content_is_sealed_in_the_database_and_comes_back_whole() -> None:
    paper = issued(made.payment(), "BF-2025-007")
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, public FROM documents_paper")
        content, public = cursor.fetchone()
    assert made.payment().rows[0].account not in str(content) + str(public)
    assert freeze(content_of(Paper.objects.get(pk=paper.pk))) == freeze(made.payment())


@pytest.mark.django_db
def test_the_pdf_is_made_once_and_served_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = issued(made.refusal())
    first = pdf_of(paper)
    monkeypatch.setattr(issuing, "rendered", lambda *_: pytest.fail("rendered a second time"))
    again = pdf_of(Paper.objects.get(pk=paper.pk))
    assert first.startswith(b"%PDF-") and again == first
    file = PaperBytes.objects.get().file
    assert file.sha256 == sha256(first).hexdigest() and file.name == f"{paper.number}.pdf"


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_store_one_pdf_and_answer_alike(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Both render (the barrier makes sure), to different bytes; one is stored, and both callers get that one."""
    paper, both, drawn = issued(made.refusal()), Barrier(2, timeout=30), []

    def render(*_: object) -> Rendered:
        both.wait()
        drawn.append(Rendered(b"%PDF-" + str(len(drawn)).encode(), 0))
        return drawn[-1]

    def ask(_: int) -> bytes:
        try:
            return pdf_of(Paper.objects.get(pk=paper.pk))
        finally:
            connection.close()

    monkeypatch.setattr(issuing, "rendered", render)
    settings.SEAL = "none"  # what is rendered here is no PDF
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, range(2)))
    assert len(drawn) == 2
    assert len(set(answers)) == 1 and PaperBytes.objects.count() == StoredFile.objects.count() == 1
    assert pdf_of(paper) == answers[0]


@pytest.mark.django_db
def test_find_by_number_and_code_as_people_type_them() -> None:
    paper = issued(made.approval())
    assert len(paper.code) == 10 and not set(paper.code) & set("01OIL")
    full_width = paper.code.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})
    for text in (
        paper.number,
        paper.number.lower(),
        paper.code,
        f" {paper.code[:5]} {paper.code[5:].lower()} ",
        full_width,
    ):
        assert find(text) == paper
    assert find("SP—2025—000001") == paper
    for text in ("", "   ", "SP-2025-000002", paper.code[:9], "%", "' OR 1=1 --", "\0", "长" * 5000):
        assert find(text) is None


@pytest.mark.django_db
def test_strangers_see_masked_persons_and_no_payees() -> None:
    assert made.approval().public()["names"] == ["泉州海丝人力资源服务有限公司"]
    assert made.approval("individual", 3).public()["names"] == ["陈*强"]
    assert made.certificate().public()["names"] == ["陈*强"]
    assert made.publicity(5).public()["names"][1] == "陈*强"
    assert made.payment().public()["names"] == []
    public = str(made.deduction().public())
    assert not [line for line in made.deduction().lines if line.name in public or line.reason in public]


def test_a_whole_number_where_a_masked_one_belongs_is_refused() -> None:
    whole = "350521199001010013"
    claimant = made.approval().claimant
    for wrong in (
        lambda: made.approval(lines=[replace(made.workers(1, deducted=0)[0], masked_id=whole)]),
        lambda: replace(made.approval(), claimant=replace(claimant, masked_account="14080101090000001")),
        lambda: replace(made.approval(), claimant=replace(claimant, masked_phone="13900002671")),
        lambda: replace(made.deduction(), lines=[replace(made.deduction().lines[0], masked_id=whole)]),
    ):
        with pytest.raises(Refusal) as refused:
            wrong()
        assert refused.value.code == "paper_unmasked" and whole not in refused.value.message


def test_parallel_villages_have_a_box_each_and_empty_stages_keep_theirs() -> None:
    boxes = [(label.split("\n")[0], organ, len(said)) for label, organ, said in made.approval().boxes]
    assert boxes[0] == ("用工企业", "", 0)
    assert [box for box in boxes if box[0] == "村（社区）"] == [
        ("村（社区）", "东园镇琅山村村民委员会", 2),
        ("村（社区）", "张坂镇玉埕村村民委员会", 2),
    ]
    assert boxes[-1] == ("财政部门", "", 0) and len(boxes) == 8
