"""证明材料: files that support the claim or one worker."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portals.claimant import forms
from portals.claimant.doors import PostRequest, claimants, onward
from workflows import evidence as files


@claimants
@require_POST
def add(request: PostRequest, pk: int) -> HttpResponse:
    """Take in one file for a kind of evidence, of the whole claim or of the named line."""
    data, name = forms.file_in(request)
    line = forms.uuid_in(request.POST.get("line", ""))
    kind = request.POST.get("kind", "")
    added = files.add_evidence(claim_id=pk, by=request.by, kind=kind, data=data, name=name, line_id=line)
    messages.success(request, _("已上传“%(name)s”。") % {"name": added.file.name})
    if line:
        return onward(request, "claimant:line_edit", pk, line, at="files")
    return onward(request, "claimant:claim", pk, at="s3")


@claimants
@require_POST
def remove(request: PostRequest, evidence: int) -> HttpResponse:
    """Take a file off its claim."""
    gone = files.remove_evidence(evidence_id=evidence, by=request.by)
    messages.success(request, _("已移除“%(name)s”。") % {"name": gone.file.name})
    if gone.line_id:
        return onward(request, "claimant:line_edit", gone.claim_id, gone.line_id, at="files")
    return onward(request, "claimant:claim", gone.claim_id, at="s3")
