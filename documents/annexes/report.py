"""The answer of a dry run: figures, repeats, errors by cell, and who is no longer named. Kept sealed with its import."""

import json
from dataclasses import dataclass, field
from typing import Any

from documents.annexes.lines import Fault, Repeat


@dataclass(slots=True)
class Report:
    """What an annex would do, or did. `vanished` are the ids of people of the register whom it does not name."""

    annex: int
    village: str
    people: int = 0
    new: int = 0
    changed: int = 0
    doubtful: int = 0
    vanished: list[str] = field(default_factory=list)
    duplicates: list[Repeat] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def same(self) -> int:
        return self.people - self.new - self.changed

    @property
    def counts(self) -> dict[str, int]:
        """Figures alone."""
        return {
            "people": self.people, "new": self.new, "changed": self.changed, "same": self.same, "doubtful": self.doubtful,
            "vanished": len(self.vanished), "duplicates": len(self.duplicates), "errors": len(self.errors),
            "warnings": len(self.warnings),
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """What `manage.py import_annex --json` prints."""
        return {
            "annex": self.annex,
            "village": self.village,
            "people": self.people,
            "new": self.new,
            "changed": self.changed,
            "vanished": len(self.vanished),
            "duplicates": [repeat.as_json() for repeat in self.duplicates],
            "errors": [fault.as_json() for fault in self.errors],
        }

    def as_bytes(self) -> bytes:
        """The whole of it, to be kept."""
        whole = self.as_json() | {
            "vanished": self.vanished,
            "doubtful": self.doubtful,
            "warnings": [fault.as_json() for fault in self.warnings],
        }
        return json.dumps(whole, ensure_ascii=False).encode()


def report_from(data: bytes) -> Report:
    """A kept report."""
    whole = json.loads(data)
    repeats = [Repeat(r["sheet"], r["cell"], r["value"], r["kind"], r["message"]) for r in whole.pop("duplicates")]
    faults = {key: [Fault(**fault) for fault in whole.pop(key)] for key in ("errors", "warnings")}
    return Report(duplicates=repeats, errors=faults["errors"], warnings=faults["warnings"], **whole)
