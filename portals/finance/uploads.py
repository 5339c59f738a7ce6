"""What the finance pages take in as a file."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import Refusal

LARGEST_FILE = 20 * 1024 * 1024  # bytes


def file_in(request: HttpRequest) -> tuple[bytes, str]:
    """The bytes and the name of the uploaded `file`; refuses `upload_missing` and `upload_too_large`."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise Refusal("upload_missing", _("没有收到文件，请先选择文件再上传。"))
    if (file.size or 0) > LARGEST_FILE:
        raise Refusal("upload_too_large", _("文件太大，请确认是否选对了文件。"))
    return file.read(), file.name or ""
