"""What a file says that it is: numbers and codes of papers in its bytes, found without opening the PDF.

A stranger's file is never parsed. Its bytes are searched, and its compressed streams are opened one after the other
with a limit on each and on all, so that a bomb stays a small sip and a broken file only says less.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

PIECE = 256 * 1024  # bytes: most that one stream may unfold to
TOGETHER = 4 * 1024 * 1024  # bytes: most that all streams may
STREAMS = 2_000
MOST = 60  # numbers or codes that are looked up
NUMBER = re.compile(rb"-20\d\d-\d{2,6}(?:-\d{1,2})?(?!\d)")
CODE = re.compile(rb"(?:/verify/|paper:code>|\"code\": ?\")([2-9A-HJKMNP-Z]{10})(?![0-9A-Za-z])")
DRAFT = re.compile(rb"paper:standing>\s*draft\s*<")
STREAM = re.compile(rb"stream\r?\n")
METADATA = re.compile(rb"paper:number>\s*([A-Z]{2}-20\d\d-\d{2,6}(?:-\d{1,2})?)\s*<")


@dataclass(slots=True)
class Claims:
    """What the file says: numbers and codes in the order of their weight, and whether it says that it is a draft."""

    numbers: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    draft: bool = False


def claims_of(data: bytes) -> Claims:
    """The claims in the bytes as they are, then in their streams; metadata weighs more than text."""
    claims = Claims()
    for text in _texts(data):
        claims.draft = claims.draft or DRAFT.search(text) is not None
        _add(claims.codes, (found[1] for found in CODE.finditer(text)))
        _add(claims.numbers, (found[1] for found in METADATA.finditer(text)))
        _add(claims.numbers, _numbers(text))
    return claims


def _texts(data: bytes) -> Iterator[bytes]:
    yield data
    if b"\0-\x002" in data:  # text of PDF strings has two bytes a sign
        yield data.replace(b"\0", b"")
    left = TOGETHER
    for position, found in enumerate(STREAM.finditer(data)):
        if left <= 0 or position >= STREAMS:
            return
        text = _unfolded(data[found.end() : found.end() + PIECE], min(PIECE, left))
        left -= len(text)
        if text:
            yield text


def _unfolded(piece: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(piece, most)
    except zlib.error:
        return b""


def _numbers(text: bytes) -> Iterator[bytes]:
    for found in NUMBER.finditer(text):
        start = found.start() - 2
        letters = text[max(start, 0) : found.start()]
        if start >= 0 and len(letters) == 2 and letters.isalpha() and letters.isupper():
            yield letters + found[0]


def _add(known: list[str], found: Iterator[bytes]) -> None:
    for item in found:
        if len(known) >= MOST:
            return
        if (word := item.decode("ascii", "ignore")) not in known:
            known.append(word)
