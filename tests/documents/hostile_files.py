"""Files made at test time that a reader must refuse, each with the code it must refuse with."""

import functools
import io
import os
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

SHEET = "xl/worksheets/sheet1.xml"


def plain_xlsx(rows: list[list[object]] | None = None, title: str = "Sheet") -> bytes:
    """An ordinary workbook as openpyxl writes it: values by type, "=…" as a formula without a result."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows or [["姓名", "人数"], ["张三", 3]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(plain_xlsx())
    return zipped(parts | {SHEET: change(parts[SHEET])})


def with_rows(xml: bytes) -> bytes:
    return with_sheet(lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>"))


def far_cell() -> bytes:
    """A1 and XFD1048576 in under 2 KB that would make a reader ask for 400 GB."""
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    kept = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    parts = {name: part for name, part in parts_of(plain_xlsx()).items() if name in kept}
    return zipped(parts | {SHEET: sheet})


def far_cell_in_a_bare_row() -> bytes:
    """A far row whose cell carries no name: only its row tells how far it is."""
    return with_rows(b'<row r="1048576"><c><v>1</v></c></row>')


@functools.cache
def zip_bomb(megabytes: int = 1500) -> bytes:
    """About 1.5 MB that unpacks to 1.5 GB, written in pieces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(plain_xlsx()).items():
            if name != SHEET:
                archive.writestr(name, part)
        with archive.open(SHEET, "w") as sheet:
            for _ in range(megabytes):
                sheet.write(b" " * 1024 * 1024)
    return out.getvalue()


def lying_zip_bomb() -> bytes:
    """A bomb whose directory declares 1000 bytes."""
    data = bytearray(zip_bomb(80))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size
    declared, real = (1000).to_bytes(4, "little"), size.to_bytes(4, "little")
    return bytes(data.replace(real, declared))


def many_small_bombs() -> bytes:
    """No part is large by itself; together they are."""
    parts = parts_of(plain_xlsx())
    return zipped(parts | {f"xl/media/{number}.xml": b"<a/>" * 900_000 for number in range(60)})


def locked(password: str = "引工2025") -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain_xlsx())).encrypt(password, out)
    return out.getvalue()


def macro_enabled() -> bytes:
    parts = parts_of(plain_xlsx())
    kinds = parts["[Content_Types].xml"].replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    kinds = kinds.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.macroEnabled.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    return zipped(parts | {"[Content_Types].xml": kinds})


def text(content: str, encoding: str) -> bytes:
    return content.encode(encoding)


def strings(xml: str, cells: int = 1) -> bytes:
    """A workbook whose shared strings are `xml`, the first of them shown in as many cells."""
    sheet = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(9, 9 + cells))
    parts = parts_of(with_rows(sheet.encode()))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return zipped(parts | {"xl/sharedStrings.xml": f'<sst xmlns="{main}">{xml}</sst>'.encode()})


