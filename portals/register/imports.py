"""导入与导出: an annex uploaded, its dry run, one click, taken back; annexes out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.jobs import can_steer
from accounts.models import Area
from core.errors import Refusal
from documents.annexes import exporting, importing
from documents.models import AnnexImport
from portals.register.doors import readers
from portals.register.forms import area_in
from portals.shared.access import PostRequest
from registry.labour import access
from registry.models import LabourPerson

LARGEST = 20 * 1024 * 1024
SHOWN = 200  # faults on the page
ANNEXES = {"1": 1, "2": 2}


@readers
@require_http_methods(["GET", "POST"])
def imports(request: PostRequest) -> HttpResponse:
    """The imports of the post's villages, and the form for the next; a POST takes an upload."""
    villages = access.areas_of(request.by)
    if request.method == "POST":
        data, name = _file(request)
        made = importing.start_import(
            data=data,
            name=name,
            by=request.by,
            annex=ANNEXES.get(request.POST.get("annex", "")),
            village=area_in(request.POST.get("village", ""), villages),
            page=_address,
        )
        return redirect(_address(made.pk))
    page = Paginator(importing.visible_imports(request.by), 25).get_page(request.GET.get("page"))
    areas = Area.objects.filter(path__startswith=request.by.area.path) if request.by.area else Area.objects.none()
    shown = {"page": page, "villages": villages, "areas": areas, "keeps": request.by.role in access.KEEPERS}
    return render(request, "register/imports.html", shown)


def _address(pk: int) -> str:
    return reverse("register:import", args=[pk])


def _file(request: PostRequest) -> tuple[bytes, str]:
    upload = request.FILES.get("file")
    if upload is None:
        raise Refusal("file_missing", _("请选择要导入的文件。"))
    if upload.size and upload.size > LARGEST:
        raise Refusal("file_too_large", _("文件超过20MB，请分成几个文件后再上传。"))
    return upload.read(), upload.name or "附件"


@readers
@require_GET
def one(request: PostRequest, pk: int) -> HttpResponse:
    """How far an import is, what its dry run found, and what can be done with it."""
    made = _seen(request, pk)
    report = importing.report_of(made)
    missing = LabourPerson.objects.filter(pk__in=report.vanished[:SHOWN]) if report else LabourPerson.objects.none()
    keep = access.can_keep(request.by, made.village) if made.village else access.can_open(request.by)
    return render(
        request,
        "register/import.html",
        {
            "made": made,
            "job": made.job,
            "report": report,
            "errors": report.errors[:SHOWN] if report else (),
            "repeats": report.duplicates[:SHOWN] if report else (),
            "warnings": report.warnings[:SHOWN] if report else (),
            "vanished": missing.filter(village=made.village).order_by("name"),
            "keep": keep,
            "steer": can_steer(request.by, made.job) if made.job else None,
        },
    )


def _seen(request: PostRequest, pk: int) -> AnnexImport:
    made = importing.visible_imports(request.by).filter(pk=pk).first()
    if made is None:
        access.NOT_SEEN.require()
        raise AssertionError
    return made


@readers
@require_POST
def apply(request: PostRequest, pk: int) -> HttpResponse:
    """Let the dry run become real."""
    importing.start_applying(import_id=pk, by=request.by, page=_address(pk))
    return redirect("register:import", pk)


@readers
@require_POST
def undo(request: PostRequest, pk: int) -> HttpResponse:
    """Take the whole import back."""
    importing.start_undoing(import_id=pk, by=request.by, page=_address(pk))
    return redirect("register:import", pk)


@readers
@require_POST
def export(request: PostRequest) -> HttpResponse:
    """An annex of an area in the official layout, made by a job."""
    area = area_in(request.POST.get("area", ""), Area.objects.all()) or request.by.area
    if area is None:
        raise Refusal("area_missing", _("请选择要导出的村、乡镇。"))
    annex = {**ANNEXES, "3": 3}.get(request.POST.get("annex", ""), 0)
    job = exporting.start_export(annex=annex, area=area, by=request.by)
    messages.info(request, _("附件正在后台生成，完成后可在本页下载。"))
    return redirect("shared:job", job.pk)
