"""支付格式: the formats of this installation, what each asks for, and a made-up sample of each."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import clock
from core.errors import Refusal
from payments import access
from payments.formats import CHANNELS, REASONS, format_named, format_problems, load_formats, sample_file, sample_of
from portals.shared import downloads
from portals.shared.access import PostRequest, for_roles

SEES_FORMATS = access.ROLES[access.BatchVerb.DOWNLOAD]
READERS_ONLY = gettext_lazy("支付格式仅供财政和审计岗位查看，请切换岗位。")


@for_roles(SEES_FORMATS, READERS_ONLY)
@require_GET
def formats(request: PostRequest) -> HttpResponse:
    """The sound formats, and what is wrong with the other files."""
    shown = {"formats": list(load_formats().values()), "problems": format_problems(), "channels": CHANNELS}
    return render(request, "finance/formats.html", shown)


@for_roles(SEES_FORMATS, READERS_ONLY)
@require_GET
def one(request: PostRequest, code: str) -> HttpResponse:
    """One format: columns, limits, how its answer is read, and the sample."""
    form = format_named(code)
    shown: dict[str, object] = {"format": form, "channels": CHANNELS, "reasons": REASONS}
    try:
        shown["sample"] = sample_of(form, clock.today())
    except Refusal as refusal:
        shown["unsampled"] = refusal
    return render(request, "finance/format.html", shown)


@for_roles(SEES_FORMATS, READERS_ONLY)
@require_GET
def sample(request: PostRequest, code: str) -> HttpResponse:
    """The sample as a file, to send to the bank before the first payment."""
    file = sample_file(format_named(code), clock.today())
    return downloads.file_response(file.data, file.name, file.content_type)
