"""导出: the button beside every list. It starts the work and leads to how far it is."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from documents.exports import start_export
from portals.shared.access import PostRequest, signed_in


@require_POST
@signed_in
def export(request: PostRequest) -> HttpResponse:
    """Export the list named in `export`, narrowed as its page was; refuses `export_unknown` and what the list's door says."""
    filters = {name: str(value) for name, value in request.POST.items()}
    return redirect("shared:job", start_export(kind=request.POST.get("export", ""), filters=filters, by=request.by).pk)
