"""What the tests look for in a PDF: failures of both standards, embedded fonts, the decision, the metadata."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import page
from django.conf import settings
from pypdf import PdfReader

from documents.models import Paper
from documents.papers.content import Content

PROFILES = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
SCHEMA = json.loads(Path(settings.BASE_DIR, "docs/schemas/paper.schema.json").read_text(encoding="utf-8"))
STRAY = b"\r\nendstream"  # data that ends in 0x0D would be read as part of the line's end
NOTO = frozenset(
    {"Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC", "Noto-Sans-CJK-SC-Bold"}
)  # fmt: skip


def paper_of(content: Content, n: int = 123) -> Paper:
    """A paper that stands in no database."""
    number = f"{content.SERIES or 'BF'}-2025-{n:06d}"
    return Paper(kind=content.KIND, number=number, code="K7MPX3QR9T", title=content.title, issued_on=date(2025, 11, 24))


def failures(data: bytes) -> list[str]:
    """What PDF/A-3a and PDF/UA-1 have against the file."""
    return [
        f"{profile.value}: {failure.rule_id}: {failure.message}"
        for profile in PROFILES
        for failure in page.validate_pdf_bytes(data, profile=profile).failures
    ]


def embedded(data: bytes) -> set[str]:
    """Names of the embedded fonts without subset tags; a weight that only fontconfig made up is left off HanaMin."""
    names = set()
    for sheet in PdfReader(io.BytesIO(data)).pages:
        for font in sheet["/Resources"]["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            name = str(below["/FontDescriptor"].get_object()["/FontName"]).split("+")[-1]
            names.add(name.split("-")[0] if name.startswith("HanaMin") else name)
    return names


def wrong_fonts(data: bytes) -> set[str]:
    return embedded(data) - NOTO - {"HanaMinA", "HanaMinB"}


def decision(data: bytes) -> dict[str, Any]:
    """The associated file, checked against the published schema."""
    (attached,) = PdfReader(io.BytesIO(data)).attachments["decision.json"]
    told: dict[str, Any] = json.loads(attached)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    return told
