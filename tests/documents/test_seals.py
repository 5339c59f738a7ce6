"""Seals: put on once, checked before anything is stored, told apart when broken, and never missing in silence."""

import io
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from asn1crypto import cms
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.errors import Refusal
from core.jobs import Again, JobState, Run, enqueue, run_job, task
from core.privacy import make_ring_file, ring
from documents.models import Paper, PaperBytes, StoredFile
from documents.papers import content_of, issue, pdf_of
from documents.papers.rendering import render
from documents.papers.verification import examine
from documents.seals import Seal, field, remote, sealed, seals_in
from documents.seals.certificates import folder, load, make_local_seal, trusted
from tests.documents import papers_made as made
from tests.documents.pdf_examined import decision, failures
from tests.documents.seal_service import NAME, Service, serving

pytestmark = pytest.mark.django_db
BUREAU = "泉州台商投资区管理委员会民生保障局"


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.BUSINESS_DATE = date(2025, 11, 24)
    settings.KEYS_FILE = tmp_path / "keys" / "ring.json"
    make_ring_file(settings.KEYS_FILE)
    make_local_seal()
    ring.cache_clear()
    yield
    ring.cache_clear()


@pytest.fixture
def paper() -> Paper:
    content = made.certificate()
    return issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯")


def refused(paper: Paper) -> str:
    with pytest.raises(Refusal) as caught:
        pdf_of(paper)
    assert isinstance(caught.value, Again) == (caught.value.code == "seal_unavailable")  # background work tries again
    return caught.value.code


def test_the_local_seal_holds_and_says_whose_it_is(paper: Paper) -> None:
    data = pdf_of(paper)
    assert seals_in(data) == [Seal(BUREAU, holds=True)]
    assert examine(data).seal == Seal(BUREAU, holds=True) and pdf_of(paper) == data


def test_another_programme_finds_the_seal_sound_and_the_whole_file_covered(paper: Paper) -> None:
    (signature,) = PdfFileReader(io.BytesIO(pdf_of(paper))).embedded_signatures
    roots = ValidationContext(trust_roots=trusted(), allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=roots)
    assert status.bottom_line and status.intact and status.valid and status.coverage.name == "ENTIRE_FILE"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("name", list(made.all_kinds()))
def test_a_sealed_paper_keeps_both_standards_and_its_decision(name: str) -> None:
    content = made.all_kinds()[name]
    number = None if content.SERIES else "BF-2025-007"
    paper = issue(kind=content.KIND, content=content, subject="claim:1", by_label="庄晓雯", number=number)
    data = pdf_of(paper)
    assert failures(data) == []
    assert decision(data)["number"] == paper.number


