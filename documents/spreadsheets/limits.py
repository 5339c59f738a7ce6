"""How much of a file is read at all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one reading. The defaults fit the largest list that the product writes or imports; a roster has
    narrower ones of its own.

    `unpacked_bytes` bounds what a zip becomes, `text_chars` the text of all cells together, `memory_bytes`,
    `cpu_seconds` and `wall_seconds` the child process that parses.
    """

    file_bytes: int = 20 * 1024 * 1024
    rows: int = 100_100  # 100,000 lines and what stands above them
    columns: int = 100
    sheets: int = 50
    unpacked_bytes: int = 200 * 1024 * 1024
    text_chars: int = 40_000_000
    memory_bytes: int = 1024 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: int = 60
