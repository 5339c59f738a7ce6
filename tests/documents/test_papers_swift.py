"""The shorter ways through WeasyPrint: byte for byte what its own give, and none with a version they do not know."""

from collections.abc import Iterator

import pytest
import weasyprint
from weasyprint.css import ComputedStyle
from weasyprint.pdf.fonts import Font

from documents.papers import swift
from documents.papers.rendering import draft, render
from documents.papers.typesetting import fonts
from tests.documents.papers_made import all_kinds
from tests.documents.pdf_examined import paper_of


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    fonts()
    yield
    swift.take()


def test_every_kind_of_paper_has_the_same_bytes_either_way() -> None:
    kinds = all_kinds()
    assert len(kinds) > 10
    differing = []
    for name, content in kinds.items():
        swift.take(short=False)
        long = render(paper_of(content), content)
        swift.take()
        if render(paper_of(content), content) != long:
            differing.append(name)
    assert differing == []
    content = kinds["certificate-gold"]
    short = draft(content)
    swift.take(short=False)
    assert draft(content) == short


def test_another_version_goes_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weasyprint.__version__ == swift.VERSION
    assert ComputedStyle.__missing__ is swift._style and "file_content" in vars(Font)
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    swift.take()
    assert ComputedStyle.__missing__ is not swift._style and "file_content" not in vars(Font)
