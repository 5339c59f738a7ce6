"""How papers look: as kept pictures, whole and in their places also at their worst, nothing standing alone."""

import json
import warnings
from dataclasses import replace

import pytest
from PIL import Image

from documents.fonts import configuration
from documents.papers import rendering
from documents.papers.rendering import rendered
from tests.documents import papers_extreme, papers_made
from tests.documents.papers_laid_out import laid_out
from tests.documents.papers_seen import (
    COMMAND,
    FOLDER,
    PAGES,
    differing,
    kept,
    names,
    outside,
    pages_of,
    pango,
    picture,
    printed,
    summary_of,
)
from tests.documents.pdf_examined import paper_of

KINDS = papers_made.all_kinds()
TOLERANCE = 30  # pixels of a whole paper; a name of three signs that is gone makes 55
WORST = papers_extreme.extremes(8)


@pytest.mark.parametrize("name", names())
def test_an_ordinary_paper_looks_as_it_was_kept(name: str) -> None:
    """With pictures of the running Pango to the pixel; without them by pages, signs and type area only, and says so."""
    data = printed(name)
    pages, before = summary_of(data), json.loads(PAGES.read_text(encoding="utf-8"))[name]
    assert [page[:2] for page in pages] == [page[:2] for page in before]
    assert sum(page[2] for page in pages) == sum(page[2] for page in before)
    style = KINDS[name.removeprefix("draft-")].STYLE
    assert [fault for page in pages_of(data) for fault in outside(page, style)] == []
    if kept(name).parent.exists():
        assert configuration(), "the pictures are of the cut fonts, and they are not cut: manage.py cut_fonts"
        assert kept(name).exists(), f"no picture of {name} for Pango {pango()}: {COMMAND}, look at it, commit it"
        seen = differing(Image.open(kept(name)), picture(data))
        assert seen <= TOLERANCE, f"{name} looks different in {seen} pixels; if it is meant: {COMMAND}, look, commit"
    else:
        warnings.warn(
            f"no pictures of papers for Pango {pango()}, none compared; to make them: {COMMAND}", stacklevel=1
        )


def test_pictures_are_kept_of_every_paper_and_of_no_other() -> None:
    folders = [folder for folder in FOLDER.iterdir() if folder.is_dir()]
    assert folders
    assert {folder.name: {path.stem for path in folder.iterdir()} for folder in folders} == {
        folder.name: set(names()) for folder in folders
    }
    assert list(json.loads(PAGES.read_text(encoding="utf-8"))) == names()
    assert {content.KIND for content in KINDS.values()} == set(rendering.Paper.Kind)


def test_a_line_that_is_gone_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, content, html_of = picture(printed("refusal")), KINDS["refusal"], rendering.html_of
    monkeypatch.setattr(rendering, "html_of", lambda *given, **more: html_of(*given, **more).replace("（盖章处）", ""))
    assert differing(whole, picture(rendered(paper_of(content), content).data)) > TOLERANCE
    assert differing(whole, whole.copy()) == 0


@pytest.mark.parametrize("name", WORST)
def test_a_paper_at_its_worst_is_whole_and_in_its_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(WORST[name], monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("name", WORST)
def test_a_paper_of_three_hundred_lines_at_their_worst_is_in_its_place(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(papers_extreme.extremes(300)[name], monkeypatch)


def check(content: rendering.Content, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing over its cell, its margin or the page; nothing alone; every sign drawn; the seal's place is there."""
    made = laid_out(content, monkeypatch)
    pages = pages_of(made.data)
    assert made.faults == [] and made.missing_signs == 0
    assert [fault for page in pages for fault in outside(page, content.STYLE)] == []
    text = "".join(word.text for page in pages for word in page.words)
    assert "盖章处" in text
    if content.STYLE == "certificate.css":
        assert len(pages) == 1
    else:
        assert [f"—{number}—" in "".join(w.text for w in page.words) for number, page in enumerate(pages, 1)] == [
            True
        ] * len(pages)


def test_a_name_with_a_sign_that_the_bold_face_lacks_is_drawn_in_one_weight() -> None:
    for name, rare in (("𠮷野", True), ("吴𠆲", True), ("㛃小燕", False), ("吴𬱖", False), ("阿卜杜拉·买买提", False)):
        content = papers_made.certificate(name=name)
        assert content.rare == rare, name
        assert ('class="person rare"' in rendering.html_of(paper_of(content), content)) == rare


def test_an_amount_wider_than_its_column_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = papers_made.publicity(1)
    wide = replace(content, rows=[replace(content.rows[0], rate_fen=10**13)])
    assert laid_out(wide, monkeypatch).faults == ["page 1: 100,000,000,000.00 over its cell"]
    assert laid_out(content, monkeypatch).faults == []
