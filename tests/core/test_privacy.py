"""Personal data is stored sealed, bound to its row, found by index, and never by value."""

from uuid import uuid4

import pytest
from django.db import connection

from core.errors import Refusal
from core.identifiers import IdType
from core.privacy import index_of, ring
from registry.models import Worker

NUMBER = "350521199003070013"


def worker(**changes: object) -> Worker:
    values = {"name": "张三", "id_type": IdType.RESIDENT_ID, "id_number": NUMBER, "id_index": index_of("id", NUMBER)}
    return Worker.objects.create(**values | changes)


def raw(column: str, table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_the_database_never_holds_the_number() -> None:
    made = worker()
    assert made.id_number == NUMBER
    assert NUMBER not in raw("id_number", "registry_worker")[0]
    assert Worker.objects.get(pk=made.pk).id_number == NUMBER


@pytest.mark.django_db
def test_bulk_created_rows_are_sealed_too() -> None:
    rows = [Worker(name="李四", id_type=IdType.PASSPORT, id_number=f"E{n:08d}", id_index=str(n)) for n in range(3)]
    Worker.objects.bulk_create(rows)
    assert [w.id_number for w in Worker.objects.order_by("id_index")] == ["E00000000", "E00000001", "E00000002"]
    assert not any("E0000" in value for value in raw("id_number", "registry_worker"))


@pytest.mark.django_db
def test_saving_again_keeps_the_ciphertext_and_a_new_value_replaces_it() -> None:
    made = Worker.objects.get(pk=worker().pk)
    before = raw("id_number", "registry_worker")
    made.save()
    assert raw("id_number", "registry_worker") == before
    made.id_number = "E12345678"
    made.save()
    assert Worker.objects.get(pk=made.pk).id_number == "E12345678"


@pytest.mark.django_db
def test_a_ciphertext_moved_to_another_row_does_not_open() -> None:
    first, second = worker(), worker(id_index="other", id_number="E12345678")
    stolen = raw("id_number", "registry_worker")[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_worker SET id_number = %s", [stolen])
    opened = []
    for pk in (first.pk, second.pk):
        try:
            opened.append(Worker.objects.get(pk=pk).id_number)
        except Refusal as refusal:
            opened.append(refusal.code)
    assert sorted(opened) in (["350521199003070013", "privacy_broken"], ["E12345678", "privacy_broken"])


@pytest.mark.django_db
def test_a_query_with_the_plain_value_is_refused() -> None:
    with pytest.raises(TypeError):
        list(Worker.objects.filter(id_number=NUMBER))
    with pytest.raises(TypeError):
        Worker.objects.update(id_number=NUMBER)


def test_the_index_is_stable_keyed_and_separate_by_purpose() -> None:
    assert index_of("id", NUMBER) == index_of("id", NUMBER)
    assert index_of("id", NUMBER) != index_of("phone", NUMBER)
    assert NUMBER not in index_of("id", NUMBER)


def test_a_changed_byte_does_not_open() -> None:
    sealed = bytearray(ring().seal("卡号".encode(), "t.c:1"))
    sealed[-1] ^= 1
    with pytest.raises(Refusal, match="无法解密"):
        ring().open(bytes(sealed), "t.c:1")


def test_two_seals_of_one_value_differ() -> None:
    bound = str(uuid4())
    assert ring().seal(b"x", bound) != ring().seal(b"x", bound)
