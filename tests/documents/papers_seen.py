"""Papers as people see them: rendered once a run, as small grey pictures, and where every word of a page stands.

The kept pictures are under golden/<version of Pango>/<paper>.png, because line breaks and outlines follow Pango; the
pages of a paper stand side by side. `python -m tests.documents.papers_seen` draws them anew for the running Pango, and
golden/pages.json with them, which holds for any version. Look at them before you commit them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parent / "golden"
PAGES = FOLDER / "pages.json"
COMMAND = "python -m tests.documents.papers_seen"
RESOLUTION, GREYS, GAP = 40, 4, 6  # dots an inch, levels, pixels between two pages
MM = 72 / 25.4  # points
MARGINS = {  # of each sheet's type area: left, top, right, bottom, in mm
    "form.css": (18, 20, 18, 22),
    "wide.css": (12, 14, 12, 17),
    "letter.css": (28, 37, 26, 35),  # 版心 156 x 225 mm, GB/T 9704-2012
    "certificate.css": (20, 20, 20, 20),  # inside the frame
}
SLACK = 0.6  # mm: a full stop or bracket at a line's end may hang a little


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page; its box in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    width: float
    height: float
    words: Sequence[Word]


def pango() -> str:
    """The running Pango, as 1.50.12."""
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


@lru_cache(maxsize=64)
def printed(name: str) -> bytes:
    """The PDF of an ordinary paper of `papers_made`, rendered once; `draft-…` is its draft."""
    from documents.papers.rendering import draft, rendered
    from tests.documents.papers_made import all_kinds
    from tests.documents.pdf_examined import paper_of

    content = all_kinds()[name.removeprefix("draft-")]
    return draft(content) if name.startswith("draft-") else rendered(paper_of(content), content).data


def pages_of(data: bytes) -> list[Page]:
    """Every page with its words, as poppler reads them."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True)
    pages = []
    for found in re.finditer(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', told.stdout.decode(), re.DOTALL):
        box = r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
        words = [Word(w[5], *(float(w[n]) for n in range(1, 5))) for w in re.finditer(box, found[3])]
        pages.append(Page(float(found[1]), float(found[2]), words))
    return pages


def picture(data: bytes) -> Image.Image:
    """All pages side by side, small, in four greys."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-", f"{folder}/page"]
        subprocess.run(drawn, input=data, check=True, capture_output=True)
        sheets = [Image.open(path).convert("L") for path in sorted(Path(folder).iterdir())]
    whole = Image.new("L", (sum(s.width + GAP for s in sheets) - GAP, max(s.height for s in sheets)), 0)
    left = 0
    for sheet in sheets:
        whole.paste(sheet, (left, 0))
        left += sheet.width + GAP
    return whole.point(lambda grey: round(grey / 255 * (GREYS - 1)) * 255 // (GREYS - 1))


def kept(name: str) -> Path:
    """Where the picture of this paper is kept for the running Pango."""
    return FOLDER / pango() / f"{name}.png"


def differing(one: Image.Image, other: Image.Image) -> int:
    """Pixels in which two pictures differ to the eye: a stroke moved by a tenth of a pixel is no difference."""
    if one.size != other.size:
        return one.width * one.height
    soft = [image.convert("L").filter(ImageFilter.GaussianBlur(1)) for image in (one, other)]
    return sum(ImageChops.difference(*soft).histogram()[EYE:])


EYE = 40  # of 255 greys, after softening


def summary_of(data: bytes) -> list[list[int]]:
    """What is the same under any Pango: width and height of each page in mm, and its signs without white space."""
    return [
        [round(page.width / MM), round(page.height / MM), sum(len(word.text) for word in page.words)]
        for page in pages_of(data)
    ]


def outside(page: Page, style: str) -> Iterator[str]:
    """Words that leave the page or stand in its margins; number, foot and page number have their own line there."""
    left, top, right, bottom = (mm * MM for mm in MARGINS[style])
    slack = SLACK * MM
    for word in page.words:
        in_page = word.left >= 0 and word.top >= 0 and word.right <= page.width and word.bottom <= page.height
        in_width = word.left >= left - slack and word.right <= page.width - right + slack
        below = style != "certificate.css" and word.top >= page.height - bottom
        in_height = word.top >= top - TALL and (word.bottom <= page.height - bottom + TALL or below)
        if not (in_page and in_width and in_height):
            yield f"{word.text} at {word.left / MM:.1f}, {word.top / MM:.1f} to {word.right / MM:.1f}, {word.bottom / MM:.1f} mm"


TALL = 3 * MM  # a font's box is taller than its line


def names() -> list[str]:
    """Every kind of paper, and a draft of each kind of sheet."""
    from tests.documents.papers_made import all_kinds

    return [*all_kinds(), "draft-approval-individual", "draft-refusal", "draft-certificate-gold", "draft-summary"]


def keep() -> None:
    """Draw every picture anew for the running Pango."""
    folder = FOLDER / pango()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for name in names():
        image = picture(printed(name)).convert("P", palette=Image.Palette.ADAPTIVE, colors=GREYS)
        image.save(kept(name), optimize=True, bits=2)
    told = {name: summary_of(printed(name)) for name in names()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(pages)}" for name, pages in told.items())
    PAGES.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{len(told)} pictures in {folder.relative_to(Path.cwd())}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.exit(keep())
