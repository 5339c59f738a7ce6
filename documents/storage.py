"""Where sealed files lie: on the local disk, or in an object store (`documents.object_store`).

Both keep two promises to `documents.files`: a file is there whole or not at all, and a storage that cannot be reached
says so (`StorageDown`) instead of looking like one that lost the file.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage

SUFFIX = ".sealed"
UNFINISHED = ".part"


class StorageDown(OSError):
    """The storage as a whole does not answer, is full or refuses us; nothing is known about the file."""


class LocalDisk(FileSystemStorage):
    """Files under MEDIA_ROOT; a file gets its name only when all its bytes have reached the disk.

    The database confirms a row only when it is synced; without the same care here a power cut would leave rows whose
    files are empty.
    """

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, part = tempfile.mkstemp(dir=target.parent, prefix=target.stem, suffix=UNFINISHED)
            try:
                with os.fdopen(handle, "wb") as file:
                    for chunk in content.chunks():
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                Path(part).rename(target)
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise
            _sync_folder(target.parent)
        except OSError as error:
            raise StorageDown(error.errno, "the disk takes no file") from error
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        try:
            return super()._open(name, mode)
        except FileNotFoundError as error:
            if not Path(self.base_location).is_dir():  # not mounted: every file would count as lost
                raise StorageDown(error.errno, "the folder of files is not there") from error
            raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def all_paths(storage: Storage) -> Iterator[tuple[str, list[str]]]:
    """Folder by folder in order, the paths of what lies in storage; one folder's names in memory at a time."""
    folders, _loose = _listed(storage, "")
    for folder in sorted(folders):
        _inner, names = _listed(storage, folder)
        yield folder, sorted(f"{folder}/{name}" for name in names)


def _listed(storage: Storage, folder: str) -> tuple[Any, Any]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []
