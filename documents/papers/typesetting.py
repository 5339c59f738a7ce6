"""The warm parts of rendering: one font configuration and one parsed copy of each style sheet a process.

WeasyPrint's layout is not safe in threads and its font tables are dear, so a process renders under one lock.
"""

import atexit
import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NoReturn

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents.fonts import configuration
from documents.papers import embedding, swift

STYLES = Path(__file__).parent / "print"
RENDERING = Lock()
FONTCONFIG_FILE = "FONTCONFIG_FILE"


class MissingSigns(logging.Filter):
    """Counts the signs that no font holds. WeasyPrint's log would spell them; they may be of a person's name."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def filter(self, record: logging.LogRecord) -> bool:
        if ".notdef" in str(record.msg):
            self.count += 1
            record.msg, record.args = "A paper has a sign that no font holds: install the fonts the manual names.", ()
        return True


MISSING_SIGNS = MissingSigns()
logging.getLogger("weasyprint").addFilter(MISSING_SIGNS)


class NothingOutside(URLFetcher):
    """Opens `data:` addresses only: no file, no network."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


@contextmanager
def _fontconfig(conf: Path | None) -> Iterator[None]:
    """Fontconfig reads this variable when it starts; child processes (a browser, fc-list) must not inherit it."""
    before = os.environ.get(FONTCONFIG_FILE)
    if conf is not None:
        os.environ[FONTCONFIG_FILE] = str(conf)
    try:
        yield
    finally:
        if before is not None:
            os.environ[FONTCONFIG_FILE] = before
        elif conf is not None:
            os.environ.pop(FONTCONFIG_FILE, None)


@lru_cache(maxsize=1)
def fonts() -> FontConfiguration:
    """The cut fonts of `manage.py cut_fonts`, or the machine's when they were not cut; warmed by a word."""
    swift.take()
    embedding.take()
    with _fontconfig(configuration()):
        found = FontConfiguration()
        css = CSS(string=families() + "p{font-family:var(--body)}", font_config=found, url_fetcher=NothingOutside())
        HTML(string='<p lang="zh-CN">字', url_fetcher=NothingOutside()).render(stylesheets=[css], font_config=found)
    return found


@lru_cache(maxsize=16)
def style(name: str) -> CSS:
    """A style sheet of `print/` with the families of `settings.PAPER_FONTS` in front."""
    return CSS(string=families() + (STYLES / name).read_text(), font_config=fonts(), url_fetcher=NothingOutside())


def families() -> str:
    """The four font roles as CSS variables; rare characters fall through to the last family of each."""
    rare = ", ".join(f'"{name.strip()}"' for name in settings.PAPER_FONTS["rare"].split(","))
    roles = {role: f'"{settings.PAPER_FONTS[role]}", {rare}' for role in ("body", "title", "sans")}
    return ":root{" + "".join(f"--{role}:{names};" for role, names in roles.items()) + "}\n"


@contextmanager
def quiet() -> Iterator[None]:
    """No garbage collection while a page is laid out: its boxes live to the end, and each sweep looks at all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@atexit.register
def give_back() -> None:
    """Let go of styles and fonts while Python still runs; freed in its last sweep, in any order, they crash it."""
    style.cache_clear()
    fonts.cache_clear()
    gc.collect()


class Undefined(str):
    """Makes a template that names what its content does not have an error instead of a blank on paper."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: object) -> NoReturn:
        raise LookupError(f"a paper's template asks for {name}, which its content does not have")
