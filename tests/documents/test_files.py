"""Files: sealed at rest, unchanged when read, and only what an officer can examine is taken in."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from core.errors import Refusal
from documents.files import LARGEST_UPLOAD, accept_upload, clean_name, read, store
from documents.models import StoredFile

pytestmark = pytest.mark.django_db
A_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PLACE = "24.6N 118.8E"


@pytest.fixture(autouse=True)
def own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    image, out = Image.new("RGB", size, "#c33"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE
    image.save(out, format=kind, exif=exif)
    return out.getvalue()


def test_storage_holds_only_ciphertext_and_reading_gives_the_same_bytes() -> None:
    data = "陈志强 350521199001010013".encode() * 50
    file = store(data=data, name="名单.pdf", content_type="application/pdf", by_id=None)
    with default_storage.open(file.path) as handle:
        at_rest = handle.read()
    assert "陈志强".encode() not in at_rest and b"350521" not in at_rest
    assert file.pk.hex in file.path and "名单" not in file.path
    assert file.size == len(data)
    assert read(StoredFile.objects.get(pk=file.pk)) == data


def test_altered_swapped_and_missing_bytes_are_refused() -> None:
    one = store(data=b"one", name="1.pdf", content_type="application/pdf", by_id=None)
    two = store(data=b"two", name="2.pdf", content_type="application/pdf", by_id=None)
    paths = [Path(default_storage.path(file.path)) for file in (one, two)]
    first, second = (path.read_bytes() for path in paths)
    for wrong in (second, first[:-1], first[:3], b"", first[:-1] + bytes([first[-1] ^ 1])):
        paths[0].chmod(0o600)
        paths[0].write_bytes(wrong)
        with pytest.raises(Refusal) as refused:
            read(one)
        assert refused.value.code == "file_damaged"
    paths[0].unlink()
    with pytest.raises(Refusal) as refused:
        read(one)
    assert refused.value.code == "file_missing"
    assert read(two) == b"two"


def test_a_row_whose_hash_is_another_is_refused() -> None:
    file = store(data=b"one", name="1.pdf", content_type="application/pdf", by_id=None)
    file.sha256 = "0" * 64
    with pytest.raises(Refusal) as refused:
        read(file)
    assert refused.value.code == "file_damaged"


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "合同.jpg"), ("JPEG", "合同.JPEG"), ("PNG", "合同.png")])
def test_pictures_are_drawn_anew_without_place_and_tail(kind: str, name: str) -> None:
    data = picture(kind) + b"<script>alert(1)</script>"
    assert PLACE.encode() in data
    file = accept_upload(data=data, name=name, by_id=None)
    clean = read(file)
    assert PLACE.encode() not in clean and b"script" not in clean
    again = Image.open(io.BytesIO(clean))
    assert again.format == kind and again.size == (40, 30) and not again.getexif()
    assert file.content_type == f"image/{kind.lower()}" and file.size == len(clean)


def test_a_turned_photo_stands_upright() -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(out, format="JPEG", exif=exif)
    clean = read(accept_upload(data=out.getvalue(), name="a.jpg", by_id=None))
    assert Image.open(io.BytesIO(clean)).size == (30, 40)


def test_a_pdf_is_kept_byte_for_byte() -> None:
    file = accept_upload(data=A_PDF, name="社保证明.pdf", by_id=None)
    assert read(file) == A_PDF and file.content_type == "application/pdf"


REFUSED = {
    "nothing": (b"", "a.pdf", "upload_empty"),
    "too large": (b"%PDF-" + b"0" * LARGEST_UPLOAD, "a.pdf", "upload_too_large"),
    "a page in disguise": (b"<html><script>1</script></html>", "a.pdf", "upload_type"),
    "a program": (b"MZ\x90\x00", "a.jpg", "upload_type"),
    "a vector picture": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "upload_type"),
    "a PDF called a picture": (A_PDF, "a.png", "upload_type"),
    "a PDF called a page": (A_PDF, "a.html", "upload_type"),
    "no ending": (A_PDF, "a", "upload_type"),
    "two endings": (A_PDF, "a.pdf.exe", "upload_type"),
    "cut off": (A_PDF[:-8], "a.pdf", "upload_damaged"),
    "with a password": (A_PDF.replace(b"/Root", b"/Encrypt 2 0 R/Root"), "a.pdf", "upload_encrypted"),
    "half a photo": (picture("JPEG", (400, 400))[:300], "a.jpg", "upload_damaged"),
    "only a head": (b"\x89PNG\r\n\x1a\n", "a.png", "upload_damaged"),
}


@pytest.mark.parametrize(("data", "name", "code"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_examined_is_refused_with_a_sentence(data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        accept_upload(data=data, name=name, by_id=None)
    assert refused.value.code == code
    assert refused.value.message.endswith("。")
    assert StoredFile.objects.count() == 0


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, format="PNG")
    assert len(out.getvalue()) < 200_000
    with pytest.raises(Refusal) as refused:
        accept_upload(data=out.getvalue(), name="bomb.png", by_id=None)
    assert refused.value.code in ("upload_too_large", "upload_damaged")


def test_only_the_asked_kinds_are_taken() -> None:
    with pytest.raises(Refusal) as refused:
        accept_upload(data=picture("PNG"), name="a.png", by_id=None, kinds=("pdf",))
    assert refused.value.code == "upload_type" and "PDF" in refused.value.message


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\合同.pdf", "合同.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_lose_folders_and_control_characters_and_keep_their_ending(name: str, clean: str) -> None:
    assert clean_name(name) == clean
