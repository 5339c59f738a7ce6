"""The engine under the papers: same bytes from any process, warm, quiet, and nothing fetched."""

import gc
import subprocess
import sys
from hashlib import sha256

import pytest
from django.conf import settings

from documents.papers import typesetting
from documents.papers.finishing import Finisher, _settle
from documents.papers.rendering import engine, render
from tests.documents import papers_made as made
from tests.documents.pdf_examined import failures, paper_of

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
    import zlib

    import pydyf

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


def test_the_frame_is_written_anew_when_its_streams_end_in_a_carriage_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of objects and the cross-reference are made by the writer itself: an empty object more changes both."""
    from documents.papers import finishing

    content = made.refusal()
    plain = render(paper_of(content), content)
    whole = Finisher.whole
    monkeypatch.setattr(Finisher, "whole", lambda self, data: whole(self, data + finishing.STRAY))
    again = render(paper_of(content), content)
    assert again != plain and failures(again) == [] and finishing.STRAY not in again
