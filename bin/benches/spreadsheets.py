"""Spreadsheets against openpyxl, with the bare libraries beside it: figures 3 and 4, and the time a hostile file takes."""

import io
import time
from collections.abc import Iterator
from hashlib import sha256

import openpyxl
import python_calamine
import rustpy_xlsxwriter
import xlsxwriter
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from benches.measuring import Line, cpu_ms, judged, limited, told
from core.errors import Refusal
from documents.spreadsheets import ColumnSpec, Limits, SheetSpec, read_table, write_workbook
from tests.documents.hostile_files import HOSTILE

PAYMENTS, READ = 50_000, 100_000
HOSTILE_MS = 100.0
COLUMNS = (
    ColumnSpec(title="序号", kind="integer", width=6),
    *(ColumnSpec(title=title, width=24) for title in ("业务编号", "收款人户名", "收款账号", "开户银行", "联行号")),
    ColumnSpec(title="金额（元）", kind="yuan_text", width=16),
    *(ColumnSpec(title=title, width=16) for title in ("用途", "备注", "申报编号", "经办", "附言")),
)


def payments() -> Iterator[list[object]]:
    """Payment lines of 12 columns."""
    for number in range(1, PAYMENTS + 1):
        yield [
            number, f"BF-2025-0001-{number:06d}", f"泉州引工人力资源第{number}公司", f"6222{number:015d}",
            "中国建设银行泉州台商投资区支行", "105397000000", 100_000 + number, "引工奖补", "",
            f"YG-2025-104-{number:06d}", "财政经办", "2025年度",
        ]  # fmt: skip


def lines() -> Iterator[Line]:
    """One line after the other, each when it is measured."""
    yield from writing()
    yield from reading()
    yield from hostile()


def writing() -> Iterator[Line]:
    """A payment workbook of 50,000 lines, against openpyxl's write-only mode with the same font and format."""
    rows = list(payments())

    def ours() -> bytes:
        return write_workbook([SheetSpec(name="明细", columns=COLUMNS, rows=rows)])

    def plain() -> None:
        book = openpyxl.Workbook(write_only=True)
        sheet, font = book.create_sheet("明细"), Font(name="宋体", size=11)
        for row in rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=value)
                cell.font, cell.number_format = font, "@"
                cells.append(cell)
            sheet.append(cells)
        book.save(io.BytesIO())

    def bare() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "strings_to_formulas": False})
        sheet, style = book.add_worksheet("明细"), book.add_format({"num_format": "@"})
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(place, column, value, style)
        book.close()

    def rust() -> None:
        writer = rustpy_xlsxwriter.FastExcel(io.BytesIO())
        names = [column.title for column in COLUMNS]
        writer.sheet("明细", [dict(zip(names, row, strict=True)) for row in rows]).save()

    baseline = cpu_ms(plain, 1, warm=False)
    yield judged("write_payments_50000x12", cpu_ms(ours, 2), baseline, 0.35)
    yield told("write_payments_50000x12_xlsxwriter_bare", cpu_ms(bare, 1, warm=False), baseline)
    yield told("write_payments_50000x12_rustpy_bare", cpu_ms(rust, 1, warm=False), baseline)
    different = len({sha256(ours()).digest() for _ in range(2)}) - 1
    yield limited("write_payments_second_run_differs", different, 0, unit="files")


def reading() -> Iterator[Line]:
    """A list of 100,000 rows, guard and child process included, against openpyxl's read-only mode without any."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for number in range(READ):
        sheet.append([f"第{number}人", f"350521{number:012d}", *(f"R{number}C{column}" for column in range(8))])
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()

    def ours() -> None:
        assert len(read_table(data, "名单.xlsx", limits=Limits(rows=READ)).sheets[0].rows) == READ

    def plain() -> int:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return sum(len(row) for row in book.active.iter_rows(values_only=True))

    def bare() -> int:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return sum(1 for _ in book.get_sheet_by_index(0).iter_rows())

    baseline = cpu_ms(plain, 1, warm=False)
    yield judged("read_list_100000x10", cpu_ms(ours, 2), baseline, 0.25)
    yield told("read_list_100000x10_calamine_bare", cpu_ms(bare, 1, warm=False), baseline)


def hostile() -> Iterator[Line]:
    """The wall time of refusing each hostile file, the slowest named; the process is alive after each."""
    slowest, name = 0.0, ""
    for what, (make, code) in HOSTILE.items():
        data, best = make(), float("inf")
        for _ in range(3):
            start = time.perf_counter()
            try:
                read_table(data, "名单.xlsx")
            except Refusal as refusal:
                assert refusal.code == code, what
            best = min(best, (time.perf_counter() - start) * 1000)
        if best > slowest:
            slowest, name = best, what
    yield limited(f"hostile_refused_slowest ({name})", slowest, HOSTILE_MS, unit="ms")
