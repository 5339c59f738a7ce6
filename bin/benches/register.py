"""The labour register: an annex of 100,000 rows read, imported whole within a minute and 400 MB, then searched at 200,000.

The import runs in a process of its own, as a worker's does; the reading is judged against openpyxl's read-only mode.
"""

import io
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from benches.measuring import Line, cpu_ms, judged, limited, peak_mb, told

ROWS = 100_000
VILLAGES = (("350521104203", "上浦村"), ("350521106208", "上塘村"))
SECONDS, MEGABYTES, QUERIES = 60.0, 400.0, 10
HEAD = ("序号", "姓名", "性别", "出生年月", "文化程度", "工种", "联系电话", "就业单位")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周林郑蔡许", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def lines() -> Iterator[Line]:
    """On a database of its own: SQLite in the folder of this run."""
    from django.conf import settings
    from django.core.management import call_command

    from accounts.areas import load_zone
    from core.privacy import make_ring_file

    make_ring_file(settings.KEYS_FILE)
    call_command("migrate", verbosity=0)
    load_zone()
    yield from reading(annex(0))
    with tempfile.TemporaryDirectory() as folder:
        for number, (_code, name) in enumerate(VILLAGES):
            file = Path(folder) / f"{name}.xlsx"
            file.write_bytes(annex(number))
            start = time.perf_counter()
            memory = peak_mb([sys.executable, str(Path(__file__).with_name("register_child.py")), str(file)])
            yield limited(f"import_annex_{ROWS}_{number + 1}", time.perf_counter() - start, SECONDS, unit="s")
            yield limited(f"import_annex_{ROWS}_{number + 1}_memory", memory, MEGABYTES, unit="MB")
    yield from searching()


def annex(village: int) -> bytes:
    """Annex 2 of a village with 100,000 people."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("已就业")
    for row in ([f"泉州台商投资区劳动力资源信息采集表（已就业） {VILLAGES[village][1]}"], HEAD):
        sheet.append(row)
    for n in range(ROWS):
        name = SURNAMES[n % 14] + GIVEN[n % 20] + GIVEN[n // 20 % 20]
        born, phone = f"{1970 + n % 35}.{n % 12 + 1:02d}", f"1{3 + village}{n:09d}"
        sheet.append([n + 1, name, "男" if n % 2 else "女", born, "初中", "缝纫工", phone, "泉州恒源鞋业有限公司"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reading(data: bytes) -> Iterator[Line]:
    """The one door with guard and child process; and, for information, down to people."""
    from core import clock
    from documents.annexes.examining import read_file
    from documents.annexes.reading import ANNEX_LIMITS
    from documents.spreadsheets import read_table

    def plain() -> int:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return sum(len(row) for row in book.active.iter_rows(values_only=True))

    baseline = cpu_ms(plain, 1, warm=False)
    ours = cpu_ms(lambda: read_table(data, "a.xlsx", limits=ANNEX_LIMITS, merged=True), 2, warm=False)
    yield judged(f"read_annex_{ROWS}", ours, baseline, 0.25)

    def people() -> None:
        read, _village = read_file(data, "a.xlsx", on=clock.today(), annex=None, village=None)
        assert len(read.lines) == ROWS, read.errors[:3]

    yield told(f"read_annex_{ROWS}_to_people", cpu_ms(people, 1, warm=False), baseline)


def searching() -> Iterator[Line]:
    """The list's search by name, ID number and phone among all of them: queries, and milliseconds for information."""
    from django.core.paginator import Paginator
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.acting import Actor
    from accounts.areas import zone
    from accounts.models import Post, User
    from accounts.roles import Role
    from registry.labour import queries

    user = User(username="bench", full_name="测")
    by = Actor(user, Post(user=user, role=Role.BUREAU_HANDLER, area=zone()))
    for what, q in (("name", "林明"), ("number", "350521199003070013"), ("phone", "13000050000")):
        start = time.perf_counter()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            list(Paginator(queries.people(by, q=q), 25).get_page(1))
        yield told(f"register_search_{what}_{2 * ROWS}", (time.perf_counter() - start) * 1000, unit="ms")
        yield limited(f"register_search_{what}_queries", len(asked), QUERIES, unit="queries")