def laughing() -> bytes:
    """Ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 10))
    dtd = f'<!DOCTYPE sst [<!ENTITY e0 "ha">{entities}]>'.encode()
    return with_sheet(lambda sheet: sheet.replace(b"<worksheet", dtd + b"<worksheet", 1))


def many_sheets(count: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(count - 1):
        book.create_sheet(f"表{number}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def macro_xls() -> bytes:
    """An old workbook with the storage that holds its macros."""
    names = b"".join(name.encode("utf-16-le") + bytes(8) for name in ("Workbook", "_VBA_PROJECT_CUR", "VBA"))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + names + bytes(1000)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no bytes": (lambda: b"", "file_empty"),
    "blanks": (lambda: b" \r\n\r\n", "file_empty"),
    "far cell": (far_cell, "file_too_wide"),
    "far row": (lambda: with_rows(b'<row r="100101"><c r="A100101"><v>1</v></c></row>'), "file_too_long"),
    "far row, bare": (far_cell_in_a_bare_row, "file_too_long"),
    "far row after blank cells": (
        lambda: with_rows(b'<row spans="1:2" r="1048576"><c s="0"/><c t="n"><v>1</v></c></row>'),
        "file_too_long",
    ),
    "far row in single quotes": (
        lambda: with_rows(b"<row r='999999'><c r='A999999'><v>1</v></c></row>"),
        "file_too_long",
    ),
    "far row, prefixed": (lambda: with_rows(b'<x:row r="1048576"><x:c><x:v>1</x:v></x:c></x:row>'), "file_too_long"),
    "far column": (lambda: with_rows(b'<row r="9"><c r="CW9"><v>1</v></c></row>'), "file_too_wide"),
    "zip bomb": (zip_bomb, "file_zip_bomb"),
    "zip bomb that lies": (lying_zip_bomb, "file_zip_bomb"),
    "many small bombs": (many_small_bombs, "file_zip_bomb"),
    "a zip in a zip": (lambda: zipped({"inner.xlsx": plain_xlsx()}), "file_type_unknown"),
    "DTD": (lambda: with_sheet(lambda s: b'<!DOCTYPE a [<!ENTITY b "c">]>' + s), "file_xml_dtd"),
    "DTD in the strings": (
        lambda: zipped(parts_of(plain_xlsx()) | {"xl/sharedStrings.xml": b"<!DOCTYPE a><sst/>"}),
        "file_xml_dtd",
    ),
    "entities that multiply": (laughing, "file_xml_dtd"),
    "an outside entity": (
        lambda: zipped(
            parts_of(plain_xlsx())
            | {"xl/workbook.xml": b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'}
        ),
        "file_xml_dtd",
    ),
    "an endless text": (lambda: strings(f"<si><t>{'长' * 300_000}</t></si>", 2000), "file_too_large"),
    "a long text in many cells": (lambda: strings(f"<si><t>{'长' * 30_000}</t></si>", 90_000), "file_too_large"),
    "a control character": (lambda: strings("<si><t>a\x01</t></si><si><t>b"), "file_broken"),
    "too many sheets": (lambda: many_sheets(51), "file_too_many_sheets"),
    "macros in an old file": (macro_xls, "file_is_macro"),
    "UTF-16 sheet": (
        lambda: with_sheet(lambda s: ('<?xml version="1.0" encoding="UTF-16"?>' + s.decode()).encode("utf-16")),
        "file_broken",
    ),
    "macro part": (lambda: zipped(parts_of(plain_xlsx()) | {"xl/vbaProject.bin": b"x"}), "file_is_macro"),
    "macro type": (macro_enabled, "file_is_macro"),
    "Excel 4 macro": (lambda: zipped(parts_of(plain_xlsx()) | {"xl/macrosheets/s.xml": b"<x/>"}), "file_is_macro"),
    "locked": (locked, "file_encrypted"),
    "truncated": (lambda: plain_xlsx()[:-200], "file_broken"),
    "half": (lambda: plain_xlsx()[: len(plain_xlsx()) // 2], "file_broken"),
    "sheet cut off": (lambda: with_sheet(lambda s: s[: len(s) // 2]), "file_broken"),
    "no sheet part": (
        lambda: zipped({name: part for name, part in parts_of(plain_xlsx()).items() if name != SHEET}),
        "file_broken",
    ),
    "xlsb": (lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b"x"}), "file_old_format"),
    "Word": (lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b"x"}), "file_type_unknown"),
    "XML of 2003": (lambda: b'<?xml version="1.0"?><Workbook></Workbook>', "file_old_format"),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj", "file_type_unknown"),
    "page without a table": (lambda: b"<html><body>hello</body></html>", "file_type_unknown"),
    "random bytes": (lambda: b"\x80\xff" + os.urandom(4000), "file_type_unknown"),
    "OLE of nothing": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "file_type_unknown"),
    "OLE broken": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "Workbook".encode("utf-16-le") + bytes(2000),
        "file_broken",
    ),
    "text too wide": (lambda: text("," * 150 + "x", "utf-8"), "file_too_wide"),
    "page too wide": (lambda: b"<table><tr>" + b"<td>1" * 101 + b"</table>", "file_too_wide"),
    "page too long": (lambda: b"<table>" + b"<tr><td>1" * 100_101 + b"</table>", "file_too_long"),
    "quoted text too long": (lambda: text('"a\nb",1\n' * 100_101, "gb18030"), "file_too_long"),
    "text too long": (lambda: text("a\n" * 100_101, "utf-8"), "file_too_long"),
}
