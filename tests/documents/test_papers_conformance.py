"""Every paper is PDF/A-3a and PDF/UA-1 at once, carries its decision, and says what it is even when it is damaged."""

import io
import re
from collections.abc import Iterator
from itertools import islice
from random import Random

import jsonschema
import pytest
from pypdf import PdfReader

from documents.papers.content import Content
from documents.papers.rendering import draft, html_of, rendered
from tests.documents import lists_made as lists
from tests.documents import papers_made as made
from tests.documents.papers_seen import printed
from tests.documents.pdf_examined import SCHEMA, STRAY, decision, embedded, failures, paper_of, wrong_fonts
from tests.documents.recovery_made import recovery

ALL = made.all_kinds()
PERSONAL = re.compile(r"(?<![\d.A-Za-z])(1[3-9]\d{9}|\d{15}|\d{17}[\dXx]|\d{16,19})(?![\dA-Za-z])")


def mixed(count: int, longest: int) -> Iterator[Content]:
    """Papers of every kind, of up to `longest` lines and different names, always the same ones."""
    dice = Random(2025)
    makers = (
        lambda: made.approval("agency", dice.randint(3, longest)),
        lambda: made.approval("individual", dice.randint(3, 9)),
        lambda: made.approval("platform", dice.randint(3, longest)),
        lambda: made.approval("ambassador"),
        lambda: made.publicity(dice.randint(1, longest)),
        lambda: made.certificate(dice.choice(["gold", "silver", "bronze"]), dice.choice(made.NAMES)),
        lambda: made.payment(dice.randint(1, longest)),
        made.refusal,
        lambda: made.deduction(dice.randint(1, longest)),
        made.correction,
        lambda: recovery(dice.randint(1, 12)),
        lambda: lists.roster(dice.choice(["agency", "individual"]), dice.randint(3, longest)),
        lambda: lists.roster("platform", dice.randint(3, longest)),
        lambda: lists.roster("ambassador", dice.randint(3, longest)),
        lambda: lists.summary(dice.randint(1, longest)),
        lambda: lists.village_check(dice.randint(3, longest)),
        lists.village_check_of_a_title,
        lambda: lists.township_check(dice.randint(3, longest)),
    )
    for n in range(count):
        yield makers[n % len(makers)]()


def faults(contents: Iterator[Content]) -> list[str]:
    found = []
    for n, content in enumerate(contents):
        made_ = rendered(paper_of(content, n), content)
        found += [f"{n} {content.KIND}: {failure}" for failure in failures(made_.data)]
        found += [f"{n} {content.KIND}: font {name}" for name in wrong_fonts(made_.data)]
        found += [f"{n} {content.KIND}: a sign that no font holds"] * made_.missing_signs
        if decision(made_.data)["number"] != paper_of(content, n).number or STRAY in made_.data:
            found.append(f"{n} {content.KIND}: decision or stream")
    return found


@pytest.mark.parametrize("name", ALL)
def test_every_kind_conforms_and_carries_its_decision(name: str) -> None:
    content = ALL[name]
    data = printed(name)
    assert failures(data) == []
    assert wrong_fonts(data) == set() and "Noto-Serif-CJK-SC-Bold" in embedded(data)
    told = decision(data)
    assert told["kind"] == content.KIND and told["amount_fen"] == content.amount_fen
    assert told["names"] == list(content.public()["names"]) and told["title"] == content.title
    assert not PERSONAL.search(str({key: value for key, value in told.items() if key != "content"}))
    assert not PERSONAL.search(str({key: value for key, value in told["content"].items() if key != "sha256"}))


def test_fifty_mixed_papers_have_no_fault() -> None:
    assert faults(mixed(50, longest=12)) == []


@pytest.mark.nightly
def test_a_thousand_mixed_papers_have_no_fault() -> None:
    assert faults(mixed(1_000, longest=60)) == []


def test_the_decision_tells_lines_with_masked_names_and_no_account() -> None:
    content = made.approval()
    told = decision(rendered(paper_of(content), content).data)
    lines = told["content"]["lines"]
    assert [line["amount_fen"] for line in lines] == [row.amount_fen for row in content.lines]
    assert lines[0]["name"] == "黄*玲" and lines[0]["outcome"] == "支持" and len(lines) == 30
    assert told["content"]["total_fen"] == 2_800_000 and told["content"]["filed_on"] == "2025-09-29"
    assert told["articles"] == ["泉台管办规〔2023〕3号", "泉台管办规〔2023〕3号 一（六）", "本区默认口径 A8"]
    assert [o["stage"] for o in told["content"]["opinions"]][:2] == ["village", "village"]
    whole = str(told)
    assert all(row.name not in whole and row.masked_id not in whole for row in content.lines if len(row.name) > 1)
    payment = made.payment()
    paid = str(decision(rendered(paper_of(payment), payment).data))
    assert all(row.account not in paid and row.payee not in paid for row in payment.rows)
    assert "YG-2025-104-000001" in paid


def test_the_schema_refuses_a_whole_name_and_a_sum_in_yuan() -> None:
    content = made.approval()
    told = decision(rendered(paper_of(content), content).data)
    check = jsonschema.Draft202012Validator(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    told["content"]["lines"][0]["name"] = "黄美玲"
    told["content"]["total_fen"] = 28_000.5
    told["more"] = 1
    assert len(list(check.iter_errors(told))) == 3


def test_title_language_bookmarks_and_metadata_in_plain_text() -> None:
    content = made.approval()
    data = rendered(paper_of(content), content).data
    reader = PdfReader(io.BytesIO(data))
    root = reader.root_object
    assert root["/Lang"] == "zh-CN" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.outline and reader.outline[0].title.startswith(content.title)
    assert b"<paper:number>SP-2025-000123</paper:number>" in data
    assert b"<paper:code>K7MPX3QR9T</paper:code>" in data
    assert b"<paper:standing>issued</paper:standing>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data and b'pdfaid:part="3"' in data
    (file,) = root["/AF"]
    file = file.get_object()
    assert file["/AFRelationship"] == "/Data" and file["/UF"] == "decision.json"
    assert file["/EF"]["/F"]["/Params"]["/ModDate"] == "D:20251124000000Z"


def test_a_checker_that_sees_nothing_would_be_noticed() -> None:
    """The negative control: without its claim, or with a picture nobody can hear, a paper does not conform."""
    content = made.refusal()
    data = rendered(paper_of(content), content).data
    assert failures(data.replace(b"<pdfuaid:part>1</", b"<pdfuaid:part>7</"))
    assert failures(data.replace(b'pdfaid:part="3"', b'pdfaid:part="1"'))


def test_no_stream_ends_in_a_carriage_return_in_any_of_many_papers() -> None:
    """One stream in 256 would: certificates differ in one digit, so their streams end in every byte."""
    content, stray = made.certificate(), 0
    for n in range(60):
        data = rendered(paper_of(content, n), content).data
        stray += STRAY in data
    assert stray == 0


def test_a_draft_conforms_and_names_nothing_that_could_be_verified() -> None:
    for content in islice(ALL.values(), 3):
        data = draft(content)
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages)
        assert b"<paper:standing>draft</paper:standing>" in data and b"<paper:code></paper:code>" in data
        assert "/verify/" not in html_of(paper_of(content), content, draft=True) and "K7MPX3QR9T" not in text
        assert "decision.json" not in PdfReader(io.BytesIO(data)).attachments
