"""Where layout puts the boxes of a paper, asked while its PDF is made: what runs over, what stands alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes

from documents.papers import rendering
from documents.papers.content import Content
from documents.papers.finishing import Finisher
from tests.documents.pdf_examined import paper_of

SLACK = 0.7  # CSS pixels
CLOSING = {"total", "more", "signing", "issuer", "end"}  # which never begin a page
HEADINGS = {"h2"}  # which never end one


@dataclass(frozen=True, slots=True)
class Laid:
    """A paper as made: its PDF, and everything a careful printer would send back."""

    data: bytes
    missing_signs: int
    faults: list[str]


def laid_out(content: Content, monkeypatch: Any) -> Laid:
    """The paper rendered as always, its boxes looked at on the way."""
    found: list[str] = []

    class Looking(Finisher):
        def __call__(self, document: Any, pdf: Any) -> None:
            for number, page in enumerate(document.pages, 1):
                found.extend(f"page {number}: {fault}" for fault in faults(page._page_box))
            super().__call__(document, pdf)

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "Finisher", Looking)
        made = rendering.rendered(paper_of(content), content)
    return Laid(made.data, made.missing_signs, found)


def faults(page: Any) -> Iterator[str]:
    """What is wrong with one page: text over its cell, margin texts in each other, heads and ends left alone."""
    yield from _over_the_cell(page, None)
    margins = [box for box in page.children if isinstance(box, boxes.MarginBox)]
    texts = [[text for text in _below(box) if isinstance(text, boxes.TextBox)] for box in margins]
    for n, one in enumerate(texts):
        for other in texts[n + 1 :]:
            yield from (f"{a.text} over {b.text}" for a in one for b in other if _meet(a, b))
    body = next(box for box in page.children if not isinstance(box, boxes.MarginBox))
    yield from _alone(body)


def _over_the_cell(box: Any, cell: Any) -> Iterator[str]:
    cell = box if isinstance(box, boxes.TableCellBox) else cell
    if cell is not None and isinstance(box, boxes.TextBox) and not _within(box, cell):
        yield f"{box.text} over its cell"
    for child in getattr(box, "children", ()):
        yield from _over_the_cell(child, cell)


def _within(text: Any, cell: Any) -> bool:
    left, top = cell.border_box_x() - SLACK, cell.border_box_y() - SLACK
    right, bottom = left + cell.border_width() + 2 * SLACK, top + cell.border_height() + 2 * SLACK
    return (
        text.position_x >= left
        and text.position_y >= top
        and text.position_x + text.width <= right
        and text.position_y + text.height <= bottom
    )


def _meet(a: Any, b: Any) -> bool:
    return bool(
        a.position_x < b.position_x + b.width - SLACK
        and b.position_x < a.position_x + a.width - SLACK
        and a.position_y < b.position_y + b.height - SLACK
        and b.position_y < a.position_y + a.height - SLACK
    )


def _alone(body: Any) -> Iterator[str]:
    """In the order of the page: the first and the last block must be no closing and no heading; heads have rows."""
    pieces = [box for box in _below(body) if _named(box)]
    in_heads: set[int] = set()
    for table in (box for box in pieces if isinstance(box, boxes.TableBox)):
        heads = [row for group in table.children if group.is_header for row in group.children]
        in_heads.update(map(id, heads))
        if table.element.find("thead") is not None and not heads:
            yield "a table without its head"
        if sum(len(group.children) for group in table.children) == len(heads):
            yield "a head without rows"
    solid = [box for box in pieces if not isinstance(box, boxes.TableBox) and id(box) not in in_heads]
    if solid and CLOSING & _classes(solid[0]):
        yield f"begins with {sorted(_classes(solid[0]))}"
    if solid and solid[-1].element_tag in HEADINGS:
        yield "ends with a heading"


def _named(box: Any) -> bool:
    plain = box.element is not None and box.element_tag in {"table", "tr", "p", "h1", "h2", "div", "header", "li"}
    return plain and isinstance(box, boxes.TableBox | boxes.TableRowBox | boxes.BlockBox)


def _classes(box: Any) -> set[str]:
    return set((box.element.get("class") or "").split()) if box.element is not None else set()


def _below(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        yield child
        yield from _below(child)
