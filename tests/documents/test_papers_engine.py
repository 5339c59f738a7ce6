"""The engine under the papers: same bytes from any process, warm, quiet, and nothing fetched."""

import gc
import io
import subprocess
import sys
import zlib
from dataclasses import replace
from hashlib import sha256
from xml.etree import ElementTree

import pydyf
import pytest
from django.conf import settings
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms
from pypdf import PdfReader

from documents.papers import laying, swift, typesetting
from documents.papers.colour import srgb
from documents.papers.finishing import Finisher, _settle
from documents.papers.rendering import engine, html_of, render, rendered
from tests.documents import papers_made as made
from tests.documents.pdf_examined import STRAY, failures, paper_of

KINDS = ("approval-agency", "certificate-gold", "payment")
PRINT_HASHES = (
    "import django; django.setup()\n"
    "from hashlib import sha256\n"
    "from tests.documents import papers_made as made\n"
    "from tests.documents.pdf_examined import paper_of\n"
    "from documents.papers.rendering import render\n"
    f"for name in {KINDS}:\n"
    "    content = made.all_kinds()[name]; print(sha256(render(paper_of(content), content)).hexdigest())"
)


def test_the_same_paper_gives_the_same_bytes_twice_and_from_two_processes() -> None:
    contents = [made.all_kinds()[name] for name in KINDS]
    here = [[sha256(render(paper_of(content), content)).hexdigest() for content in contents] for _ in range(2)]
    answers = [
        subprocess.run(
            [sys.executable, "-c", PRINT_HASHES], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert here[0] == here[1] == answers[0] == answers[1]
    assert len(set(here[0])) == len(KINDS)


def test_fonts_styles_and_templates_are_read_once() -> None:
    content = made.refusal()
    render(paper_of(content), content)
    assert typesetting.fonts() is typesetting.fonts()
    assert typesetting.style(content.STYLE) is typesetting.style(content.STYLE)
    assert engine().get_template(content.TEMPLATE) is engine().get_template(content.TEMPLATE)


def test_the_garbage_collector_rests_during_a_render_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    content, seen = made.refusal(), []
    call = Finisher.__call__

    def look(finisher: Finisher, document: object, pdf: object) -> None:
        seen.append(gc.isenabled())
        call(finisher, document, pdf)

    monkeypatch.setattr(Finisher, "__call__", look)
    assert gc.isenabled()
    render(paper_of(content), content)
    assert seen == [False] and gc.isenabled()


def test_garbage_does_not_grow_with_the_papers() -> None:
    content = made.certificate()
    counts = []
    for _ in range(3):
        render(paper_of(content), content)
        gc.collect()
        counts.append(len(gc.get_objects()))
    assert counts[2] - counts[1] < 1_000


@pytest.mark.parametrize("compress", [True, False])
def test_data_that_ends_in_a_carriage_return_is_wrapped_once_more(compress: bool) -> None:
    wrapped = 0
    for n in range(2_000):
        raw = sha256(str(n).encode()).digest() + b"\r"
        stream = pydyf.Stream([raw], compress=compress)
        _settle(stream)
        (data,) = stream.stream
        filters = stream.extra.get("Filter", [])
        count = 1 if isinstance(filters, str) else len(filters)
        wrapped += count > (1 if compress else 0)
        assert not data.endswith(b"\r") and not stream.compress
        for _ in range(count):
            data = zlib.decompress(data)
        assert data == raw
    assert wrapped == 2_000 if not compress else 0 < wrapped < 40


def test_the_frame_changes_when_its_streams_would_end_in_a_carriage_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of objects and the cross-reference, each refused once."""
    content, seen = made.refusal(), []
    plain = render(paper_of(content), content)
    monkeypatch.setattr(laying, "_sound", lambda data: not seen.append(data) and len(seen) % 2 == 0)
    again = render(paper_of(content), content)
    assert len(seen) == 4 and again != plain and failures(again) == [] and STRAY not in again
    assert [len(PdfReader(io.BytesIO(data)).pages) for data in (plain, again)] == [2, 2]


def test_no_frame_of_many_files_ends_in_a_carriage_return() -> None:
    """One list and one cross-reference in 256 would: each is changed until it does not, and is still read."""
    changed = 0
    for n in range(1, 601):
        pdf = pydyf.PDF()
        pdf.info["Title"] = pydyf.String("x" * n)
        for _more in range(n):
            pdf.add_object(pydyf.Dictionary({}))
        data = laying.laid(pdf)
        assert STRAY not in data
        if data.count(b"endobj\n\n") or n % 100 == 0:
            changed += data.count(b"endobj\n\n")
            assert PdfReader(io.BytesIO(data)).metadata.title == "x" * n
    assert changed


def test_every_page_is_well_formed_and_read_as_html_would_read_it() -> None:
    for content in made.all_kinds().values():
        ours = ElementTree.fromstring(html_of(paper_of(content), content))
        theirs = swift._read(html_of(paper_of(content), content), namespace_html_elements=False)
        assert [element.tag for element in ours.iter()] == [element.tag for element in theirs.iter()]


def test_a_control_character_does_not_stop_a_paper() -> None:
    content = replace(made.certificate(), name="陈\x0b志强")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(html_of(paper_of(content), content))
    assert rendered(paper_of(content), content).missing_signs == 1


def test_embedded_fonts_hold_what_a_pdf_reads_and_no_more() -> None:
    content = made.refusal()
    (sheet, *_more) = PdfReader(io.BytesIO(render(paper_of(content), content))).pages
    for font in sheet["/Resources"]["/Font"].values():
        below = font.get_object()["/DescendantFonts"][0].get_object()
        file = TTFont(io.BytesIO(below["/FontDescriptor"].get_object()["/FontFile2"].get_object().get_data()))
        assert set(file.keys()) == {"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}


def test_the_colours_are_those_of_srgb() -> None:
    ours, known = ImageCms.ImageCmsProfile(io.BytesIO(srgb())), ImageCms.createProfile("sRGB")
    steps = range(0, 256, 51)
    colours = bytes(value for r in steps for g in steps for b in steps for value in (r, g, b))
    picture = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    assert ImageCms.profileToProfile(picture, ours, known).tobytes() == colours
    assert ours.profile.version == 4.2 and len(srgb()) < 500
