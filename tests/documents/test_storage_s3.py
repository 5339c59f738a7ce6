"""Files in an S3-compatible object store: a real server on the loopback address, no other traffic."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage

from core.errors import Refusal
from documents.files import accept_upload, read, store
from documents.models import StoredFile
from documents.object_store import ObjectStore
from documents.storage import all_paths
from tests.documents.object_server import BUCKET, KEYS, ObjectServer, object_server

pytestmark = pytest.mark.django_db
A_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def shared_server() -> Iterator[ObjectServer]:
    with object_server() as server:
        yield server


@pytest.fixture(autouse=True)
def aws_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])
    monkeypatch.setenv("AWS_DEFAULT_REGION", KEYS["region_name"])
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def server(shared_server: ObjectServer, settings: Any) -> ObjectServer:
    settings.STORAGES = shared_server.storages()
    return shared_server


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.message.endswith("。")
    return refused.value.code


def test_the_settings_choose_the_store_and_the_object_is_sealed_private_and_nameless(server: ObjectServer) -> None:
    data = "陈志强 350521199001010013".encode() * 50
    file = store(data=data, name="名单.pdf", content_type="application/pdf", by_id=None)
    assert default_storage._wrapped.__class__ is ObjectStore  # type: ignore[attr-defined]
    answer = server.client.get_object(Bucket=BUCKET, Key=file.path)
    at_rest = answer["Body"].read()
    assert "陈志强".encode() not in at_rest and b"350521" not in at_rest
    assert file.pk.hex in file.path and answer["Metadata"] == {}
    grants = server.client.get_object_acl(Bucket=BUCKET, Key=file.path)["Grants"]
    assert [grant["Permission"] for grant in grants if "URI" not in grant["Grantee"]] == ["FULL_CONTROL"]
    assert not [grant for grant in grants if "URI" in grant["Grantee"]]  # nobody of the public
    assert "Signature" not in default_storage.url(file.path) and "?" not in default_storage.url(file.path)
    assert read(StoredFile.objects.get(pk=file.pk)) == data


def test_evidence_goes_there_and_comes_back(server: ObjectServer) -> None:
    file = accept_upload(data=A_PDF, name="社保证明.pdf", by_id=None)
    assert read(file) == A_PDF
    assert default_storage.exists(file.path) and not default_storage.exists("aa/none.sealed")
    folders = dict(all_paths(default_storage._wrapped))  # type: ignore[attr-defined]
    assert file.path in folders[file.path[:2]]


def test_more_bytes_than_one_part_come_back_whole(server: ObjectServer) -> None:
    data = bytes(range(256)) * 4 * 1024 * 10  # 10 MB: sent in parts
    assert read(store(data=data, name="a.bin", content_type="application/octet-stream", by_id=None)) == data


def test_an_object_is_never_overwritten(server: ObjectServer) -> None:
    from django.core.files.base import ContentFile

    first = default_storage.save("aa/one.sealed", ContentFile(b"1"))
    second = default_storage.save("aa/one.sealed", ContentFile(b"2"))
    assert first != second
    with default_storage.open(first) as one, default_storage.open(second) as two:
        assert (one.read(), two.read()) == (b"1", b"2")


def test_altered_cut_and_missing_objects_are_refused(server: ObjectServer) -> None:
    file = store(data=b"one", name="1.pdf", content_type="application/pdf", by_id=None)
    whole = server.client.get_object(Bucket=BUCKET, Key=file.path)["Body"].read()
    for wrong in (whole[:-1], b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        server.client.put_object(Bucket=BUCKET, Key=file.path, Body=wrong)
        assert code_of(lambda: read(file)) == "file_damaged"
    server.client.delete_object(Bucket=BUCKET, Key=file.path)
    assert code_of(lambda: read(file)) == "file_missing"


def test_a_reader_sees_an_object_whole_or_not_at_all(server: ObjectServer) -> None:
    from django.core.files.base import ContentFile

    data, seen, done = bytes(9 * 1024 * 1024), set(), threading.Event()

    def look() -> None:
        own = ObjectStore(**server.storages()["default"]["OPTIONS"])
        while not done.is_set():
            try:
                with own.open("bb/big.sealed") as file:
                    seen.add(len(file.read()))
            except FileNotFoundError:
                seen.add(-1)

    reader = threading.Thread(target=look)
    reader.start()
    default_storage.save("bb/big.sealed", ContentFile(data))
    done.set()
    reader.join()
    assert seen <= {-1, len(data)} and seen


def test_no_bucket_is_a_storage_that_is_down_not_a_lost_file(shared_server: ObjectServer, settings: Any) -> None:
    settings.STORAGES = shared_server.storages()
    file = store(data=b"one", name="1.pdf", content_type="application/pdf", by_id=None)
    settings.STORAGES = shared_server.storages(bucket="another")
    assert code_of(lambda: store(data=b"x", name="1.pdf", content_type="application/pdf", by_id=None)) == "storage_down"
    assert code_of(lambda: read(file)) == "storage_down"
    assert StoredFile.objects.count() == 1


def test_a_server_that_is_down_is_a_sentence_and_never_a_500(settings: Any) -> None:
    with object_server() as mortal:
        settings.STORAGES = mortal.storages()
        file = store(data=A_PDF, name="1.pdf", content_type="application/pdf", by_id=None)
        assert read(file) == A_PDF
        mortal.stop()
        assert code_of(lambda: read(file)) == "storage_down"
        assert code_of(lambda: accept_upload(data=A_PDF, name="2.pdf", by_id=None)) == "storage_down"
        assert StoredFile.objects.count() == 1
