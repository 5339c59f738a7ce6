"""An S3-compatible object store as the place of sealed files; imported only where the settings name a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from documents.storage import StorageDown

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 30, 2
ABSENT = {"404", "NoSuchKey", "NotFound"}


class ObjectStore(S3Storage):
    """S3 with short time limits; an object is put whole, and read in one request.

    What the service answers is told as the local disk would tell it: FileNotFoundError for a missing object, StorageDown
    when it cannot be reached, has no such bucket or turns us away.
    """

    def __init__(self, **options: Any) -> None:
        style = "path" if options.get("endpoint_url") else "auto"
        options.setdefault(
            "client_config",
            Config(
                s3={"addressing_style": style},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            ),
        )
        super().__init__(**options)

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("stored files are written whole, by `save`")
        with answered_as_a_disk(name):
            key = self._normalize_name(name.replace("\\", "/"))
            return ContentFile(self.bucket.Object(key).get()["Body"].read(), name=name)

    def _save(self, name: str, content: File) -> str:
        with answered_as_a_disk(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with answered_as_a_disk(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with answered_as_a_disk(name):
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with answered_as_a_disk(name):
            return super().listdir(name)

    def get_modified_time(self, name: str) -> datetime:
        with answered_as_a_disk(name):
            return super().get_modified_time(name)


@contextmanager
def answered_as_a_disk(name: str) -> Iterator[None]:
    """Tell the service's errors as a disk's. The messages carry the path, which is no personal data, and no key."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in ABSENT:
            raise FileNotFoundError(f"no object {name}") from error
        raise StorageDown(f"the object store refuses: {code}") from error
    except BotoCoreError as error:
        raise StorageDown(f"the object store does not answer: {type(error).__name__}") from error
