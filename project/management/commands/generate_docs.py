"""`manage.py generate_docs [--check]`: write docs/flows/*.md and docs/rules.md from the code, or fail when stale."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from policy.rules.catalogue import markdown as rules_markdown
from workflows.diagram import markdown as flow_markdown
from workflows.flows import FLOWS
from workflows.verb_table import markdown as verbs_markdown


def generated() -> dict[Path, str]:
    """Each generated page with its content."""
    docs = Path(settings.BASE_DIR) / "docs"
    pages = {docs / "flows" / f"{kind}.md": flow_markdown(flow) for kind, flow in FLOWS.items()}
    return pages | {docs / "flows" / "verbs.md": verbs_markdown(), docs / "rules.md": rules_markdown()}


class Command(BaseCommand):
    help = "Generate the documents that come from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say which pages are stale, and fail")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        stale = [path for path, text in generated().items() if not path.exists() or path.read_text() != text]
        if check:
            if stale:
                names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
                self.stderr.write(f"Stale: {names}. Run manage.py generate_docs and commit.")
                sys.exit(1)
            return
        for path, text in generated().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.stdout.write(f"{len(stale)} pages written.")
