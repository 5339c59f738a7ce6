"""Lays the objects of a PDF into its bytes, each written and compressed once.

WeasyPrint's own writer serialises and compresses everything a second time to name the file. Here the name (the trailer's
ID) is a hash of the bytes laid so far, so the same objects still give the same bytes. Basis: ISO 32000-1 clauses 7.5.7
(object streams), 7.5.8 (cross-reference streams), 14.4 (file identifiers); ISO 19005-3 clause 6.1.7.1 (no stream ends in
0x0D, which would be read as part of the line's end).
"""

import zlib
from hashlib import sha256
from itertools import count
from typing import Any

import pydyf

HEAD = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
LEVEL = 6  # 9 takes twice the time for a hundredth of the size
IN_FILE, IN_STREAM = 1, 2  # types of cross-reference entries


def laid(pdf: pydyf.PDF) -> bytes:
    """The whole file. Its streams must be compressed already; numbers are taken as they are, none may be free."""
    out = bytearray(HEAD)
    pdf.add_object(pdf.info)
    entries: dict[int, tuple[int, int, int]] = {}
    packed: list[tuple[int, bytes]] = []
    after = len(pdf.objects)
    for thing in pdf.objects[1:]:
        if isinstance(thing, pydyf.Stream):
            entries[thing.number] = (IN_FILE, len(out), 0)
            out += _object(thing.number, thing.extra, b"\n".join(thing.stream))
        else:
            entries[thing.number] = (IN_STREAM, after, len(packed))
            packed.append((thing.number, written(thing)))
    entries[after] = (IN_FILE, len(out), 0)
    out += _packed(after, packed)
    name = f"<{sha256(out).hexdigest()[:32]}>".encode()
    extra = {
        "Type": "/XRef", "Size": after + 2, "Root": pdf.catalog.reference, "Info": pdf.info.reference,
        "ID": pydyf.Array([name, name]), "W": pydyf.Array([1, 4, 2]), "Filter": "/FlateDecode",
    }  # fmt: skip
    while not _sound(table := _table(entries, after + 1, len(out))):
        out += b"\n"  # the table stands a place later: its own entry changes the check sum that would end it in 0x0D
    start = len(out)
    return bytes(out) + _object(after + 1, extra, table) + b"startxref\n%d\n%%%%EOF\n" % start


def _packed(number: int, things: list[tuple[int, bytes]]) -> bytes:
    """The object stream; spaces at its end change the check sum that would end it in 0x0D."""
    places, body = [], bytearray()
    for own, data in things:
        places.append(b"%d %d" % (own, len(body)))
        body += data + b"\n"
    head = b" ".join(places) + b"\n"
    extra = {"Type": "/ObjStm", "N": len(things), "First": len(head), "Filter": "/FlateDecode"}
    data = next(data for n in count() if _sound(data := zlib.compress(head + body + b" " * n, LEVEL)))
    return _object(number, extra, data)


def _table(entries: dict[int, tuple[int, int, int]], own: int, start: int) -> bytes:
    """The cross-reference of all objects and of itself, which begins at `start`."""
    rows = [(0, 0, 0), *(entries[n] for n in range(1, own)), (IN_FILE, start, 0)]
    raw = b"".join([bytes((kind,)) + one.to_bytes(4, "big") + two.to_bytes(2, "big") for kind, one, two in rows])
    return zlib.compress(raw, LEVEL)


def _sound(data: bytes) -> bool:
    return not data.endswith(b"\r")


def _object(number: int, extra: dict[str, Any], data: bytes) -> bytes:
    head = written(pydyf.Dictionary({**extra, "Length": len(data)}))
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, data)


def written(item: Any) -> bytes:
    """A value of a PDF; dictionaries and arrays with all they hold, the rest as pydyf's own (`swift` makes it short)."""
    kind = type(item)
    if kind is pydyf.Dictionary:
        return b"<<%s>>" % b"".join([b"/%s %s" % (key.encode(), written(value)) for key, value in item.items()])
    if kind is pydyf.Array:
        return b"[%s]" % b" ".join([written(value) for value in item])
    return pydyf._to_bytes(item)  # type: ignore[no-any-return]
