"""HTML to PDF: our own templates, our own style sheets, nothing fetched from anywhere."""

import io
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.template import Context, Engine
from PIL import Image
from weasyprint import HTML, Attachment

from core import clock
from documents.models import Paper
from documents.papers.attached import NAME, decision_of, issued_at
from documents.papers.colour import NAME as NAME_OF_COLOURS
from documents.papers.colour import profile
from documents.papers.content import Content
from documents.papers.finishing import VARIANT, Finisher
from documents.papers.typesetting import (
    MISSING_SIGNS,
    RENDERING,
    NothingOutside,
    Undefined,
    families,
    fonts,
    quiet,
    style,
)

__all__ = ["Rendered", "address_of", "draft", "engine", "families", "html_of", "render", "rendered", "style"]
QR_SCALE = 4  # pixels a module
MASK = 0  # a chessboard; readers know all eight, and trying which is best takes as long as the rest of the code


@dataclass(frozen=True, slots=True)
class Rendered:
    """A paper's PDF, and how many different signs in it no font could draw: more than 0 must reach a person."""

    data: bytes
    missing_signs: int


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Templates of papers with the filters of `marks`; apart from the pages' engine, so that papers need no portal."""
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")],
        builtins=["documents.papers.marks"],
        string_if_invalid=Undefined("%s"),
    )


def address_of(paper: Paper) -> str:
    """Where anybody can verify the paper."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/verify/{paper.code}/"


def qr_code(address: str) -> str:
    """The address as a grey PNG in a `data:` address."""
    rows = segno.make(address, error="m", micro=False, mask=MASK).matrix_iter(scale=QR_SCALE, border=1)
    bits = [bytes(0 if dark else 255 for dark in row) for row in rows]
    out = io.BytesIO()
    Image.frombytes("L", (len(bits), len(bits)), b"".join(bits)).save(out, "PNG", compress_level=1)
    return "data:image/png;base64," + b64encode(out.getvalue()).decode()


def html_of(paper: Paper, content: Content, *, draft: bool = False) -> str:
    """The paper as HTML, everything in it escaped. A draft has neither number nor code nor address."""
    address = "" if draft else address_of(paper)
    data: dict[str, Any] = {
        "paper": paper,
        "draft": draft,
        "content": content,
        "address": address,
        "qr": "" if draft else qr_code(address),
        "bureau": settings.BUREAU_NAME,
        "finance": settings.FINANCE_NAME,
        "zone": settings.ZONE_NAME,
        "reviewing_organ": settings.REVIEWING_ORGAN,
        "court": settings.COURT_NAME,
        "contact": settings.PUBLIC_CONTACT,
    }
    return engine().get_template(content.TEMPLATE).render(Context(data))


def render(paper: Paper, content: Content) -> bytes:
    """The paper as PDF/A-3a and PDF/UA-1; the same paper, fonts and versions give the same bytes."""
    return rendered(paper, content).data


def draft(content: Content) -> bytes:
    """What the paper would look like: watermarked, without number, code and QR, and verifiable as nothing."""
    paper = Paper(kind=content.KIND, number="", code="", title=content.title, issued_on=clock.today())
    return _printed(html_of(paper, content, draft=True), content, Finisher(paper, standing="draft"), []).data


def rendered(paper: Paper, content: Content) -> Rendered:
    """As `render`, with what the maker must know of it."""
    moment = issued_at(paper)
    attached = Attachment(
        string=decision_of(paper, content),
        name=NAME,
        description=f"{content.title}（{paper.number}）",
        created=moment,
        modified=moment,
        relationship="Data",
        url_fetcher=NothingOutside(),
    )
    return _printed(html_of(paper, content), content, Finisher(paper), [attached])


def _printed(markup: str, content: Content, finisher: Finisher, attachments: list[Attachment]) -> Rendered:
    with RENDERING, quiet():
        before = MISSING_SIGNS.count
        data = HTML(string=markup, base_url=None, url_fetcher=NothingOutside()).write_pdf(
            stylesheets=[style("base.css"), style(content.STYLE)],
            font_config=fonts(),
            pdf_variant=VARIANT,
            attachments=attachments,
            finisher=finisher,
            color_profiles={NAME_OF_COLOURS: profile()},
            output_intent=NAME_OF_COLOURS,
        )
        return Rendered(data, MISSING_SIGNS.count - before)
