"""Handing files out: as attachments, never sniffed, never run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from documents.files import JPEG, PDF, PNG, read
from documents.models import Paper, StoredFile

SHOWN = frozenset({PDF, JPEG, PNG})
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
SHOWN_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def file_response(data: bytes, name: str, content_type: str, inline: bool = False) -> HttpResponse:
    """Bytes as a download with a name of RFC 6266/5987; shown in the page only when asked and a PDF, JPEG or PNG.

    The sandbox is left out only for a PDF that is shown: browsers' viewers do not open inside one.
    """
    shown = inline and content_type in SHOWN
    response = HttpResponse(data, content_type=content_type)
    header = content_disposition_header(not shown, name)
    response["Content-Disposition"] = header or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SHOWN_PDF if shown and content_type == PDF else SANDBOX
    response["Cache-Control"] = "private, no-store"
    if shown:
        response["X-Frame-Options"] = "SAMEORIGIN"  # evidence stands beside the line it proves
    return response


def response(file: StoredFile, *, inline: bool = False) -> HttpResponse:
    """A stored file; refuses `file_damaged`."""
    return file_response(read(file), file.name, file.content_type, inline)


def paper_response(paper: Paper, data: bytes) -> HttpResponse:
    """An official paper's PDF, shown in the page under its title and number."""
    return file_response(data, f"{paper.title}（{paper.number}）.pdf", PDF, inline=True)
