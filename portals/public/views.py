"""Verification of an official paper by its number or code: what strangers may see of it, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.papers import find
from portals.public.limits import too_many


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
        return render(request, "public/too_many.html", status=429)
    paper = find(asked)
    found = {"asked": asked[:60], "paper": paper, "answered": True}
    return render(request, "public/verify.html", found, status=200 if paper else 404)
