"""Files: sealed at rest, hashed, taken in only after their content was looked at.

Storage holds ciphertext bound to the file's id, under a path derived from it, never under a name a user chose.
"""

import io
import unicodedata
import uuid
import warnings
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core import clock
from core.errors import Refusal
from core.jobs import Again
from core.privacy import ring
from documents.models import StoredFile
from documents.storage import SUFFIX, StorageDown

LARGEST_UPLOAD = 10 * 1024 * 1024  # bytes
LARGEST_PICTURE = 40_000_000  # pixels; more is a decompression bomb, not a photo
NAME_LENGTH = 200
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
TYPE_OF_ENDING = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
TYPES_OF_KIND = {"pdf": {PDF}, "image": {JPEG, PNG}}


@dataclass(frozen=True, slots=True)
class Put:
    """Bytes that lie in storage, sealed, before the database knows of them: what their row will say."""

    key: uuid.UUID
    path: str
    size: int
    sha256: str


def put(data: bytes) -> Put:
    """Seal `data` into storage, without a row yet. Refuses `storage_down`.

    It may take as long as a network does, so it goes before the lock that others wait for, `enter` under it. What is
    never entered is an orphan that nobody can read; `documents.integrity` finds it.
    """
    key = uuid.uuid4()
    sealed = ring().seal(data, _bound_to(key))
    try:
        path = default_storage.save(f"{key.hex[:2]}/{key.hex}{SUFFIX}", ContentFile(sealed))
    except OSError as error:
        raise _down() from error
    return Put(key, path, len(data), sha256(data).hexdigest())


def enter(laid: Put, *, name: str, content_type: str, by_id: int | None) -> StoredFile:
    """The row of bytes that were `put`, in the caller's transaction."""
    return StoredFile.objects.create(
        id=laid.key,
        name=clean_name(name),
        content_type=content_type,
        size=laid.size,
        sha256=laid.sha256,
        path=laid.path,
        stored_at=clock.now(),
        stored_by_id=by_id,
    )


def discard(path: str) -> None:
    """Remove bytes that were `put` and never entered. One that cannot be removed stays an orphan nobody can read."""
    with suppress(OSError):
        default_storage.delete(path)


def store(*, data: bytes, name: str, content_type: str, by_id: int | None) -> StoredFile:
    """Seal `data` into storage and note its size and SHA-256: `put` and `enter` at once, outside of locks."""
    return enter(put(data), name=name, content_type=content_type, by_id=by_id)


def read(file: StoredFile) -> bytes:
    """The plain bytes. Refuses `file_missing`; `file_damaged` when they are not the bytes that were stored;
    `storage_down` when the storage does not answer."""
    try:
        with default_storage.open(file.path) as sealed:
            data = ring().open(sealed.read(), _bound_to(file.pk))
    except StorageDown as error:
        raise _down() from error
    except FileNotFoundError as error:
        raise Refusal("file_missing", _("文件在存储中找不到，无法打开，请联系系统管理员核查。")) from error
    except (OSError, IndexError, ValueError, Refusal) as error:  # cut short, it is not even a ciphertext
        raise _damaged() from error
    if sha256(data).hexdigest() != file.sha256:
        raise _damaged()
    return data


def accept_upload(
    *, data: bytes, name: str, by_id: int | None, kinds: Collection[str] = ("pdf", "image")
) -> StoredFile:
    """Take in evidence: PDF, JPEG or PNG by content and ending both, at most 10 MB; pictures are drawn anew.

    Re-encoding drops EXIF (place, device) and whatever hides behind the pixels. Refuses `upload_empty`,
    `upload_too_large`, `upload_type`, `upload_encrypted`, `upload_damaged`.
    """
    if not data:
        raise Refusal("upload_empty", _("文件是空的，请重新选择文件。"))
    if len(data) > LARGEST_UPLOAD:
        raise Refusal("upload_too_large", _("文件超过10 MB，请压缩或分成几个文件后再上传。"))
    found, ending = sniff(data), PurePosixPath(clean_name(name)).suffix.lower()
    allowed = {kind_type for kind in kinds for kind_type in TYPES_OF_KIND[kind]}
    if found not in allowed:
        raise Refusal("upload_type", _("只能上传%(kinds)s，请转换格式后再上传。") % {"kinds": _names_of(kinds)})
    if TYPE_OF_ENDING.get(ending) != found:
        raise Refusal("upload_type", _("文件内容与扩展名不符，请用正确的扩展名（.pdf、.jpg、.png）保存后再上传。"))
    return store(data=CLEANED[found](data), name=name, content_type=found, by_id=by_id)


def sniff(data: bytes) -> str:
    """The content type by the leading bytes; empty when it is none that the desk takes."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PNG if data.startswith(b"\x89PNG\r\n\x1a\n") else ""


def clean_name(name: str) -> str:
    """A file name without folders and control characters, at most 200 characters with its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()
    suffix = PurePosixPath(kept).suffix[:10]
    return (kept if len(kept) <= NAME_LENGTH else kept[: NAME_LENGTH - len(suffix)] + suffix) or "file"


def _names_of(kinds: Collection[str]) -> str:
    words = {"pdf": _("PDF文件"), "image": _("JPG或PNG图片")}
    return _("或").join(words[kind] for kind in kinds)


def _bound_to(key: uuid.UUID) -> str:
    return f"file:{key}"


def _damaged() -> Refusal:
    return Refusal("file_damaged", _("文件已损坏或被改动，无法打开，请联系系统管理员核查。"))


def _down() -> Again:
    """Background work tries again later; a page says the sentence."""
    return Again("storage_down", _("文件存储暂时无法使用，请稍后再试；仍不行的，请联系系统管理员。"))


def _clean_pdf(data: bytes) -> bytes:
    """PDFs are kept as they came: they are evidence. Locked or cut-off ones cannot be examined."""
    if b"%%EOF" not in data[-2048:]:
        raise Refusal("upload_damaged", _("PDF文件不完整，请重新导出后再上传。"))
    if b"/Encrypt" in data:
        raise Refusal("upload_encrypted", _("PDF文件设有密码，无法审核，请取消密码后再上传。"))
    return data


def _clean_picture(data: bytes) -> bytes:
    """The same pixels, upright, in a new file: no EXIF, no profile, no trailing bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > LARGEST_PICTURE:
            raise Refusal("upload_too_large", _("图片尺寸过大，请缩小到4000万像素以内再上传。"))
        kind = picture.format
        upright = ImageOps.exif_transpose(picture).convert("RGB" if kind == "JPEG" else "RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        MemoryError,
    ) as error:
        raise Refusal("upload_damaged", _("图片无法打开，请重新拍摄或另存为JPG后再上传。")) from error
    fresh = Image.new(upright.mode, upright.size)
    fresh.paste(upright)
    out = io.BytesIO()
    fresh.save(out, format=kind, **({"quality": 88} if kind == "JPEG" else {}))
    return out.getvalue()


CLEANED: dict[str, Callable[[bytes], bytes]] = {PDF: _clean_pdf, JPEG: _clean_picture, PNG: _clean_picture}
