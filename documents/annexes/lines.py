"""What is read from an annex: people by row, errors by cell, repeats."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Key = tuple[str, str, date, str]  # name, sex, birth month, index of the phone


@dataclass(frozen=True, slots=True)
class Line:
    """One person as a row says him. `said` holds only the columns that the sheet has, by key (codes, not labels)."""

    sheet: str
    row: int
    name: str
    sex: str
    birth_month: date
    phone: str
    phone_index: str
    said: dict[str, Any]
    id_index: str = ""
    cell: str = ""  # of the name
    id_cell: str = ""

    @property
    def key(self) -> Key:
        return self.name, self.sex, self.birth_month, self.phone_index


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, in words; `value` is what stands there."""

    sheet: str
    cell: str
    value: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell, "value": self.value, "message": self.message}


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that names somebody again (`kind` file), or somebody whom another village has too (village)."""

    sheet: str
    cell: str
    name: str
    kind: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {
            "sheet": self.sheet, "cell": self.cell, "value": self.name, "kind": self.kind, "message": self.message
        }  # fmt: skip


@dataclass(slots=True)
class Read:
    """An annex that was read. `faulty` are the names in rows with errors; `warnings` do not keep a row out."""

    annex: int
    village: str
    lines: list[Line] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
