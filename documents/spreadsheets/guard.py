"""Looks at the bytes of a workbook before anything parses it, streaming, in milliseconds.

It trusts no declared size: every part is unpacked here in small pieces and counted, because a parser reads what the
stream holds and not what the header says.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from core.errors import Refusal
from documents.spreadsheets.limits import Limits
from documents.spreadsheets.texts import TextRuns, refuse_repeated

_CHUNK = 1024 * 1024
_ENTRIES = 2000
_RATIO, _RATIO_FROM = 150, 4 * 1024 * 1024  # a sheet of our own packs about 10 to 1; deflate can do 1032 to 1
_ROW_BYTES = 60_000
_MACROS = re.compile(r"vbaproject\.bin$|vbadata\.xml$|(?:^|/)macrosheets/|(?:^|/)(?:activex|ctrlprops)/.*\.bin$", re.I)
_OTHER_ROOTS = {"word/": "Word文档", "ppt/": "演示文稿", "mimetype": "OpenDocument文件"}
_UNREAD = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?\br=\"([A-Z]{1,3}[0-9]{1,7})\"[^<>]*>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERRORS = re.compile(rb"<(?:\w+:)?c\s(?=[^<>]*\bt=\"e\")[^<>]*?\br=\"([A-Z]{1,3}[0-9]{1,7})\"")


@dataclass(slots=True)
class Findings:
    """What the guard learned: cells with a formula whose result is missing or an error, by the name of their sheet."""

    unread_formulas: dict[str, set[str]] = field(default_factory=dict)


def inspect_zip(data: bytes, name: str, limits: Limits) -> Findings:
    """Refuse a bomb, a macro, a DTD, a far cell, a locked or broken zip; tell which formulas have no result.

    Codes: file_zip_bomb, file_is_macro, file_xml_dtd, file_too_wide, file_too_long, file_encrypted,
    file_old_format, file_type_unknown, file_broken.
    """
    entries = _entries(data, name)
    _refuse_by_names([entry.filename for entry in entries], name)
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes or any(map(_packs_too_well, entries)):
        raise _bomb(name)
    look = _Look(data, entries, name, limits)
    for entry in sorted(entries, key=lambda entry: not _is_strings(entry)):  # what is shown before where it is shown
        look.at(entry)
    if re.search(rb"macroEnabled", look.parts.get("[Content_Types].xml", b"")):
        raise _macro(name)
    return Findings(_by_sheet(look.parts, look.formulas))


class _Look:
    """One look at every part of a workbook, piece by piece."""

    def __init__(self, data: bytes, entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
        self.data, self.entries, self.name, self.limits = data, entries, name, limits
        self.far, self.left, self.counted = _far_cells(limits), limits.unpacked_bytes, False
        self.parts: dict[str, bytes] = {}
        self.formulas: dict[str, set[str]] = {}
        self.longest, self.shown = 0, 0  # the longest shared text, in bytes; the cells that show a shared text

    def at(self, entry: zipfile.ZipInfo) -> None:
        """Refuse what a part must not hold; keep what the rest of the guard needs of it."""
        path, name = entry.filename.lstrip("/"), self.name
        scan = _SheetScan(self.far, name, self.formulas.setdefault(path, set())) if "worksheets/" in path else None
        runs = TextRuns(name) if scan or _is_strings(entry) else None
        for piece in self._pieces(entry, path):
            if runs:
                runs.feed(piece)
            if scan:
                self.shown += scan.feed(piece)
                self._count_texts()
        if runs and _is_strings(entry):
            self.longest = max(self.longest, runs.longest)

    def _count_texts(self) -> None:
        """A second look, only when a long shared text could fill the memory, at how often each one is shown."""
        most = self.limits.text_chars * 3
        if self.counted or self.longest * self.shown <= most:
            return
        self.counted = True
        strings = b"".join(
            piece for e in self.entries if _is_strings(e) for piece in _unpacked(self.data, e, self.name)
        )
        sheets = (_unpacked(self.data, e, self.name) for e in self.entries if "worksheets/" in e.filename)
        refuse_repeated(strings, sheets, most, self.name)

    def _pieces(self, entry: zipfile.ZipInfo, path: str) -> Iterator[bytes]:
        is_xml = path.lower().endswith((".xml", ".rels", ".vml"))
        done, tail, kept = 0, b"", bytearray()
        for piece in _unpacked(self.data, entry, self.name):
            done += len(piece)
            self.left -= len(piece)
            if self.left < 0 or done > entry.file_size:  # more than its own header says
                raise _bomb(self.name)
            if is_xml:
                _refuse_xml(tail + piece, done == len(piece), path, self.name)
            if path in _SMALL_PARTS and len(kept) < _CHUNK:
                kept += piece
            yield piece
            tail = piece[-16:]
        self.parts[path] = bytes(kept)


def refuse_ole(data: bytes, name: str) -> None:
    """Refuse an old .xls that carries macros, and an old file that is no workbook (Word, MSI…)."""
    if any(mark.encode("utf-16-le") in data for mark in ("_VBA_PROJECT", "VBA_PROJECT_CUR")):
        raise _macro(name)
    if not any(mark.encode("utf-16-le") + b"\0\0" in data for mark in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        raise Refusal("file_type_unknown", f"文件“{name}”不是Excel工作簿。请上传xlsx、xls或csv格式的花名册。")


def is_locked_ole(data: bytes) -> bool:
    """Whether an OLE file is a workbook locked with a password (ECMA-376 encryption)."""
    return "EncryptedPackage".encode("utf-16-le") in data


_SMALL_PARTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


def _entries(data: bytes, name: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except Exception:  # zipfile answers hostile bytes with many kinds of error; all mean the same
        raise _broken(name) from None
    if len(entries) > _ENTRIES:
        raise _bomb(name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal("file_encrypted", f"文件“{name}”设有密码，无法读取。请取消密码后重新上传。")
    if not entries or len({entry.filename.lower() for entry in entries}) < len(entries):
        raise _broken(name)
    return entries


def _is_strings(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith("sharedStrings.xml")


def _packs_too_well(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _RATIO_FROM and entry.file_size > _RATIO * max(entry.compress_size, 1)


def _refuse_by_names(names: list[str], name: str) -> None:
    if any(_MACROS.search(path) for path in names):
        raise _macro(name)
    if any(path.lower().endswith("workbook.bin") for path in names):
        raise Refusal("file_old_format", f"文件“{name}”是xlsb格式，不能读取。请用Excel另存为xlsx后再上传。")
    if "[Content_Types].xml" not in names or not any(path.startswith("xl/") for path in names):
        what = next((label for root, label in _OTHER_ROOTS.items() if any(p.startswith(root) for p in names)), "压缩包")
        raise Refusal("file_type_unknown", f"文件“{name}”是{what}，不是Excel工作簿。请另存为xlsx格式后再上传。")


def _unpacked(data: bytes, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The bytes of a part in pieces of at most 1 MB, from its own stream to the stream's end."""
    try:
        at = entry.header_offset
        name_length, extra_length = struct.unpack("<HH", data[at + 26 : at + 30])
        start = at + 30 + name_length + extra_length
        packed = memoryview(data)[start : start + entry.compress_size]
        if data[at : at + 4] != b"PK\3\4" or len(packed) < entry.compress_size:
            raise _broken(name)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[i : i + _CHUNK]) for i in range(0, len(packed), _CHUNK))
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise _broken(name)
        stream = zlib.decompressobj(-15)
        piece = stream.decompress(packed, _CHUNK)
        while piece:
            yield piece
            piece = stream.decompress(stream.unconsumed_tail, _CHUNK)
        if not stream.eof:
            raise _broken(name)
    except (zlib.error, struct.error):
        raise _broken(name) from None


