"""Texts that a small file makes large: one longer than a cell may hold, or one shown in very many cells.

A parser copies a shared text into every cell that shows it, so both are found before it sees the file.
"""

import re
from collections.abc import Iterable

from core.errors import Refusal

_BLOCK = 16 * 1024
_CELL_BYTES = 4 * 32_767  # the longest text of a cell, in the longest encoding
_LONG = 2048  # shorter ones cannot multiply beyond what a file of the allowed size may hold
_SHOWN = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\bt=[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})<")
_ITEM = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")


class TextRuns:
    """Refuses, in a part that comes in pieces, a text longer than any office program writes."""

    def __init__(self, name: str) -> None:
        self.name, self.run, self.longest = name, 0, 0

    def feed(self, piece: bytes) -> None:
        """Look at the next piece. `longest` is then the length of the longest text, when one is long at all."""
        for block in range(0, len(piece), _LONG):
            if piece.find(b"<", block, block + _LONG) < 0 and not piece[block : block + _LONG].isspace():
                before = piece.rfind(b"<", max(0, block - _BLOCK * 8), block)
                after = piece.find(b"<", block)
                start = block - before if before >= 0 else self.run + block
                self.longest = max(self.longest, start + (after if after >= 0 else len(piece)) - block)
                if self.longest > _CELL_BYTES:
                    raise Refusal(
                        "file_too_large",
                        f"文件“{self.name}”中有一个单元格的文字超过32767个字，无法读取。请缩短该单元格的内容后再上传。",
                    )
        last = piece.rfind(b"<")
        self.run = self.run + len(piece) if last < 0 else len(piece) - last


def refuse_repeated(strings: bytes, sheets: Iterable[Iterable[bytes]], most: int, name: str) -> None:
    """Refuse (file_too_large) when the shared texts, each counted wherever a cell shows it, pass `most` bytes."""
    starts = [found.start() for found in _ITEM.finditer(strings)]
    lengths = [end - start for start, end in zip(starts, [*starts[1:], len(strings)], strict=True)]
    for sheet in sheets:
        rest = b""
        for piece in sheet:
            text = rest + piece
            done = 0
            for shown in _SHOWN.finditer(text):
                done, place = shown.end(), int(shown[1])
                most -= lengths[place] if place < len(lengths) else 0
                if most < 0:
                    raise Refusal(
                        "file_too_large",
                        f"文件“{name}”的文字内容太多，无法读取。请删除多余的内容，或分成几个文件后再上传。",
                    )
            rest = text[max(done, len(text) - 4096) :]