def test_a_seal_whose_stream_ends_badly_is_laid_out_anew(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    with_field = field._with_field

    def unlucky(data: bytes, reserved: int, spare: int) -> tuple[Any, io.BytesIO]:
        tried.append(spare)
        prepared, out = with_field(data, reserved, spare)
        if spare < 2:
            out.getbuffer()[-20:-7] = field.STRAY[:13].ljust(13)
        return prepared, out

    monkeypatch.setattr(field, "_with_field", unlucky)
    data = pdf_of(paper)
    assert tried == [0, 1, 2] and failures(data) == [] and seals_in(data)[0].holds


def test_rendering_itself_stays_unsealed_and_the_same(paper: Paper) -> None:
    plain = render(paper, content_of(paper))
    assert plain == render(paper, content_of(paper)) and seals_in(plain) == []
    assert pdf_of(paper).startswith(plain)


def test_none_seals_nothing(paper: Paper, settings: Any) -> None:
    settings.SEAL = "none"
    data = pdf_of(paper)
    assert seals_in(data) == [] and examine(data).standing == "genuine" and examine(data).seal is None
    settings.SEAL = "ftp://seal"
    with pytest.raises(ImproperlyConfigured):
        sealed(data)


def test_a_broken_byte_breaks_the_seal(paper: Paper) -> None:
    data = pdf_of(paper)
    begin = data.index(b"/Contents <") + len(b"/Contents <")
    end = data.index(b">", begin)
    signer = cms.ContentInfo.load(bytes.fromhex(data[begin:end].decode()))["content"]["signer_infos"][0]
    dice = Random(5)
    places = [place for place in (dice.randrange(len(data)) for _ in range(80)) if not begin <= place < end]
    for part in (load(folder() / "local.pem").dump(), signer["signed_attrs"].contents, signer["signature"].contents):
        written = part.hex().encode()
        start = data.lower().index(written)
        places += [start + dice.randrange(len(written)) for _ in range(20)]
    for place in places:
        broken = bytearray(data)
        broken[place] = broken[place] ^ 1
        assert not any(seal.holds for seal in seals_in(bytes(broken)))
    for other in (data + b"\n", data[:-1], b" " + data):
        assert not any(seal.holds for seal in seals_in(other))
    found = examine(data + b"\n")
    assert found.standing == "altered" and found.seal == Seal(BUREAU, holds=False)


def test_the_seal_of_another_house_is_not_ours(paper: Paper, settings: Any, tmp_path: Path) -> None:
    data = pdf_of(paper)
    settings.KEYS_FILE = tmp_path / "elsewhere" / "ring.json"
    make_local_seal()
    assert seals_in(data) == [Seal("", holds=False)]


def test_old_seals_hold_after_the_key_was_changed(paper: Paper) -> None:
    data = pdf_of(paper)
    (folder() / "local.pem").rename(folder() / "2025.pem")
    (folder() / "local.key").unlink()
    assert make_local_seal() and len(trusted()) == 2
    assert seals_in(data) == [Seal(BUREAU, holds=True)]


@pytest.mark.parametrize("writes", [0, 1])
def test_a_crash_leaves_no_key_without_its_certificate_and_the_next_start_completes_it(
    paper: Paper, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Killed before a file gets its name: the certificate's (0) or the key's (1)."""
    settings.KEYS_FILE, named = tmp_path / "crashed" / "ring.json", Path.replace
    done: list[Path] = []

    def crash(fresh: Path, target: Path) -> Path:
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(target)
        return named(fresh, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", crash)
        make_local_seal()
    assert not (folder() / "local.key").exists() and len(trusted()) == writes
    assert make_local_seal() and not make_local_seal()
    assert sorted(path.name for path in folder().iterdir()) == ["local.key", "local.pem"]
    assert seals_in(pdf_of(paper)) == [Seal(BUREAU, holds=True)]


def test_a_key_without_its_certificate_gets_one(paper: Paper) -> None:
    (folder() / "local.pem").unlink()
    assert refused(paper) == "seal_unavailable"
    key = (folder() / "local.key").read_bytes()
    assert make_local_seal() and (folder() / "local.key").read_bytes() == key
    assert seals_in(pdf_of(paper)) == [Seal(BUREAU, holds=True)]


def test_make_keys_makes_the_seal_once_for_its_owner_only(settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.KEYS_FILE = tmp_path / "fresh" / "ring.json"
    call_command("make_keys")
    key = folder() / "local.key"
    before = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and stat.S_IMODE(folder().stat().st_mode) == 0o700
    assert load(folder() / "local.pem").subject.native["common_name"] == BUREAU
    call_command("make_keys")
    assert key.read_bytes() == before and "there already" in capsys.readouterr().out


def test_without_its_key_a_paper_waits(paper: Paper) -> None:
    (folder() / "local.key").rename(folder() / "away")
    assert refused(paper) == "seal_unavailable" and not PaperBytes.objects.exists()
    (folder() / "away").rename(folder() / "local.key")
    assert seals_in(pdf_of(paper))[0].holds


@pytest.mark.parametrize("way", ["raw", "cms"])
@pytest.mark.parametrize("pinned", [True, False])
def test_a_service_seals_by_raw_signature_or_by_cms(
    paper: Paper, settings: Any, tmp_path: Path, way: str, pinned: bool
) -> None:
    service = Service(way)
    settings.SEAL_TOKEN = "secret-token"
    with serving(service, settings, tmp_path, raw=pinned):
        if way == "raw" and not pinned:  # who answers a raw signature must be known
            service.ways = ["nonsense"]
            assert refused(paper) == "seal_invalid"
            return
        data = pdf_of(paper)
    assert seals_in(data) == [Seal(NAME, holds=True)] and failures(data) == []
    assert service.tokens == ["Bearer secret-token"] and len(service.asked) == 1
    assert set(service.asked[0]) <= {"digest", "to_be_signed"}


def test_a_slow_service_is_left_and_asked_again(paper: Paper, settings: Any, tmp_path: Path) -> None:
    service = Service("slow", "down", "raw")
    with serving(service, settings, tmp_path):
        data = pdf_of(paper)
    assert seals_in(data)[0].holds and len(service.asked) == 3


@pytest.mark.parametrize(("way", "asked"), [("down", 3), ("slow", 3), ("endless", 3), ("forbidden", 1)])
def test_a_service_that_does_not_answer_leaves_the_paper_waiting(
    paper: Paper, settings: Any, tmp_path: Path, way: str, asked: int
) -> None:
    service = Service(way)
    with serving(service, settings, tmp_path):
        assert refused(paper) == "seal_unavailable" and len(service.asked) == asked
        assert not PaperBytes.objects.exists() and not StoredFile.objects.exists()
        service.ways = ["raw"]
        assert seals_in(pdf_of(paper))[0].holds


def test_a_service_that_is_down_altogether(paper: Paper, settings: Any) -> None:
    settings.SEAL, settings.SEAL_PAUSE_SECONDS, settings.SEAL_REST_SECONDS = "http://127.0.0.1:9/seal", 0.01, 0.0
    assert refused(paper) == "seal_unavailable" and not PaperBytes.objects.exists()


def test_a_silent_service_is_left_alone_for_a_while(paper: Paper, settings: Any, tmp_path: Path) -> None:
    service = Service("down")
    with serving(service, settings, tmp_path):
        settings.SEAL_REST_SECONDS = 60.0
        assert [refused(paper), refused(paper)] == ["seal_unavailable"] * 2 and len(service.asked) == 3
        remote.SILENT.clear()
        service.ways = ["raw"]
        assert seals_in(pdf_of(paper))[0].holds


@task("tests.seals", label="测试任务", attempts=5)
def make(run: Run) -> dict[str, Any]:
    pdf_of(Paper.objects.get(pk=run.arguments["paper"]))
    return {}


def test_background_work_makes_a_paper_once_its_seal_can_be_had(paper: Paper, settings: Any, tmp_path: Path) -> None:
    settings.JOBS_CARRIER, settings.JOBS_BACKOFF_SECONDS = "database", (0, 0)
    service = Service("down")
    job = enqueue("tests.seals", arguments={"paper": str(paper.pk)})
    with serving(service, settings, tmp_path):
        assert run_job(job.pk, beating=False) == JobState.WAITING
        job.refresh_from_db()
        assert job.error_code == "seal_unavailable" and not PaperBytes.objects.exists()
        service.ways = ["raw"]
        assert run_job(job.pk, beating=False) == JobState.DONE
    assert seals_in(pdf_of(paper))[0].holds and len(service.asked) == 4


@pytest.mark.parametrize("way", ["wrong", "nonsense"])
def test_a_wrong_signature_is_refused_before_anything_is_stored(
    paper: Paper, settings: Any, tmp_path: Path, way: str
) -> None:
    with serving(Service(way), settings, tmp_path):
        assert refused(paper) == "seal_invalid"
    assert not PaperBytes.objects.exists() and not StoredFile.objects.exists()


def test_a_sound_signature_of_an_unknown_certificate_is_refused(paper: Paper, settings: Any, tmp_path: Path) -> None:
    with serving(Service("cms"), settings, tmp_path, raw=False):
        (folder() / "platform.pem").unlink()
        assert refused(paper) == "seal_invalid"


def test_hostile_ranges_cost_nothing() -> None:
    ranges = (
        b"/ByteRange [0 5 9999999999 1]",
        b"/ByteRange [0 0 0 0]",
        b"/ByteRange [1 2 3 4]",
        b"/ByteRange [9 1 2 3]",
        b"/ByteRange[0 1 3000 2]" + b"<" + b"30" * 1400 + b">",
        b"/ByteRange [0 4 60000 1]" + b"(" * 60000,
    )
    for data in ranges:
        assert not any(seal.holds for seal in seals_in(data))
    assert len(seals_in(b"/ByteRange [0 0 0 0]" * 1000)) == 4