def _refuse_xml(piece: bytes, is_first: bool, path: str, name: str) -> None:
    if is_first and (b"\0" in piece[:64] or piece[:2] in (b"\xff\xfe", b"\xfe\xff")):
        raise _broken(name)  # UTF-16 would hide what follows from the next line; no office program writes it
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise Refusal(
            "file_xml_dtd",
            f"文件“{name}”的内部结构（{path}）含有不允许的声明，可能不安全。请用Excel另存为xlsx后再上传。",
        )


class _SheetScan:
    """Looks for far cells, endless texts and formulas without a result in a sheet that comes in pieces."""

    def __init__(self, far: tuple[re.Pattern[bytes], ...], name: str, formulas: set[str]) -> None:
        self.far, self.name, self.formulas, self.rest = far, name, formulas, b""

    def feed(self, piece: bytes) -> int:
        """Look at the next piece; how many cells in it show a shared text."""
        text = self.rest + piece
        for pattern in self.far:
            if found := pattern.search(text):
                raise self._too_far(found)
        if b"<f" in text or b":f" in text:
            self.formulas.update(match.decode() for match in _UNREAD.findall(text))
        if b't="e"' in text:
            self.formulas.update(match.decode() for match in _ERRORS.findall(text))
        # A row or cell that the cut divides is looked at again, whole.
        cell = max(text.rfind(b"<c "), text.rfind(b":c "))
        row = max(text.rfind(b"<row ", -_ROW_BYTES), text.rfind(b":row ", -_ROW_BYTES))
        cut = min(cell, row) if row >= 0 <= cell else max(cell, row)
        self.rest = text[cut - 32 if cut > 32 else 0 :][-65536:] if cut >= 0 else text[-4096:]
        return piece.count(b't="s"')

    def _too_far(self, found: re.Match[bytes]) -> Refusal:
        places = found.groupdict()
        place = (places.get("cell") or b"").decode()
        where = f"单元格{place}" if place else f"第{places['row'].decode()}行"
        code, what = ("file_too_long", "行数") if places["row"] else ("file_too_wide", "列数")
        return Refusal(
            code,
            f"文件“{self.name}”中有内容的{where}超出了允许的{what}。"
            "请删除数据区以外的内容（选中多余的行或列，右键“删除”），保存后再上传。",
        )


