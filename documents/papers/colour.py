"""The colour space of the papers, sRGB, as an ICC profile of 500 bytes: one curve for all three channels, no tables.

Basis: IEC 61966-2-1 (primaries, curve), ISO 15076-1 (profile of version 4.2, white point D50, adapted by Bradford),
ISO 19005-3 clause 6.2.3 (output intent).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

NAME = "sRGB"
MADE = (2025, 1, 1, 0, 0, 0)
WHITE = (0.9642, 1.0, 0.8249)
PRIMARIES = {
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}
ADAPTED = (1.0478112, 0.0228866, -0.0501270, 0.0295424, 0.9904844, -0.0170491, -0.0092345, 0.0150436, 0.7521316)
CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
CURVES = (b"rTRC", b"gTRC", b"bTRC")


@dataclass(slots=True)
class Profile:
    """What WeasyPrint asks of a colour profile; it notes its own reference in the last field, anew for each document."""

    content: bytes
    name: str = NAME
    components: Sequence[str] = ("r", "g", "b")
    pdf_reference: bytes = b""


def profile() -> Profile:
    """One for a document."""
    return Profile(srgb())


@lru_cache(maxsize=1)
def srgb() -> bytes:
    """The profile's bytes."""
    tags = {
        b"desc": _text(NAME), b"cprt": _text("CC0"), b"wtpt": _xyz(WHITE),
        **{name: _xyz(place) for name, place in PRIMARIES.items()},
        b"rTRC": b"para" + struct.pack(">IHH", 0, 3, 0) + _numbers(CURVE),
        b"chad": b"sf32" + bytes(4) + _numbers(ADAPTED),
    }  # fmt: skip
    count = len(tags) + len(CURVES) - 1
    place, body, table = 128 + 4 + 12 * count, b"", list[bytes]()
    for name, data in tags.items():
        found = struct.pack(">II", place + len(body), len(data))
        table += [alias + found for alias in (CURVES if name in CURVES else (name,))]
        body += data + bytes(-len(data) % 4)
    head = struct.pack(
        ">I4sI4s4s4s6H4s4s6I12s", place + len(body), bytes(4), 0x04200000, b"mntr", b"RGB ", b"XYZ ", *MADE, b"acsp",
        bytes(4), 0, 0, 0, 0, 0, 0, _numbers(WHITE),
    )  # fmt: skip
    return head + bytes(128 - len(head)) + struct.pack(">I", count) + b"".join(table) + body


def _numbers(values: Sequence[float]) -> bytes:
    """As s15Fixed16."""
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _numbers(values)


def _text(words: str) -> bytes:
    coded = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(coded), 28) + coded
