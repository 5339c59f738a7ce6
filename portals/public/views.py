"""Verification of an official paper, by its number or code or by its file: what strangers may see, and nothing else."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refusal
from documents.models import Paper
from documents.papers import find
from documents.papers.verification import LARGEST, Finding, examine, too_large
from documents.seals import Seal
from portals.public.answers import Answer, answer_of, found, not_found
from portals.public.limits import too_many, too_many_files

FORM = 64 * 1024  # bytes of a form around its file


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The form; with ?q= the answer."""
    asked = request.GET.get("q", "").strip()
    return _answer(request, asked) if asked else render(request, "public/verify.html", {"asked": ""})


@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """The answer to the address that the paper's QR code holds."""
    return _answer(request, code)


def _answer(request: HttpRequest, asked: str) -> HttpResponse:
    if too_many(request):
        return _later(request)
    paper = find(asked)
    return _page(request, found(paper) if paper else not_found(), paper, 200 if paper else 404, asked=asked[:60])


@csrf_exempt  # the token is checked within, after the size: reading it reads the whole file
@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether an uploaded file is a paper as it was issued. The file is neither stored nor kept."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + FORM:
        return _refused(request, too_large(), 413)
    if too_many_files(request):
        return _later(request)
    request.upload_handlers = [InMemory(request)]  # type: ignore[assignment]
    return _examined(request)


class InMemory(FileUploadHandler):
    """Keeps files in memory, as the request's size was looked at: nothing of a stranger's file touches the disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.pieces: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.pieces.append(raw_data)

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile("file", b"".join(self.pieces))


@csrf_protect
def _examined(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    try:
        finding: Finding = examine(file.read() if file else b"")
    except Refusal as refusal:
        return _refused(request, refusal, 422)
    return _page(request, answer_of(finding), finding.paper, 200, seal=finding.seal)


def _page(
    request: HttpRequest, answer: Answer, paper: Paper | None, status: int, asked: str = "", seal: Seal | None = None
) -> HttpResponse:
    shown = {"asked": asked, "answer": answer, "paper": paper, "seal": seal}
    return render(request, "public/verify.html", shown, status=status)


def _refused(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "public/verify.html", {"asked": "", "refusal": refusal}, status=status)


def _later(request: HttpRequest) -> HttpResponse:
    return render(request, "public/too_many.html", status=429)
