"""Verify a paper's PDF from the shell: `manage.py verify_document FILE --json`."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import Refusal
from documents.papers.verification import GENUINE, LARGEST, Finding, examine

NOT_GENUINE, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = "Say whether FILE is a paper that was issued here. Exit code 0 genuine, 1 anything else, 2 not readable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a sentence")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Path(options["file"]).open("rb") as file:
                finding = examine(file.read(LARGEST + 1))
        except (OSError, Refusal) as error:
            words = str(error) if isinstance(error, Refusal) else (error.strerror or type(error).__name__)
            self._say({"standing": None, "number": None, "sentence": words}, as_json=options["json"])
            sys.exit(UNREADABLE)
        self._say(as_dict(finding), as_json=options["json"])
        if finding.standing != GENUINE:
            sys.exit(NOT_GENUINE)

    def _say(self, told: dict[str, Any], *, as_json: bool) -> None:
        text = (
            json.dumps(told, ensure_ascii=False)
            if as_json
            else f"{told['standing'] or 'unreadable'}: {told['sentence']}"
        )
        self.stdout.write(text)


def as_dict(finding: Finding) -> dict[str, Any]:
    """The finding with what strangers may see of the paper it names."""
    paper = finding.paper
    told: dict[str, Any] = {"standing": finding.standing, "number": None, "sentence": finding.sentence}
    if finding.seal:
        told["seal"] = {"by": finding.seal.by or None, "holds": finding.seal.holds}
    if paper:
        told |= {
            "number": paper.number,
            "kind": paper.kind,
            "issued_on": paper.issued_on.isoformat(),
            "issuer": paper.public["issuer"],
            "amount_fen": paper.amount_fen,
            "replaced_by": paper.standing.by_number or None,
        }
    return told
