"""Each messy file imports to the people it holds or is refused at the cell with the sentence; nothing is half taken."""

from datetime import date
from typing import Any

import pytest

from accounts.areas import _rows
from core.errors import Refusal
from documents.annexes.lines import Line
from documents.annexes.places import village_of
from documents.annexes.reading import read_annex
from tests.registry.messy import CASES, Case

ON = date(2025, 11, 24)
VILLAGES = [village_of(code, name) for code, name, _town in _rows()]


def of(line: Line, what: str) -> Any:
    return line.said[what] if what in line.said else getattr(line, what)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_messy_file(case: Case) -> None:
    if case.refused:
        with pytest.raises(Refusal) as refused:
            read_annex(case.make(), case.file, on=ON, villages=VILLAGES)
        assert refused.value.code == case.refused and refused.value.message.endswith("。")
        return
    read = read_annex(case.make(), case.file, on=ON, villages=VILLAGES)
    assert (read.annex, read.village) == (2, "350521104203")
    assert [line.name for line in read.lines] == list(case.people), read.errors
    assert [fault.cell for fault in read.errors] == [cell for cell, _words in case.errors]
    for fault, (_cell, words) in zip(read.errors, case.errors, strict=True):
        assert words in fault.message and fault.message.endswith("。")
    assert len(read.repeats) == case.repeats
    for what, value in case.first:
        assert of(read.lines[0], what) == value


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40