def _far_cells(limits: Limits) -> tuple[re.Pattern[bytes], ...]:
    """Match a filled cell beyond the limits. Empty cells out there are only formatting, which Excel often leaves.

    The second one matches a far row whose cells carry no name. What is written in yet another way, as no office
    program does, slips through to the child, whose limits hold it.
    """
    too_far = _above(limits.rows)
    columns = "|".join(_beyond(limits.columns))
    cell = f"(?P<cell>(?:{columns})[0-9]{{1,7}}|[A-Z]{{1,3}}(?P<row>{too_far}))"
    return (
        re.compile(rf"r=[\"']{cell}[\"'][^<>]*(?<!/)>".encode()),  # begins with plain letters, so it searches fast
        re.compile(
            rf"row\s(?:[^<>]*\s)?r=[\"'](?P<row>{too_far})[\"'][^<>]*>\s*(?:<(?:\w+:)?c(?:\s[^<>]*)?/>\s*)*"
            r"<(?:\w+:)?c(?=[\s>])(?![^<>]*\sr=)[^<>]*(?<!/)>".encode()
        ),
    )


def _above(limit: int) -> str:
    """A pattern of the whole numbers greater than `limit`, up to seven digits."""
    digits = str(limit)
    choices = [f"[1-9][0-9]{{{len(digits)},6}}"] if len(digits) < 7 else []
    for place, digit in enumerate(digits):
        if digit != "9":
            choices.append(f"{digits[:place]}[{int(digit) + 1}-9][0-9]{{{len(digits) - place - 1}}}")
    return "|".join(choices)


def _beyond(limit: int) -> list[str]:
    """Patterns of the column letters after the `limit`-th column (limit from 26 to 702)."""
    first, second = divmod(min(max(limit, 26), 702) - 1, 26)
    first_letter, second_letter = chr(ord("A") + first - 1) if first else "@", chr(ord("A") + second)
    patterns = ["[A-Z]{3}"]
    if first_letter < "Z":
        patterns.append(f"[{chr(ord(first_letter) + 1)}-Z][A-Z]")
    if first and second_letter < "Z":
        patterns.append(f"{first_letter}[{chr(ord(second_letter) + 1)}-Z]")
    return patterns


def _by_sheet(parts: dict[str, bytes], formulas: dict[str, set[str]]) -> dict[str, set[str]]:
    """Formula cells by the sheet's name on its tab, from the parts that connect the two."""
    if not any(formulas.values()):
        return {}
    try:
        links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 (no DTD, checked above)
        book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return {}
    paths = {link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))) for link in links}
    found = {}
    for tag in book.iter():
        if tag.tag.endswith("}sheet"):
            relation = next((value for key, value in tag.items() if key.endswith("}id")), None)
            found[tag.get("name", "")] = formulas.get(paths.get(relation, "").lstrip("/"), set())
    return found


def _bomb(name: str) -> Refusal:
    return Refusal(
        "file_zip_bomb", f"文件“{name}”解压后的内容异常庞大，已拒绝读取。请把名单复制到新的Excel文件中，保存后再上传。"
    )


def _macro(name: str) -> Refusal:
    return Refusal("file_is_macro", f"文件“{name}”含有宏，不能上传。请另存为不含宏的xlsx格式后再上传。")


def _broken(name: str) -> Refusal:
    return Refusal("file_broken", f"文件“{name}”已损坏或内容不完整，无法读取。请用Excel或WPS打开并另存为xlsx后再上传。")
