"""HTML to PDF: our own templates, our own style sheets, nothing fetched from anywhere.

WeasyPrint's layout is not safe in threads and its font tables are dear, so a process has one `FontConfiguration`
and renders under one lock.
"""

import atexit
import gc
import logging
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

import segno
from django.conf import settings
from django.template import Context, Engine
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents.models import Paper
from documents.papers.content import Content

STYLES = Path(__file__).parent / "print"
RENDERING = Lock()


def _without_signs(record: logging.LogRecord) -> bool:
    """WeasyPrint spells a sign that no font holds; it may be of a person's name, so the log says only that."""
    if ".notdef" in str(record.msg):
        record.msg, record.args = "A paper has a sign that no font holds: install the fonts the manual names.", ()
    return True


logging.getLogger("weasyprint").addFilter(_without_signs)


class NothingOutside(URLFetcher):
    """Opens `data:` addresses only: no file, no network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


class Undefined(str):
    """Makes a template that names what its content does not have an error instead of a blank on paper."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: object) -> NoReturn:
        raise LookupError(f"a paper's template asks for {name}, which its content does not have")


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Templates of papers with the filters of `marks`; apart from the pages' engine, so that papers need no portal."""
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")],
        builtins=["documents.papers.marks"],
        string_if_invalid=Undefined("%s"),
    )


@lru_cache(maxsize=1)
def fonts() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=8)
def style(name: str) -> CSS:
    """A style sheet of `print/` with the families of `settings.PAPER_FONTS` in front."""
    return CSS(string=families() + (STYLES / name).read_text(), font_config=fonts(), url_fetcher=NothingOutside())


@atexit.register
def _give_back() -> None:
    """Let go of styles and fonts while Python still runs; freed in its last sweep, in any order, they crash it."""
    style.cache_clear()
    fonts.cache_clear()
    gc.collect()


def families() -> str:
    """The four font roles as CSS variables; rare characters fall through to the last family of each."""
    rare = ", ".join(f'"{name.strip()}"' for name in settings.PAPER_FONTS["rare"].split(","))
    roles = {role: f'"{settings.PAPER_FONTS[role]}", {rare}' for role in ("body", "title", "sans")}
    return ":root{" + "".join(f"--{role}:{names};" for role, names in roles.items()) + "}\n"


def address_of(paper: Paper) -> str:
    """Where anybody can verify the paper."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/verify/{paper.code}/"


def qr_code(address: str) -> str:
    """The address as a 1-bit PNG in a `data:` address."""
    return segno.make(address, error="m", micro=False).png_data_uri(scale=8, border=1)


def html_of(paper: Paper, content: Content) -> str:
    """The paper as HTML, everything in it escaped."""
    address = address_of(paper)
    data: dict[str, Any] = {
        "paper": paper,
        "content": content,
        "address": address,
        "qr": qr_code(address),
        "bureau": settings.BUREAU_NAME,
        "finance": settings.FINANCE_NAME,
        "zone": settings.ZONE_NAME,
        "reviewing_organ": settings.REVIEWING_ORGAN,
        "court": settings.COURT_NAME,
        "contact": settings.PUBLIC_CONTACT,
    }
    return engine().get_template(content.TEMPLATE).render(Context(data))


def render(paper: Paper, content: Content) -> bytes:
    """The paper as PDF; the same paper, fonts and versions give the same bytes."""
    markup = html_of(paper, content)
    with RENDERING:
        sheets = [style("base.css"), style(content.STYLE)]
        document = HTML(string=markup, base_url=None, url_fetcher=NothingOutside())
        return document.write_pdf(stylesheets=sheets, font_config=fonts(), pdf_variant="pdf/ua-1")
