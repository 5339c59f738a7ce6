"""Thousands of damaged rosters: a roster or a refusal comes back, never anything else, and the process lives."""

import random
from collections import Counter
from datetime import date

import pytest

from core.errors import Refusal
from documents.rosters import Roster, failed_rows_workbook, parse_roster, result_workbook
from tests.documents.hostile_files import SHEET, parts_of, zipped
from tests.documents.rosters_made import VILLAGES, roster_csv, roster_xlsx, row_of

SOUND = [row_of(seq) for seq in range(1, 6)]
XLSX, CSV = roster_xlsx(SOUND), roster_csv(SOUND)
PAGE = b"<html><table>" + b"".join(
    b"<tr><td>" + line.replace(b",", b"<td>") for line in roster_csv(SOUND, encoding="utf-8").splitlines()
)
INNER = [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
NASTY = [
    b"<",
    b">",
    b"&",
    b'"',
    b"\x00",
    b"\xff\xfe",
    b"9" * 40,
    b"-1",
    b"1e309",
    b"XFD1048576",
    b"<f>1</f>",
    b"]]>",
    b"&#0;",
]


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few of them changed, dropped, doubled or replaced by something nasty."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(changed) + 1)
        length = dice.randint(1, 12)
        act = dice.randrange(4)
        if act == 0:
            changed[at : at + length] = dice.randbytes(length)
        elif act == 1:
            del changed[at : at + length]
        elif act == 2:
            changed[at:at] = changed[at : at + length * 20]
        else:
            changed[at:at] = dice.choice(NASTY)
    return bytes(changed[: dice.randrange(1, len(changed))] if dice.random() < 0.05 else changed)


def victim(dice: random.Random) -> bytes:
    """A damaged file: outside or inside the zip, as text, or as a page."""
    way = dice.randrange(8)
    if way == 0:
        return damaged(XLSX, dice)
    if way == 1:
        return damaged(CSV, dice)
    if way == 2:
        return damaged(PAGE, dice)
    parts = parts_of(XLSX)
    part = dice.choice(INNER) if way < 6 else SHEET
    return zipped(parts | {part: damaged(parts[part], dice)})


def outcomes(first: int, count: int) -> Counter[str]:
    """What became of `count` damaged files: `roster`, or the code of the refusal."""
    seen: Counter[str] = Counter()
    for seed in range(first, first + count):
        data = victim(random.Random(seed))
        try:
            roster = parse_roster(data, "坏.xlsx", kind="agency", on=date(2025, 11, 24), village_codes=VILLAGES)
        except Refusal as refused:
            assert refused.message
            seen[refused.code] += 1
            continue
        assert isinstance(roster, Roster)
        assert all((row.values is None) == bool(row.errors) for row in roster.rows)
        if seed % 10 == 0:
            words = {row.row: "；".join(error.message for error in row.errors) or "通过" for row in roster.rows}
            assert result_workbook(data, "坏.xlsx", words).startswith(b"PK")
            assert failed_rows_workbook(data, "坏.xlsx", words, kind="agency").startswith(b"PK")
        seen["roster"] += 1
    return seen


@pytest.mark.parametrize(("first", "count"), [(0, 200), pytest.param(1_000_000, 5_000, marks=pytest.mark.nightly)])
def test_damaged_rosters(first: int, count: int) -> None:
    seen = outcomes(first, count)
    assert seen.total() == count
    assert seen["roster"] > count // 10  # the damage is subtle enough to reach the parser
    assert len(seen) >= 4  # and rough enough to be refused in several ways
