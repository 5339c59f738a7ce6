"""A file is genuine when its bytes are the stored ones, and never otherwise; hostile files only cost a look."""

import io
import json
import subprocess
import sys
import zlib
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from pypdf import PdfReader, PdfWriter

from core.errors import Refusal
from documents.models import Paper, StoredFile
from documents.papers import issue, pdf_of, replace, withdraw
from documents.papers.searching import MOST, TOGETHER, claims_of
from documents.papers.verification import LARGEST, examine
from tests.documents import papers_made as made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.BUSINESS_DATE = date(2025, 11, 24)


@pytest.fixture
def paper() -> Paper:
    content = made.approval("individual", 6)
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")


@pytest.fixture
def data(paper: Paper) -> bytes:
    return pdf_of(paper)


def test_each_standing(paper: Paper, data: bytes) -> None:
    found = examine(data)
    assert (found.standing, found.paper) == ("genuine", paper) and paper.number in found.sentence
    content = made.approval("individual", 5)
    new = issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")
    replace(paper, by=new, reason="变更", by_label="王")
    found = examine(data)
    assert (found.standing, found.paper) == ("replaced", paper) and f"以{new.number}为准" in found.sentence
    withdraw(new, reason="收回", by_label="王")
    assert examine(pdf_of(new)).standing == "withdrawn"
    assert examine(b"%PDF-1.7 nothing of ours").standing == "unknown"


def test_a_flipped_byte_anywhere_is_never_genuine(paper: Paper, data: bytes) -> None:
    dice = Random(3)
    found = []
    for n in range(200):
        place = (n * len(data)) // 200 + dice.randrange(len(data) // 200)
        broken = bytearray(data)
        broken[place] ^= 1 << dice.randrange(8)
        finding = examine(bytes(broken))
        found.append(finding.standing)
        assert finding.paper in (paper, None)
    assert set(found) <= {"altered", "unknown"} and found.count("altered") >= 190


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_never_genuine(data: bytes, share: float) -> None:
    assert examine(data[: int(len(data) * share)]).standing in {"altered", "unknown"}


def test_what_is_added_or_saved_anew_is_altered(paper: Paper, data: bytes) -> None:
    update = b"\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 0\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.compress_content_streams()
    resaved = io.BytesIO()
    writer.write(resaved)
    incremental = io.BytesIO()
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    writer.add_metadata({"/Title": "我的奖状"})
    writer.write(incremental)
    for changed in (data + b"\n", data + update, b"\n" + data, resaved.getvalue(), incremental.getvalue()):
        found = examine(changed)
        assert (found.standing, found.paper) == ("altered", paper)
        assert "与存档不一致" in found.sentence


def test_a_number_in_any_dress_is_found(paper: Paper) -> None:
    wide = paper.number.encode("utf-16-be")
    hidden = zlib.compress(b"noise " * 50 + paper.number.encode())
    for text in (
        f"<paper:number>{paper.number}</paper:number>".encode(),
        b"(\xfe\xff" + wide + b")",
        b"5 0 obj stream\r\n" + hidden + b"\r\nendstream",
        f"https://example.org/verify/{paper.code}/".encode(),
        json.dumps({"code": paper.code}).encode(),
    ):
        assert examine(b"%PDF-1.7\n" + text).paper == paper
    for text in (b"XSP-2025-0000019", b"sp-2025-000001", paper.code.encode(), b"-2025-000001"):
        assert examine(b"%PDF-1.7\n" + text).standing == "unknown"


def test_the_metadata_weighs_more_than_the_text(paper: Paper) -> None:
    content = made.refusal()
    other = issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")
    text = f"%PDF-1.7 {other.number} <paper:number>{paper.number}</paper:number>"
    assert examine(text.encode()).paper == paper
    assert examine(f"%PDF-1.7 {other.number} /verify/{paper.code}/".encode()).paper == paper


def test_a_draft_is_told_and_none_that_names_a_paper(paper: Paper) -> None:
    draft = b"%PDF-1.7 <paper:standing>draft</paper:standing>"
    found = examine(draft)
    assert (found.standing, found.paper) == ("draft", None) and "不是正式文书" in found.sentence
    assert examine(draft + paper.number.encode()).standing == "altered"


def test_hostile_files_are_unknown_with_the_process_alive() -> None:
    bomb = zlib.compress(bytes(60_000_000), 9)
    many = b"".join(b"stream\n" + bomb[:3000] for _ in range(3000))
    numbers = b" ".join(b"SP-2024-%06d" % n for n in range(50_000))
    noise = Random(4).randbytes(2_000_000)
    for data in (
        b"x",
        b"%PDF-",
        b"%PDF-1.7\nstream\r\n" + bomb,
        b"%PDF-1.7" + many,
        numbers,
        noise,
        b"-20" * 1_000_000,
    ):
        assert examine(data).standing == "unknown"
    assert len(claims_of(numbers).numbers) == MOST
    assert not StoredFile.objects.exists()


def test_a_bomb_unfolds_to_a_sip(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb, seen = zlib.compress(bytes(60_000_000), 9), []
    monkeypatch.setattr("documents.papers.searching._numbers", lambda text: seen.append(len(text)) or iter(()))
    claims_of(b"".join(b"stream\n" + bomb for _ in range(100)))
    assert len(seen) > 10 and sum(seen[1:]) <= TOGETHER


@pytest.mark.parametrize(("data", "code"), [(b"", "upload_empty"), (bytes(LARGEST + 1), "upload_too_large")])
def test_what_is_not_examined_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        examine(data)
    assert caught.value.code == code


def told(capsys: Any, *arguments: str) -> tuple[int, Any]:
    try:
        call_command("verify_document", *arguments)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(capsys.readouterr().out)


def test_the_command_answers_in_json_and_by_its_exit_code(
    paper: Paper, data: bytes, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(data)
    code, answer = told(capsys, str(file), "--json")
    assert (code, answer["standing"], answer["number"], answer["amount_fen"]) == (0, "genuine", paper.number, 200_000)
    file.write_bytes(data + b"\n")
    code, answer = told(capsys, str(file), "--json")
    assert (code, answer["standing"], answer["number"]) == (1, "altered", paper.number)
    file.write_bytes(b"hello")
    assert told(capsys, str(file), "--json")[1]["standing"] == "unknown"
    file.write_bytes(data)
    withdraw(paper, reason="收回", by_label="王")
    assert told(capsys, str(file), "--json")[0] == 1
    for unreadable in (tmp_path / "none.pdf", tmp_path):
        code, answer = told(capsys, str(unreadable), "--json")
        assert (code, answer["standing"]) == (2, None)


def test_the_command_runs_by_itself(settings: Any) -> None:
    """With a database of its own that is empty, an unreadable file ends with 2 and no trace of Python."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "verify_document", "no-such-file.pdf", "--json"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2 and json.loads(ran.stdout)["standing"] is None and "Traceback" not in ran.stderr
